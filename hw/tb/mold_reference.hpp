// SPDX-License-Identifier: Apache-2.0
// In: the payload of a datagram. Out: what the feed room finds in it: whether it is a packet, and
// its messages with the beats of a stream in which they end. One thread.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "feed/sequencer.hpp"
#include "wire/mold.hpp"

namespace ridley::card {

inline constexpr std::uint16_t kEndOfSession = 0xFFFF;

struct Message {
  std::size_t end;  // of the bytes before it and its own
  std::span<const std::byte> bytes;
};

// Those whose end is there, up to the header's count.
inline std::vector<Message> messages_of(std::span<const std::byte> payload) {
  std::vector<Message> messages;
  if (payload.size() < wire::mold::Header::kSize) return messages;
  const std::uint16_t count = wire::mold::Header{payload.data()}.message_count();
  std::size_t at = wire::mold::Header::kSize;
  while (count != kEndOfSession && messages.size() < count && at + 2 <= payload.size()) {
    const std::size_t bytes = base::load_big_endian<std::uint16_t>(&payload[at]);
    at += 2 + bytes;
    if (at > payload.size()) break;
    messages.push_back({at, payload.subspan(at - bytes, bytes)});
  }
  return messages;
}

// What the sequencer says of the packet, and that it walks over the same messages.
inline bool is_right(std::span<const std::byte> payload, std::span<const Message> messages) {
  feed::Sequencer sequencer{{.first_sequence = feed::SequencerOptions::kAdopt}};
  const feed::Arrived arrived = sequencer.accept(payload);
  if (arrived.arrival == feed::Arrival::Malformed) return false;
  EXPECT_EQ(arrived.count, messages.size());
  std::size_t index = 0;
  for (const feed::Block block : feed::Blocks{arrived}) {
    EXPECT_EQ(block.message.data(), messages[index].bytes.data());
    EXPECT_EQ(block.message.size(), messages[index].bytes.size());
    ++index;
  }
  return true;
}

}  // namespace ridley::card
