// SPDX-License-Identifier: Apache-2.0
// In: a LOBSTER message file, and its orderbook file where that lies beside it (".._message_.."
// and ".._orderbook_.."). Out: what became of each order, in order, as events of instrument 1.
// What rested before the file begins is known by its levels: the first row of the orderbook file
// gives an order each, and what is said of orders that the messages never added is done to those.
// Lines that are none are left out and counted. Cold; one thread. Source:
// LOBSTER_SampleFiles_ReadMe.txt of LOBSTER's samples, "Message File" and "Orderbook File".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/byte_source.hpp"
#include "event/records.hpp"

namespace ridley::feed {

// One line of a message file.
struct LobsterMessage {
  std::uint64_t ns = 0;  // since midnight
  std::uint8_t type = 0;
  std::uint64_t order_id = 0;
  std::uint32_t quantity = 0;
  std::int64_t price_e4 = 0;
  event::Side side = event::Side::Buy;
};

// Nothing where it is no such line. More columns behind the six do not matter.
[[nodiscard]] std::optional<LobsterMessage> parse_lobster_line(std::string_view line) noexcept;

class LobsterFile {
 public:
  struct Counts {
    std::uint64_t lines;
    std::uint64_t wrong;
    std::uint64_t first_wrong;  // its number, from 1
    std::uint64_t strangers;    // cancels of orders that were never in sight
  };

  // Whether the first line is one of a message file.
  [[nodiscard]] static bool is_lobster(std::span<const std::byte> head) noexcept;

  // Looks for the orderbook file by itself.
  explicit LobsterFile(base::ByteSource source);

  // False at the end.
  [[nodiscard]] bool next(event::MarketEvent& event);

  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
  [[nodiscard]] const base::ByteSource& source() const noexcept { return lines_.source; }

 private:
  // Lines of a file, without their ends; one that is longer than any message comes in pieces.
  struct Lines {
    explicit Lines(base::ByteSource bytes) : source{std::move(bytes)} {}
    [[nodiscard]] bool next(std::string& line);
    [[nodiscard]] bool refill();

    base::ByteSource source;
    std::array<std::byte, 1 << 14> buffer{};
    std::span<const std::byte> rest;
  };
  struct Resting {
    std::uint64_t order_id;
    std::uint32_t quantity;
  };
  using Level = std::pair<event::Side, std::int64_t>;

  void open_book(const LobsterMessage& first);
  void take(const LobsterMessage& message);
  void reduce(const LobsterMessage& message);
  void execute(const LobsterMessage& message);
  void print(const LobsterMessage& message);
  void change_state(const LobsterMessage& message);
  [[nodiscard]] std::uint64_t take_from(const LobsterMessage& message);
  void add(std::uint64_t ns, std::uint64_t order_id, const Level& level, std::uint32_t quantity);
  void emit(event::EventKind kind, const LobsterMessage& message, event::MarketEvent event);

  Lines lines_;
  bool begun_ = false;
  std::uint64_t sequence_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> live_;  // added by a message: what is left
  std::map<Level, Resting> opening_;
  std::deque<event::MarketEvent> events_;
  Counts counts_{};
};

}  // namespace ridley::feed
