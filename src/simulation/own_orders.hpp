// SPDX-License-Identifier: Apache-2.0
// In: packets that the appliance has sent, messages that it has heard, byte for byte, and what its
// order room says became of its orders. Out: every order of the firm and what it may still trade,
// added up anew every time it is asked. Shares nothing with gate and order room but the generated
// views of the messages. Throws Violation. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "event/records.hpp"
#include "risk/exposure.hpp"
#include "simulation/naive_books.hpp"

namespace ridley::simulation {

struct OwnOrder {
  std::uint32_t number = 0;
  std::uint32_t original = 0;  // the order that it was sent to replace
  std::uint16_t locate = 0;
  char side = 0;
  std::uint32_t quantity = 0;  // open
  std::uint32_t price_e4 = 0;
  std::uint32_t executed = 0;  // of the whole chain
  std::uint32_t taken = 0;     // of what it was sent with, traded or not
  bool answered = false;
  bool open = true;
  bool ended = false;  // the order room has said so

  [[nodiscard]] bool buys() const noexcept { return side == 'B'; }
  [[nodiscard]] std::uint64_t notional_e4() const noexcept {
    return std::uint64_t{quantity} * price_e4;
  }
};

struct OwnExposure {
  std::int64_t position = 0;
  risk::Int128 cash_e4 = 0;
  std::uint64_t executed_e4 = 0;
  std::uint64_t open_buys = 0;
  std::uint64_t open_sells = 0;
  std::uint64_t open_e4 = 0;
  std::uint32_t open_orders = 0;
};

class OwnOrders {
 public:
  // Nothing for packets that bring no order: cancels, queries. Symbols are those of the books.
  [[nodiscard]] static bool brings_order(std::span<const std::byte> packet) noexcept;
  [[nodiscard]] OwnOrder read(std::span<const std::byte> packet, const NaiveBooks& books) const;
  void add(const OwnOrder& order);

  // The order that a message of the exchange is about; 0: none.
  [[nodiscard]] static std::uint32_t number_of(std::span<const std::byte> message);
  // A message of the exchange.
  void hear(std::span<const std::byte> message);
  // A Sent event is not for here.
  void tell(const event::OrderEvent& event);

  // Grows whenever anything may be another.
  [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }
  [[nodiscard]] OwnExposure exposure(std::uint16_t locate) const;
  [[nodiscard]] OwnExposure exposure() const;
  [[nodiscard]] const std::map<std::uint32_t, OwnOrder>& orders() const noexcept { return orders_; }
  [[nodiscard]] std::uint64_t sent() const noexcept { return orders_.size(); }
  [[nodiscard]] bool has(std::uint32_t number) const noexcept { return orders_.contains(number); }
  // Those of another process, behind its death: the exchange may still have them.
  void adopt(OwnOrders&& others);
  // The number belongs to somebody else now, whose order came first. False: it was answered.
  [[nodiscard]] bool forget_unanswered(std::uint32_t number);

 private:
  struct Traded {
    std::int64_t position = 0;
    risk::Int128 cash_e4 = 0;
    std::uint64_t executed_e4 = 0;
  };
  class Reader;

  OwnOrder& at(std::uint32_t number);
  void presume(OwnOrder& order);
  void take_over(OwnOrder& order);
  void reduce(OwnOrder& order, std::uint32_t quantity);
  static void close(OwnOrder& order) noexcept;
  void end(std::uint32_t number);
  void add_to(OwnExposure& sum, std::uint16_t locate) const;

  std::map<std::uint32_t, OwnOrder> orders_;
  std::vector<std::uint32_t> open_;  // numbers that were open when last looked at
  std::map<std::uint16_t, Traded> traded_;
  std::uint64_t changes_ = 0;
};

}  // namespace ridley::simulation
