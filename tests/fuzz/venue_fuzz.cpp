// SPDX-License-Identifier: Apache-2.0
// In: messages of two clients, each behind a byte whose low bit names the client and a byte with
// its length. Whatever they are, the feed stays one that a book can be built from, and the
// accounts, the engine and that book agree.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "book/books.hpp"
#include "feed/decode.hpp"
#include "venue/exchange.hpp"
#include "venue/order_desk.hpp"

namespace {

using namespace ridley::venue;

constexpr std::uint16_t kInstruments = 2;

ridley::book::Books& empty_books() {
  static ridley::book::Books books{
      {.orders_max = 1U << 12, .levels_max = 1U << 12, .instruments_max = kInstruments + 1}};
  books.restart();
  return books;
}

ExchangeSettings settings() {
  ExchangeSettings result;
  result.instrument_count = kInstruments;
  result.accounts = {{"ONE", "", "FRMA"}, {"TWO", "", "FRMB"}};
  return result;
}

void read_feed(Exchange& exchange, ridley::book::Books& books) {
  std::uint64_t sequence = 0;
  for_each_message(exchange.feed().published().bytes(), [&](std::span<const std::byte> message) {
    ridley::event::MarketEvent event;
    const auto decoded = ridley::feed::decode(message, ++sequence, event);
    RIDLEY_ASSERT(decoded == ridley::feed::Decoded::Event);
    const auto outcome = books.apply(event).outcome;
    RIDLEY_ASSERT(outcome == ridley::book::Outcome::Applied ||
                  outcome == ridley::book::Outcome::NoEffect);
  });
  exchange.feed().clear();
  RIDLEY_ASSERT(books.counters().crossed == 0);
}

void check_agreement(Exchange& exchange, const ridley::book::Books& books) {
  std::size_t resting = 0;
  std::size_t displayed = 0;
  std::int64_t position = 0;
  std::int64_t cash_e4 = 0;
  for (const Account& account : exchange.accounts()) {
    for (const auto& [number, order] : account.orders()) {
      const auto found = exchange.engine().find(order.reference);
      RIDLEY_ASSERT(found.has_value());
      RIDLEY_ASSERT(found->quantity == order.open_quantity);
      ++resting;
      if (found->displayed()) ++displayed;
    }
    for (const auto& [locate, quantity] : account.positions()) position += quantity;
    cash_e4 += account.cash_e4();
  }
  RIDLEY_ASSERT(resting == exchange.engine().resting_count());
  RIDLEY_ASSERT(displayed == books.live_orders());
  // The clients trade with nobody but each other.
  RIDLEY_ASSERT(position == 0);
  RIDLEY_ASSERT(cash_e4 == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Exchange exchange{settings()};
  OrderDesk desk{exchange};
  ridley::book::Books& books = empty_books();
  exchange.at(34'200'000'000'000);
  exchange.open_system();
  exchange.open_market();
  std::span<const std::byte> input{reinterpret_cast<const std::byte*>(data), size};
  while (input.size() >= 2) {
    const auto account = static_cast<std::uint32_t>(input[0]) & 1U;
    const std::size_t length = std::min(input.size() - 2, static_cast<std::size_t>(input[1]));
    desk.receive(account, input.subspan(2, length));
    input = input.subspan(2 + length);
    read_feed(exchange, books);
    check_agreement(exchange, books);
  }
  return 0;
}
