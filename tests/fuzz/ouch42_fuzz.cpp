// SPDX-License-Identifier: Apache-2.0
// The first byte says which way the rest goes: a client's messages, an exchange's in 5.0 or in 4.2,
// each behind a length byte. Nothing may read or write beside its bytes, and what comes out is a
// whole message of the other protocol.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "order/ouch42_port.hpp"
#include "order/ouch42_replies.hpp"
#include "wire/ouch.hpp"
#include "wire/ouch42.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ridley;
  const std::span<const std::byte> input{reinterpret_cast<const std::byte*>(data), size};
  order::Ouch42Port port;
  order::Ouch42Replies replies{order::token_prefix(1)};
  std::array<std::byte, order::kTranslatedBytesMax> room;
  const auto ignore = [](const auto&) {};
  const auto check = [](bool holds) {
    if (!holds) std::abort();
  };
  for (std::size_t at = 0; at + 2 <= input.size();) {
    const auto way = static_cast<unsigned>(input[at]) % 3;
    const std::size_t length =
        std::min<std::size_t>(static_cast<std::size_t>(input[at + 1]), input.size() - at - 2);
    // A copy of its own, so that the sanitizer sees its end.
    const std::vector<std::byte> message(
        input.begin() + static_cast<std::ptrdiff_t>(at + 2),
        input.begin() + static_cast<std::ptrdiff_t>(at + 2 + length));
    at += 2 + length;
    if (way == 0) {
      const auto made = port.to_exchange(message, 43'200);
      check(made.empty() || wire::ouch::visit_inbound(made, ignore));
    } else if (way == 1) {
      const auto made = port.to_client(message);
      check(made.empty() || wire::ouch42::visit_outbound(made, ignore));
    } else {
      const auto made = replies.translate(message, room);
      check(made.empty() || wire::ouch::visit_outbound(made, ignore));
    }
  }
  return 0;
}
