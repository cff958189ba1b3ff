// SPDX-License-Identifier: Apache-2.0
// In: request packets of a MoldUDP64 re-request server, twenty bytes each, the last one shorter.
// Whatever they ask for, an answer is one packet that our own sequencer takes whole, and it holds
// what was asked for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "feed/sequencer.hpp"
#include "venue/message_buffer.hpp"
#include "venue/rerequest.hpp"
#include "wire/mold.hpp"

namespace {

using namespace ridley;

venue::MessageHistory full_history() {
  venue::MessageBuffer buffer;
  for (std::size_t i = 0; i < 3'000; ++i) (void)buffer.append(i % 50);
  venue::MessageHistory history{1U << 21};
  history.append(buffer.bytes());
  return history;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const venue::MessageHistory kHistory = full_history();
  venue::Rerequest rerequest{"SESSION"};
  std::span<const std::byte> rest = std::as_bytes(std::span{data, size});
  while (!rest.empty()) {
    const std::size_t length = std::min(rest.size(), wire::mold::RequestPacket::kSize);
    const std::vector<std::byte> request(rest.begin(), rest.begin() + static_cast<long>(length));
    rest = rest.subspan(length);
    const std::span<const std::byte> answer = rerequest.answer(request, kHistory, 0);
    if (answer.empty()) continue;
    const wire::mold::RequestPacket wanted{request.data()};
    feed::Sequencer sequencer{{.first_sequence = wanted.sequence_number()}};
    const feed::Arrived arrived = sequencer.accept(answer);
    RIDLEY_ASSERT(arrived.arrival == feed::Arrival::InOrder);
    RIDLEY_ASSERT(arrived.count >= 1);
    RIDLEY_ASSERT(arrived.count <= wanted.requested_message_count());
  }
  return 0;
}
