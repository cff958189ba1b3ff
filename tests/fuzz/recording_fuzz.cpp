// SPDX-License-Identifier: Apache-2.0
// In: bytes that might be a LOBSTER message file or a CME order-by-order file. Holds the readers to
// this: they end with the file or with an error, what they give is of an instrument, numbered from
// 1 without a hole, and says a quantity and a price that are some.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "event/market_event.hpp"
#include "feed/lobster_file.hpp"
#include "feed/mbo_file.hpp"

using namespace ridley;
using event::EventKind;

namespace {

void look_at(const event::MarketEvent& event, std::uint64_t sequence) {
  RIDLEY_ASSERT(event.sequence == sequence);
  RIDLEY_ASSERT(event.locate != event::kNoLocate);
  const auto is_some = [](std::uint32_t quantity, std::uint32_t price_e4) {
    RIDLEY_ASSERT(quantity != 0 && price_e4 != 0 && price_e4 != event::kPriceBeyond);
  };
  switch (event.kind) {
    case EventKind::AddOrder: return is_some(event.add.quantity, event.add.price_e4);
    case EventKind::ExecuteOrder: return is_some(event.execute.quantity, event.execute.price_e4);
    case EventKind::ModifyOrder: return is_some(event.modify.quantity, event.modify.price_e4);
    case EventKind::Trade: return is_some(event.trade.quantity, event.trade.price_e4);
    case EventKind::CancelOrder: return is_some(event.cancel.quantity, 1);
    case EventKind::ClearBook:
    case EventKind::TradingAction: return;
    default: RIDLEY_ASSERT(false);
  }
}

template <typename File>
void read(const std::string& name) {
  try {
    File file{base::ByteSource{name}};
    // A small compressed file may hold a very long one.
    constexpr std::uint64_t kEventsMax = 100'000;
    event::MarketEvent event;
    for (std::uint64_t sequence = 1; sequence < kEventsMax && file.next(event); ++sequence)
      look_at(event, sequence);
  } catch (const base::Error&) {
    // The right answer to most inputs.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  static const int file = ::memfd_create("recording", 0);
  static const std::string name = "/proc/self/fd/" + std::to_string(file);
  if (::ftruncate(file, 0) != 0) return 0;
  if (::pwrite(file, bytes, count, 0) != static_cast<ssize_t>(count)) return 0;
  read<feed::LobsterFile>(name);
  read<feed::MboFile>(name);
  return 0;
}
