// SPDX-License-Identifier: Apache-2.0
#include "venue/golden_day.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "control/card_records.hpp"
#include "feed/message_types.hpp"
#include "nic/udp_frame.hpp"
#include "venue/mold_packets.hpp"
#include "venue/random.hpp"
#include "venue/trading_day.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint32_t kGroup = 0xE936'0C6F;
constexpr std::uint16_t kGroupPort = 26'477;
constexpr card::Line kLine{.address = kGroup, .port = kGroupPort};
constexpr std::uint16_t kInstruments = 3;
// Of the day's messages in a packet: mostly one, as on a quiet day, now and then as on a busy one.
constexpr std::uint32_t kBusyMessages = 30;
constexpr std::uint64_t kTradingNs = 100'000'000;
constexpr double kMessagesPerSecond = 20'000;

// Frames in the order in which they end, with what the software says of them.
class Vectors {
 public:
  explicit Vectors(card::GoldenVectors& vectors)
      : vectors_{vectors},
        software_{{.lines = vectors.lines,
                   .every_instrument = true,
                   .follow_sessions = vectors.follow_sessions,
                   .first_sequence = vectors.first_sequence}} {}

  void give(unsigned port, std::span<const std::byte> frame, bool broken = false) {
    time_ns_ += 1'000;
    vectors_.frames.push_back({.port = port,
                               .time_ns = time_ns_,
                               .broken = broken,
                               .bytes = {frame.begin(), frame.end()},
                               .records_end = 0});
    if (!broken) software_.take(port, frame, time_ns_, vectors_.records);
    vectors_.frames.back().records_end = vectors_.records.size();
  }

 private:
  card::GoldenVectors& vectors_;
  control::CardRecords software_;
  std::uint64_t time_ns_ = 34'200'000'000'000;
};

Bytes frame_of(std::span<const std::byte> packet, std::uint16_t vlan, std::uint32_t group) {
  const nic::UdpRoute route{.source_mac = {0x02, 0x52, 0x44, 0x4C, 0x59, 0x01},
                            .destination_mac = nic::multicast_mac(group),
                            .source_ip = 0x0A14'1E01,
                            .destination_ip = group,
                            .source_port = 26'400,
                            .destination_port = kGroupPort,
                            .vlan = vlan};
  Bytes frame(nic::kFrameBytesMax);
  frame.resize(nic::build_udp_frame(frame, route, packet));
  return frame;
}

// Both lines, and what becomes of a packet on each.
class Lines {
 public:
  Lines(Vectors& vectors, Random& random) : vectors_{vectors}, random_{random} {}

  void send(std::span<const std::byte> packet) {
    const std::uint16_t vlan = random_.below(8) == 0 ? 7 : 0;
    const Bytes frame = frame_of(packet, vlan, kGroup);
    const std::uint32_t fate = random_.below(40);
    if (fate == 0) return;  // lost on both: a gap
    const unsigned first = random_.below(2);
    if (fate == 1) vectors_.give(first, frame_of(packet, 0, kGroup + 1));  // of another line
    if (fate == 2) spoil(frame, first);
    if (fate == 3) vectors_.give(first, frame, true);
    if (fate == 4) overlap(packet, first);
    if (fate != 5) vectors_.give(first, frame);
    if (fate != 6) vectors_.give(1 - first, frame);
    if (!late_.empty()) vectors_.give(first, std::exchange(late_, {}));
    if (fate == 7) late_ = frame;
    before_.assign(packet.begin(), packet.end());
  }

 private:
  // The packet before and this one in one.
  void overlap(std::span<const std::byte> packet, unsigned port) {
    constexpr std::size_t kHeader = wire::mold::Header::kSize;
    const std::size_t bytes = before_.size() + packet.size() - kHeader;
    if (before_.empty() || bytes > nic::kUdpPayloadBytesMax) return;
    Bytes both = before_;
    both.insert(both.end(), packet.begin() + kHeader, packet.end());
    const auto count = [](const std::byte* header) {
      return wire::mold::Header{header}.message_count();
    };
    const int messages = count(before_.data()) + count(packet.data());
    wire::mold::HeaderWriter{both.data()}.message_count(static_cast<std::uint16_t>(messages));
    vectors_.give(port, frame_of(both, 0, kGroup));
  }
  // Cut anywhere, changed anywhere.
  void spoil(const Bytes& frame, unsigned port) {
    const auto bytes = static_cast<std::uint32_t>(frame.size());
    vectors_.give(port, std::span{frame}.first(1 + random_.below(bytes)));
    for (int i = 0; i < 4; ++i) {
      Bytes changed = frame;
      changed[random_.below(bytes)] ^= static_cast<std::byte>(1U << random_.below(8));
      vectors_.give(port, changed);
    }
  }

