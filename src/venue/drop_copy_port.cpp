// SPDX-License-Identifier: Apache-2.0
#include "venue/drop_copy_port.hpp"

namespace ridley::venue {

bool serve_drop_copy(ClientSession& reader, const AccountStreams& streams, std::uint64_t now_ns) {
  bool moved = false;
  while (const auto happened = reader.next(streams.drop_copies(), now_ns)) {
    moved = true;
    if (happened->kind == order::SoupServerEventKind::LogoutRequested) reader.kill();
  }
  return moved;
}

DropCopyPort::DropCopyPort(const std::string& address, std::uint16_t port,
                           const AccountStreams& streams, Connections& connections)
    : streams_{streams},
      connections_{connections},
      socket_{address, port, BoundSocket::Kind::Tcp} {}

DropCopyPort::~DropCopyPort() { connections_.lose_all(); }

bool DropCopyPort::poll(std::uint64_t monotonic_ns) {
  bool moved = false;
  while (readers_.size() < kReadersMax) {
    const int descriptor = socket_.accept();
    if (descriptor < 0) break;
    connections_.join(readers_.emplace_back(descriptor, monotonic_ns).session());
    moved = true;
  }
  for (OrderConnection& reader : readers_) moved |= serve(reader, monotonic_ns);
  drop_dead();
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
  drop_dead();
  return !readers_.empty();
}

bool DropCopyPort::serve(OrderConnection& reader, std::uint64_t now_ns) {
  reader.read(now_ns);
  const bool known = reader.session().logged_in();
  const bool moved = serve_drop_copy(reader.session(), streams_, now_ns);
  if (!known && reader.session().logged_in()) connections_.logged_in(reader.session(), now_ns);
  reader.write(now_ns);
  return moved;
}

void DropCopyPort::drop_dead() {
  std::erase_if(readers_, [this](const OrderConnection& reader) {
    if (reader.dead()) connections_.leave(reader.session());
    return reader.dead();
  });
}

}  // namespace ridley::venue
