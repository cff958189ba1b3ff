// SPDX-License-Identifier: Apache-2.0
#include "feed/message_types.hpp"

#include <array>

#include "feed/decode.hpp"

namespace ridley::feed {

std::vector<MessageType> message_types() {
  std::vector<MessageType> types;
  for (unsigned letter = 0; letter < 256; ++letter) {
    const std::array<std::byte, kItchMessageBytesMax> message{static_cast<std::byte>(letter)};
    event::MarketEvent event;
    for (std::size_t bytes = 1; bytes <= message.size(); ++bytes) {
      if (decode({message.data(), bytes}, 1, event) != Decoded::Event) continue;
      types.push_back({message[0], bytes});
      break;
    }
  }
  return types;
}

}  // namespace ridley::feed
