// SPDX-License-Identifier: Apache-2.0
// In: a stream for both halves of the session layer, cut into pieces by its own bytes. Holds the
// client to this: messages come after a login only, their numbers count up by one, and a cut
// changes nothing.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "order/soup_client.hpp"
#include "order/soup_server.hpp"

using namespace ridley;

namespace {

using order::SoupEventKind;

struct Heard {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t next_sequence = 0;
  bool broken = false;
  friend bool operator==(const Heard&, const Heard&) = default;
};

void drain(order::SoupClient& client, Heard& heard) {
  std::uint64_t expected = client.next_sequence();
  while (const auto event = client.next(1)) {
    RIDLEY_ASSERT(!heard.broken);
    if (event->kind == SoupEventKind::LoggedIn) expected = event->sequence;
    if (event->kind == SoupEventKind::Sequenced) {
      RIDLEY_ASSERT(client.logged_in());
      RIDLEY_ASSERT(event->sequence == expected++);
      ++heard.messages;
      heard.bytes += event->payload.size();
    }
    heard.broken = event->kind == SoupEventKind::Broken;
  }
  heard.next_sequence = client.next_sequence();
}

Heard hear(std::span<const std::byte> stream, std::size_t piece) {
  order::SoupClient client{{.username = "ridley", .password = "secret", .session = ""}};
  client.connected(0);
  Heard heard;
  while (!stream.empty() && !heard.broken) {
    const std::size_t length = piece < stream.size() ? piece : stream.size();
    client.receive(stream.first(length), 1);
    stream = stream.subspan(length);
    drain(client, heard);
  }
  return heard;
}

void serve(std::span<const std::byte> stream) {
  order::SoupStream messages{"DAY1"};
  for (int i = 0; i < 3; ++i) messages.append(stream.first(stream.size() < 9 ? stream.size() : 9));
  order::SoupServer server{messages, {.username = "ridley", .password = "secret"}, 0};
  server.receive(stream, 1);
  while (const auto event = server.next(1)) {
    RIDLEY_ASSERT(event->payload.size() <= stream.size());
  }
  server.poll(1);
  server.end_session(1);
  server.sent(server.output().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::byte> stream = std::as_bytes(std::span{bytes, size}).subspan(1);
  const Heard whole = hear(stream, size);
  RIDLEY_ASSERT(hear(stream, bytes[0] % 64U + 1) == whole);
  serve(stream);
  return 0;
}
