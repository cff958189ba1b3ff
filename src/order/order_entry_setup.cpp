// SPDX-License-Identifier: Apache-2.0
// In: settings, before start. Out: an order entry with all its memory, waiting for a login. Cold.
#include <bit>

#include "base/error.hpp"
#include "order/order_entry.hpp"

namespace ridley::order {
namespace {

// A message can end one order and lose those sent to replace it; the account query's answer can
// lose them all.
constexpr std::size_t kEventsBesidesLost = 8;

std::size_t memory_for(const OrderEntrySettings& settings) {
  if (!std::has_single_bit(settings.orders_max) || !std::has_single_bit(settings.executions_max)) {
    throw base::Error{"order: room for ", settings.orders_max, " orders and ",
                      settings.executions_max, " executions; each has to be a power of two"};
  }
  if (settings.answer_within_ms == 0 || settings.answer_within_ms > kAnswerWithinMsMax) {
    throw base::Error{"order: answers within ", settings.answer_within_ms, " ms; 1 to ",
                      kAnswerWithinMsMax, " can be told"};
  }
  return base::Arena::bytes_for<Order>(settings.orders_max) +
         base::Arena::bytes_for<Execution>(settings.executions_max) +
         base::Arena::bytes_for<event::Symbol>(kInstrumentsMax) +
         base::Arena::bytes_for<DoubtBits>(kInstrumentsMax) +
         base::Arena::bytes_for<event::OrderEvent>(settings.orders_max + kEventsBesidesLost);
}

}  // namespace

OrderEntry::OrderEntry(const OrderEntrySettings& settings, base::SpscRing<Outbound>& outbound)
    : memory_{memory_for(settings)},
      orders_{memory_.array<Order>(settings.orders_max)},
      executions_{memory_.array<Execution>(settings.executions_max)},
      symbols_{memory_.array<event::Symbol>(kInstrumentsMax)},
      doubts_{memory_.array<DoubtBits>(kInstrumentsMax)},
      events_{memory_.array<event::OrderEvent>(settings.orders_max + kEventsBesidesLost)},
      outbound_{outbound},
      packets_{settings.firm, settings.capacity, settings.token_prefix},
      cancel_on_disconnect_{settings.cancel_on_disconnect},
      answer_within_ms_{static_cast<std::uint16_t>(settings.answer_within_ms)},
      queries_unanswered_{settings.resumes ? 1U : 0U} {}

}  // namespace ridley::order
