// SPDX-License-Identifier: Apache-2.0
// In: ITCH messages as they were published. Out: every book, order by order, kept in the plainest
// way there is: what the appliance's books are compared with. Shares nothing with them but the
// generated views of the messages. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "event/records.hpp"

namespace ridley::simulation {

struct NaiveOrder {
  std::uint16_t locate = 0;
  bool buys = false;
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;
};

struct NaiveBook {
  using Level = std::vector<std::uint64_t>;  // order references, the oldest first

  std::string symbol;
  char state = 0;  // as the exchange spells it
  bool short_sales_restricted = false;
  std::array<std::map<std::uint32_t, Level>, 2> levels;  // bids, asks

  // 0: none.
  [[nodiscard]] std::uint32_t best_bid_e4() const noexcept {
    return levels[0].empty() ? 0 : levels[0].rbegin()->first;
  }
  [[nodiscard]] std::uint32_t best_ask_e4() const noexcept {
    return levels[1].empty() ? 0 : levels[1].begin()->first;
  }
};

class NaiveBooks {
 public:
  // Returns the instrument that it says something about; 0: none. Throws base::Error for a message
  // that contradicts the ones before it: the exchange itself is wrong then.
  std::uint16_t apply(std::span<const std::byte> message);

  void restart() {
    orders_.clear();
    books_.clear();
    locates_.clear();
  }

  [[nodiscard]] const NaiveBook& book(std::uint16_t locate) const noexcept {
    return locate < books_.size() ? books_[locate] : kNone;
  }
  [[nodiscard]] std::size_t books() const noexcept { return books_.size(); }
  [[nodiscard]] const NaiveOrder& order(std::uint64_t reference) const {
    return orders_.at(reference);
  }
  // 0: unknown.
  [[nodiscard]] std::uint16_t locate_of(const std::string& symbol) const {
    const auto found = locates_.find(symbol);
    return found == locates_.end() ? 0 : found->second;
  }

 private:
  class Reader;
  static const NaiveBook kNone;

  void add(std::uint64_t reference, const NaiveOrder& order);
  void reduce(std::uint64_t reference, std::uint32_t quantity);
  void remove(std::uint64_t reference);
  NaiveBook& at(std::uint16_t locate);

  std::unordered_map<std::uint64_t, NaiveOrder> orders_;
  std::vector<NaiveBook> books_;  // by locate
  std::unordered_map<std::string, std::uint16_t> locates_;
};

}  // namespace ridley::simulation
