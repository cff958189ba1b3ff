// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the types of ITCH messages that give an event, asked of the decoder, for those
// who make messages of every kind. Cold.
#pragma once

#include <cstddef>
#include <vector>

namespace ridley::feed {

// No message of ITCH is longer.
inline constexpr std::size_t kItchMessageBytesMax = 64;

struct MessageType {
  std::byte letter;
  std::size_t bytes;  // the shortest that is decoded
};

// By letter.
[[nodiscard]] std::vector<MessageType> message_types();

}  // namespace ridley::feed
