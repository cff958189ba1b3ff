// SPDX-License-Identifier: Apache-2.0
// In: messages in sequence. Out: each decoded, one after the other, one message ahead: where its
// order and its instrument lie is fetched while the book works on the one before. Hot core.
#pragma once

#include <array>
#include <cstddef>

#include "book/books.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"

namespace ridley::engine {

// The event is only there when the result says so.
struct DecodedMessage {
  feed::Block block;
  feed::Decoded result;
  event::MarketEvent event;
};

class Lookahead {
 public:
  template <typename OnMessage>
  [[gnu::always_inline]] void deliver(const feed::Blocks& blocks, const book::Books& books,
                                      OnMessage&& on_message) noexcept {
    auto at = blocks.begin();
    if (at == blocks.end()) return;
    decode(*at, decoded_[0]);
    for (std::size_t turn = 0;; turn ^= 1) {
      ++at;
      if (at == blocks.end()) return on_message(decoded_[turn]);
      DecodedMessage& next = decoded_[turn ^ 1];
      decode(*at, next);
      if (next.result == feed::Decoded::Event)
        books.prefetch(next.event.locate, next.event.remove.order_id);
      on_message(decoded_[turn]);
    }
  }

 private:
  static void decode(const feed::Block& block, DecodedMessage& message) noexcept {
    message.result = feed::decode(block.message, block.sequence, message.event);
    message.block = block;
  }

  std::array<DecodedMessage, 2> decoded_{};  // the message being worked on and the next, in turns
};

}  // namespace ridley::engine
