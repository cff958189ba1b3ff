// SPDX-License-Identifier: Apache-2.0
#include "order/tcp_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <memory>

namespace ridley::order {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;

struct FreeAddresses {
  void operator()(addrinfo* first) const noexcept { freeaddrinfo(first); }
};

TcpSocket::Moved moved(ssize_t result) noexcept {
  using Outcome = TcpSocket::Outcome;
  if (result > 0) return {Outcome::Done, static_cast<std::size_t>(result)};
  if (result == 0) return {Outcome::Closed};
  const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {later ? Outcome::TryLater : Outcome::Closed};
}

}  // namespace

bool TcpSocket::start_connect(const std::string& host, std::uint16_t port) {
  close();
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return false;
  const std::unique_ptr<addrinfo, FreeAddresses> addresses{found};
  descriptor_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return false;
  // Orders are small and must not wait for each other.
  const int on = 1;
  static_cast<void>(::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  const int result = ::connect(descriptor_, found->ai_addr, found->ai_addrlen);
  if (result == 0 || errno == EINPROGRESS) return true;
  close();
  return false;
}

TcpSocket::Progress TcpSocket::connecting() noexcept {
  pollfd wanted{.fd = descriptor_, .events = POLLOUT, .revents = 0};
  if (::poll(&wanted, 1, 0) <= 0) return Progress::Waiting;
  int failure = 0;
  socklen_t size = sizeof failure;
  const int result = ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &failure, &size);
  return result == 0 && failure == 0 ? Progress::Connected : Progress::Failed;
}

TcpSocket::Moved TcpSocket::send(std::span<const std::byte> bytes) noexcept {
  return moved(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

TcpSocket::Moved TcpSocket::receive(std::span<std::byte> into) noexcept {
  return moved(::recv(descriptor_, into.data(), into.size(), 0));
}

void TcpSocket::wait(std::uint64_t timeout_ns, bool to_write) const noexcept {
  const timespec timeout{.tv_sec = static_cast<time_t>(timeout_ns / kSecondNs),
                         .tv_nsec = static_cast<long>(timeout_ns % kSecondNs)};
  pollfd wanted{.fd = descriptor_,
                .events = static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN),
                .revents = 0};
  // A descriptor of -1 waits for the time alone.
  static_cast<void>(::ppoll(&wanted, 1, &timeout, nullptr));
}

std::optional<TcpSocket::Sending> TcpSocket::congestion() const noexcept {
  tcp_info told{};
  socklen_t size = sizeof told;
  if (::getsockopt(descriptor_, IPPROTO_TCP, TCP_INFO, &told, &size) != 0) return std::nullopt;
  return Sending{.window_segments = told.tcpi_snd_cwnd,
                 .segment_bytes = told.tcpi_snd_mss,
                 .recovering = told.tcpi_ca_state == TCP_CA_Loss};
}

void TcpSocket::set_send_buffer(int bytes) noexcept {
  static_cast<void>(::setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes));
}

void TcpSocket::end_sending() noexcept {
  if (descriptor_ >= 0) static_cast<void>(::shutdown(descriptor_, SHUT_WR));
}

void TcpSocket::abort() noexcept {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  if (descriptor_ >= 0)
    static_cast<void>(::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  close();
}

void TcpSocket::close() noexcept {
  if (descriptor_ >= 0) static_cast<void>(::close(descriptor_));
  descriptor_ = -1;
}

}  // namespace ridley::order
