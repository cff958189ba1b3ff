// SPDX-License-Identifier: Apache-2.0
#include "venue/order_connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace ridley::venue {

namespace {

// One read takes this much; a client that sends more waits for the next round.
constexpr std::size_t kReadBytes = 64 * 1024;

bool is_lost(ssize_t count) noexcept {
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace

OrderConnection::~OrderConnection() { ::close(descriptor_); }

void OrderConnection::read(std::uint64_t now_ns) {
  const std::size_t room = std::min(session_.room(), kReadBytes);
  if (dead() || room == 0) return;
  std::array<std::byte, kReadBytes> bytes;
  const ssize_t count = ::recv(descriptor_, bytes.data(), room, 0);
  if (is_lost(count)) session_.kill();
  session_.wait(now_ns);
  if (count > 0) session_.receive(std::span{bytes}.first(static_cast<std::size_t>(count)), now_ns);
}

void OrderConnection::write(std::uint64_t now_ns) {
  while (true) {
    const std::span<const std::byte> output = session_.output(now_ns);
    if (output.empty()) return;
    const ssize_t count = ::send(descriptor_, output.data(), output.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != EINTR) session_.kill();
    if (count <= 0) return;
    session_.sent(static_cast<std::size_t>(count));
  }
}

void OrderConnection::hear_out(std::uint64_t now_ns) {
  write(now_ns);
  if (dead()) return;
  if (session_.drained() && !hung_up_) {
    ::shutdown(descriptor_, SHUT_WR);
    hung_up_ = true;
  }
  std::array<std::byte, 4096> bytes;
  if (is_lost(::recv(descriptor_, bytes.data(), bytes.size(), 0))) session_.kill();
}

}  // namespace ridley::venue