  Vectors& vectors_;
  Random& random_;
  Bytes late_;
  Bytes before_;
};

// The day's messages, behind their lengths.
Bytes day_messages(std::uint64_t seed, std::uint32_t messages) {
  TradingDaySettings settings;
  settings.exchange.instrument_count = kInstruments;
  settings.participants = {.seed = seed, .messages_per_second = kMessagesPerSecond};
  settings.halts = {{.symbol = std::string{Instruments{kInstruments}.symbol(1)},
                     .after_ns = kTradingNs / 4,
                     .for_ns = kTradingNs / 4}};
  TradingDay day{settings};
  const MarketFeed& feed = day.exchange().feed();
  const std::uint64_t end_ns = settings.start_ns + kTradingNs;
  while (feed.message_count() < messages && day.next_ns() < end_ns)
    (void)day.advance(day.next_ns(), 1);
  day.close(end_ns);
  const std::span<const std::byte> all = feed.published().bytes();
  return {all.begin(), all.end()};
}

// As many messages as wanted from the front.
std::span<const std::byte> take_some(std::span<const std::byte>& framed, std::uint32_t messages) {
  std::size_t bytes = 0;
  for (; messages > 0 && bytes < framed.size(); --messages)
    bytes += MessageBuffer::kLengthSize + first_message(framed.subspan(bytes)).size();
  const std::span<const std::byte> some = framed.first(bytes);
  framed = framed.subspan(bytes);
  return some;
}

void append(const feed::MessageType& type, std::size_t bytes, Random& random,
            MessageBuffer& buffer) {
  std::byte* const at = buffer.append(bytes);
  for (std::size_t i = 0; i < bytes; ++i) at[i] = static_cast<std::byte>(random.below(256));
  if (bytes > 0) at[0] = type.letter;
}

// Every type with anything in its fields; too short, too long, empty; and what is no type.
Bytes odd_messages(Random& random) {
  MessageBuffer buffer;
  for (const feed::MessageType& type : feed::message_types()) {
    for (int i = 0; i < 3; ++i) append(type, type.bytes, random, buffer);
    append(type, type.bytes - 1 - random.below(8), random, buffer);
    append(type, type.bytes + 1 + random.below(30), random, buffer);
    append(type, random.below(12), random, buffer);
    append({static_cast<std::byte>(random.below(256)), 0}, random.below(50), random, buffer);
  }
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

void send_all(std::span<const std::byte> framed, std::uint32_t messages_max, MoldPackets& packets,
              Lines& lines, Random& random) {
  while (!framed.empty()) {
    const bool busy = random.below(4) == 0;
    const std::uint32_t wanted = 1 + random.below(busy ? messages_max : 2);
    std::span<const std::byte> some = take_some(framed, wanted);
    while (!some.empty()) lines.send(packets.pack(some));
    if (random.below(40) == 0) lines.send(packets.heartbeat());
  }
}

// Headers that promise other than what follows them.
void send_lies(MoldPackets& packets, Lines& lines, Vectors& vectors, Random& random) {
  MessageBuffer buffer;
  append({std::byte{'D'}, 19}, 19, random, buffer);
  std::span<const std::byte> framed = buffer.bytes();
  const std::span<const std::byte> right = packets.pack(framed);
  for (const std::uint16_t count : std::initializer_list<std::uint16_t>{0, 2, 0xFFFF}) {
    Bytes packet{right.begin(), right.end()};
    wire::mold::HeaderWriter{packet.data()}.message_count(count);
    vectors.give(0, frame_of(packet, 0, kGroup));
  }
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{19}, right.size() - 1})
    vectors.give(1, frame_of(right.first(bytes), 0, kGroup));
  lines.send(right);
}

}  // namespace

card::GoldenVectors golden_day(const GoldenDayOptions& options) {
  card::GoldenVectors vectors{
      .lines = {kLine, kLine}, .follow_sessions = true, .first_sequence = 1};
  Vectors given{vectors};
  Random random{options.seed};
  Lines lines{given, random};
  const Bytes day = day_messages(options.seed, 2 * options.packets);
  for (const char* session : {"GOLDEN0001", "GOLDEN0002"}) {
    MoldPackets packets{session};
    const Bytes odd = odd_messages(random);
    const std::size_t half = vectors.frames.empty() ? day.size() : 0;
    send_all(std::span{day}.first(half), kBusyMessages, packets, lines, random);
    send_all(odd, kBusyMessages, packets, lines, random);
    send_lies(packets, lines, given, random);
    lines.send(packets.end_of_session());
  }
  return vectors;
}

}  // namespace ridley::venue
