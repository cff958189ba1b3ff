// SPDX-License-Identifier: Apache-2.0
#include "simulation/naive_books.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "wire/itch.hpp"

namespace ridley::simulation {

namespace itch = wire::itch;

const NaiveBook NaiveBooks::kNone{};

class NaiveBooks::Reader {
 public:
  explicit Reader(NaiveBooks& books) noexcept : books_{books} {}

  void operator()(const itch::StockDirectory& message) {
    books_.at(message.stock_locate()).symbol = message.stock().text();
    books_.locates_[std::string{message.stock().text()}] = message.stock_locate();
  }
  void operator()(const itch::StockTradingAction& message) {
    books_.at(message.stock_locate()).state = message.trading_state();
  }
  void operator()(const itch::RegShoRestriction& message) {
    books_.at(message.stock_locate()).short_sales_restricted = message.reg_sho_action() != '0';
  }
  void operator()(const itch::AddOrder& message) { add(message); }
  void operator()(const itch::AddOrderMpid& message) { add(message); }
  void operator()(const itch::OrderExecuted& message) {
    books_.reduce(message.order_reference_number(), message.executed_shares());
  }
  void operator()(const itch::OrderExecutedWithPrice& message) {
    books_.reduce(message.order_reference_number(), message.executed_shares());
  }
  void operator()(const itch::OrderCancel& message) {
    books_.reduce(message.order_reference_number(), message.canceled_shares());
  }
  void operator()(const itch::OrderDelete& message) {
    books_.remove(message.order_reference_number());
  }
  void operator()(const itch::OrderReplace& message) {
    NaiveOrder order = books_.order(message.original_order_reference_number());
    books_.remove(message.original_order_reference_number());
    order.quantity = message.shares();
    order.price_e4 = message.price();
    books_.add(message.new_order_reference_number(), order);
  }
  template <typename Message>
  void operator()(const Message&) noexcept {}  // no book depends on it

 private:
  template <typename Message>
  void add(const Message& message) {
    books_.add(message.order_reference_number(), {.locate = message.stock_locate(),
                                                  .buys = message.buy_sell_indicator() == 'B',
                                                  .quantity = message.shares(),
                                                  .price_e4 = message.price()});
  }

  NaiveBooks& books_;
};

std::uint16_t NaiveBooks::apply(std::span<const std::byte> message) {
  if (!itch::visit(message, Reader{*this})) throw base::Error{"simulation: an unknown message"};
  return itch::SystemEvent{message.data()}.stock_locate();  // every type has it there
}

NaiveBook& NaiveBooks::at(std::uint16_t locate) {
  if (locate >= books_.size()) books_.resize(locate + std::size_t{1});
  return books_[locate];
}

void NaiveBooks::add(std::uint64_t reference, const NaiveOrder& order) {
  if (!orders_.emplace(reference, order).second)
    throw base::Error{"simulation: order ", reference, " was added twice"};
  at(order.locate).levels[order.buys ? 0 : 1][order.price_e4].push_back(reference);
}

void NaiveBooks::reduce(std::uint64_t reference, std::uint32_t quantity) {
  NaiveOrder& order = orders_.at(reference);
  if (quantity > order.quantity)
    throw base::Error{"simulation: order ", reference, " lost more than it had"};
  order.quantity -= quantity;
  if (order.quantity == 0) remove(reference);
}

void NaiveBooks::remove(std::uint64_t reference) {
  const NaiveOrder order = orders_.at(reference);
  orders_.erase(reference);
  auto& side = books_[order.locate].levels[order.buys ? 0 : 1];
  NaiveBook::Level& level = side.at(order.price_e4);
  std::erase(level, reference);
  if (level.empty()) side.erase(order.price_e4);
}

}  // namespace ridley::simulation
