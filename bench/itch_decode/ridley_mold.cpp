// SPDX-License-Identifier: Apache-2.0
// Timed: the day's messages out of MoldUDP64 packets in memory, in sequence, as the appliance takes
// them from a port: feed::Sequencer on each packet, its blocks, a MarketEvent in memory for each.
// The packets are built before: what happened within 2 us goes together, as an exchange packs it,
// up to 1,400 bytes. A second pass, not timed, digests all events.
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "bench/itch_decode/event_digest.hpp"
#include "bench/support/report.hpp"
#include "control/itch_day.hpp"
#include "control/own_costs.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"
#include "feed/sequencer.hpp"
#include "wire/itch.hpp"
#include "wire/mold.hpp"

namespace ridley::bench {
namespace {

constexpr std::size_t kPayloadBytesMax = 1400;
constexpr std::uint64_t kPacketNs = 2000;
constexpr std::size_t kLengthBytes = feed::Blocks::kLengthBytes;

// One behind the other, as in a burst of received packets.
struct Packets {
  std::vector<std::byte> bytes;
  std::vector<std::uint16_t> sizes;
};

// Takes messages from the front of the rest; how many there are and their bytes with lengths.
struct Packed {
  std::uint16_t messages;
  std::size_t bytes;
};

Packed pack(std::span<const std::byte> rest) {
  const auto ns_at = [&](std::size_t at) {
    return wire::itch::SystemEvent{rest.data() + at + kLengthBytes}.timestamp();
  };
  Packed packed{};
  const std::uint64_t begin_ns = ns_at(0);
  while (packed.bytes < rest.size() && ns_at(packed.bytes) - begin_ns < kPacketNs) {
    const std::size_t block =
        kLengthBytes + base::load_big_endian<std::uint16_t>(rest.data() + packed.bytes);
    if (wire::mold::Header::kSize + packed.bytes + block > kPayloadBytesMax) break;
    packed.bytes += block;
    ++packed.messages;
  }
  return packed;
}

Packets build(const control::DayInMemory& day) {
  Packets packets;
  // A header for every other message at most, as it turns out; more would only be moved.
  packets.bytes.reserve(day.bytes.size() + day.messages / 2 * wire::mold::Header::kSize);
  std::uint64_t sequence = 1;
  for (std::span<const std::byte> rest = day.bytes; !rest.empty();) {
    const Packed packed = pack(rest);
    const std::size_t at = packets.bytes.size();
    packets.bytes.resize(at + wire::mold::Header::kSize);
    wire::mold::HeaderWriter{packets.bytes.data() + at}
        .session("RIDLEY")
        .sequence_number(sequence)
        .message_count(packed.messages);
    const std::span<const std::byte> blocks = rest.first(packed.bytes);
    packets.bytes.insert(packets.bytes.end(), blocks.begin(), blocks.end());
    packets.sizes.push_back(static_cast<std::uint16_t>(packets.bytes.size() - at));
    rest = rest.subspan(packed.bytes);
    sequence += packed.messages;
  }
  return packets;
}

template <typename Take>
feed::DecodeCounters decode(const Packets& packets, Take&& take) noexcept {
  feed::Sequencer sequencer;
  feed::DecodeCounters counters{};
  event::MarketEvent event;
  const std::byte* at = packets.bytes.data();
  for (const std::uint16_t size : packets.sizes) {
    const feed::Arrived arrived = sequencer.accept({at, size});
    at += size;
    for (const feed::Block block : feed::Blocks{arrived}) {
      counters.count(feed::decode(block.message, block.sequence, event));
      take(event);
    }
  }
  return counters;
}

void measure(Report& report, Words words) {
  const control::ItchDay day{std::string{words[0]}};
  const control::DayInMemory in_memory = day.in_memory();
  const Packets packets = build(in_memory);
  feed::DecodeCounters decoded{};
  const double ns = control::ns_for_each(in_memory.messages, [&] {
    decoded = decode(packets, [](const event::MarketEvent& event) { control::keep(event); });
  });
  EventDigest digest;
  decode(packets, [&](const event::MarketEvent& event) { digest.add(event); });
  report.row("message", "ns", ns);
  report.row("messages_a_packet", "",
             static_cast<double>(in_memory.messages) / static_cast<double>(packets.sizes.size()));
  report.check(decoded.events == in_memory.messages);
  report.digest(digest.value());
}

}  // namespace

const Contender kContender{
    .task = "itch_decode",
    .name = "ridley_mold",
    .timed = "every message out of MoldUDP64 packets in memory to a MarketEvent; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
