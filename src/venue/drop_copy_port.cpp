// SPDX-License-Identifier: Apache-2.0
#include "venue/drop_copy_port.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "venue/listening_socket.hpp"

namespace ridley::venue {

DropCopyPort::DropCopyPort(const std::string& address, std::uint16_t port,
                           const AccountStreams& streams)
    : streams_{streams},
      descriptor_{open_bound({.address = address, .port = port, .type = SOCK_STREAM})},
      port_{bound_port(descriptor_)} {}

DropCopyPort::~DropCopyPort() { ::close(descriptor_); }

bool DropCopyPort::poll(std::uint64_t monotonic_ns) {
  bool moved = false;
  while (readers_.size() < kReadersMax) {
    const int descriptor = accept_client(descriptor_);
    if (descriptor < 0) break;
    readers_.emplace_back(descriptor, monotonic_ns);
    moved = true;
  }
  for (OrderConnection& reader : readers_) moved |= serve(reader, monotonic_ns);
  std::erase_if(readers_, [](const OrderConnection& reader) { return reader.dead(); });
  return moved;
}

void DropCopyPort::end_session(std::uint64_t monotonic_ns) {
  for (OrderConnection& reader : readers_) {
    reader.write(monotonic_ns);
    reader.session().end_session(monotonic_ns);
    reader.write(monotonic_ns);
  }
}

bool DropCopyPort::hear_out(std::uint64_t monotonic_ns) {
  for (OrderConnection& reader : readers_) reader.hear_out(monotonic_ns);
  std::erase_if(readers_, [](const OrderConnection& reader) { return reader.dead(); });
  return !readers_.empty();
}

bool DropCopyPort::serve(OrderConnection& reader, std::uint64_t now_ns) {
  reader.read(now_ns);
  bool moved = false;
  while (const auto happened = reader.session().next(streams_.drop_copies(), now_ns)) {
    moved = true;
    if (happened->kind == order::SoupServerEventKind::LogoutRequested) reader.session().kill();
  }
  reader.write(now_ns);
  return moved;
}

}  // namespace ridley::venue
