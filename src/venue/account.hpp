// SPDX-License-Identifier: Apache-2.0
// In: what happened to an order of this account. Out: OUCH 5.0 messages in its own buffer, and its
// books: live orders, position, cash, counts. Decides nothing. One owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "venue/instruments.hpp"
#include "venue/message_buffer.hpp"
#include "venue/order_terms.hpp"
#include "venue/port_limits.hpp"

namespace ridley::venue {

struct AccountSettings {
  std::string username;
  std::string password;
  std::string firm;  // MPID, up to four letters
  bool cancel_on_disconnect = false;
  bool ouch42 = false;     // speaks the older protocol
  std::uint32_t port = 0;  // of the order ports, counted from 0
  PortLimits limits = {};
};

enum class RejectReason : std::uint16_t {
  DestinationClosed = 0x0002,
  InvalidDisplay = 0x0003,
  InvalidMaxFloor = 0x0004,
  InvalidPegType = 0x0005,
  FatFinger = 0x0006,
  Halted = 0x0007,
  InvalidSide = 0x0009,
  FirmNotAuthorized = 0x000C,
  InvalidMinQuantity = 0x000D,
  Other = 0x000F,
  PeggingNotAllowed = 0x0011,
  InvalidQuantity = 0x0013,
  InvalidCrossOrder = 0x0014,
  ReplaceNotAllowed = 0x0015,
  InvalidSymbol = 0x0017,
  InvalidPrice = 0x001D,
  SharesExceedThreshold = 0x001E,
  ExceedsNotional = 0x001F,
};

enum class CancelReason : char {
  User = 'U',
  Immediate = 'I',
  Timeout = 'T',
  Supervisory = 'S',
  SelfMatch = 'Q',
  System = 'Z',
  Closed = 'E',
  PostOnly = 'F',
  PostOnlyContraDisplayed = 'G',
  CrossCanceled = 'C',
};

enum class Liquidity : char {
  Added = 'A',
  AddedHidden = 'J',
  Removed = 'R',
  OpeningCross = 'M',
  ClosingCross = 'L',
  HaltCross = 'K',
};

// An order as its owner knows it.
struct AccountOrder {
  std::uint32_t number = 0;  // UserRefNum
  std::uint16_t locate = 0;
  char side = 'B';
  char time_in_force = '0';
  char display = 'Y';
  char capacity = 'P';
  char sweep = 'N';
  char cross_type = 'N';
  bool post_only = false;
  char self_match = ' ';  // strategy of self-match prevention, a space: none
  std::uint16_t self_match_group = 0;
  std::uint32_t minimum_quantity = 0;
  std::uint32_t expire_s = 0;  // seconds since midnight, 0 = never
  std::uint32_t price_e4 = 0;
  std::uint32_t open_quantity = 0;
  std::uint32_t executed_quantity = 0;  // of the whole chain of replaces
  std::uint64_t reference = 0;
  std::array<char, 14> client_order_id{};
  std::vector<std::byte> appendage;  // echoed
};

// Messages unless it says orders.
struct AccountCounts {
  std::uint64_t orders_received = 0;  // new orders and replaces
  std::uint64_t cancels_received = 0;
  std::uint64_t acknowledged = 0;  // accepted and replaced
  std::uint64_t accepted = 0;
  std::uint64_t replaced = 0;
  std::uint64_t rejected = 0;
  std::uint64_t modified = 0;
  std::uint64_t executions = 0;
  std::uint64_t executed_quantity = 0;
  std::uint64_t canceled = 0;
  std::uint64_t orders_executed = 0;  // orders that traded at least once
  std::uint64_t orders_canceled = 0;  // orders that died of a cancel
  std::uint64_t ignored = 0;          // without any effect or answer
  std::uint64_t malformed = 0;        // too short or of an unknown type
};

class Account {
 public:
  Account(AccountSettings settings, const Instruments& instruments)
      : port{settings.limits}, settings_{std::move(settings)}, instruments_{&instruments} {}

  // The time of every reply from here on.
  void at(std::uint64_t ns) noexcept { ns_ = ns; }

  void system_event(char code);
  void accepted(const AccountOrder& order, char state);
  void replaced(std::uint32_t original_number, const AccountOrder& order, char state);
  void rejected(std::uint32_t number, RejectReason reason,
                const std::array<char, 14>& client_order_id);
  // The order shrinks; it is gone when nothing is left.
  void executed(std::uint32_t number, const Fill& fill, Liquidity liquidity);
  void canceled(std::uint32_t number, std::uint32_t quantity, CancelReason reason);
  // Quantity that self-match prevention took away: what would have traded, at which price and in
  // which role, and what the order lost. It is gone when nothing is left.
  struct Prevented {
    std::uint32_t decrement;
    std::uint32_t quantity;
    std::uint32_t price_e4;
    Liquidity liquidity;
  };
  void prevented(std::uint32_t number, const Prevented& prevented);
  void modified(const AccountOrder& order);
  void mass_cancel_response(std::uint32_t number, std::string_view firm, std::string_view symbol);
  void entry_response(bool enabled, std::uint32_t number, std::string_view firm);
  void query_response();

  // A number not greater than the last one was seen before.
  [[nodiscard]] bool is_fresh(std::uint32_t number) const noexcept { return number > last_number_; }
  void use(std::uint32_t number) noexcept { last_number_ = number; }

  [[nodiscard]] AccountOrder* find(std::uint32_t number) noexcept;
  AccountOrder& insert(const AccountOrder& order) { return orders_[order.number] = order; }
  void erase(std::uint32_t number) noexcept { orders_.erase(number); }

  // Live orders by number, which is the order they came in.
  [[nodiscard]] const std::map<std::uint32_t, AccountOrder>& orders() const noexcept {
    return orders_;
  }
  [[nodiscard]] const std::map<std::uint16_t, std::int64_t>& positions() const noexcept {
    return positions_;
  }
  [[nodiscard]] std::int64_t cash_e4() const noexcept { return cash_e4_; }
  [[nodiscard]] const AccountSettings& settings() const noexcept { return settings_; }

  // New orders and replaces that are refused for no reason of theirs.
  struct RejectStorm {
    double share = 0;
    RejectReason reason = RejectReason::Other;
  };

  AccountCounts counts;
  PortGate port;
  RejectStorm storm;
  bool entry_enabled = true;
  MessageBuffer replies;

 private:
  AccountSettings settings_;
  const Instruments* instruments_;
  // Takes from an order and counts a cancel.
  void shrink(AccountOrder& order, std::uint32_t quantity);

  std::uint64_t ns_ = 0;
  std::uint32_t last_number_ = 0;
  std::map<std::uint32_t, AccountOrder> orders_;
  std::map<std::uint16_t, std::int64_t> positions_;
  std::int64_t cash_e4_ = 0;
};

}  // namespace ridley::venue
