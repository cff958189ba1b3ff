// SPDX-License-Identifier: Apache-2.0
// Timed: the same pass as itch_book_ridley, while 64 resting orders are followed: after every
// 10,000 messages one of the newest orders takes the place of the one followed longest, and the
// queue positions of all 64 are read. Following and reading are in the timing. At the end every
// position is compared with a walk over its queue.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "bench/itch_book/right_books.hpp"
#include "book/books.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "control/own_costs.hpp"
#include "feed/blocks.hpp"
#include "wire/itch.hpp"

namespace ridley::bench {
namespace {

constexpr std::size_t kFollowed = 64;
constexpr std::uint64_t kMessagesBetween = 10'000;
// So many of the newest orders are tried, as most go as soon as they have come.
constexpr std::size_t kNewest = 64;

struct Part {
  control::DayInMemory messages;
  std::array<std::uint64_t, kNewest> newest_orders;
};

bool adds_order(const std::byte* message) {
  const char type = static_cast<char>(*message);
  return type == wire::itch::AddOrder::kType || type == wire::itch::AddOrderMpid::kType;
}

std::vector<Part> split(const control::DayInMemory& day) {
  std::vector<Part> parts;
  const std::byte* at = day.bytes.data();
  for (std::uint64_t left = day.messages; left > 0;) {
    Part part{.messages = {{}, std::min(left, kMessagesBetween)}, .newest_orders = {}};
    const std::byte* const begin = at;
    std::size_t orders = 0;
    for (std::uint64_t i = 0; i < part.messages.messages; ++i) {
      const std::size_t length = base::load_big_endian<std::uint16_t>(at);
      at += feed::Blocks::kLengthBytes;
      if (adds_order(at)) {
        part.newest_orders[orders++ % kNewest] = wire::itch::AddOrder{at}.order_reference_number();
      }
      at += length;
    }
    part.messages.bytes = {begin, at};
    left -= part.messages.messages;
    parts.push_back(part);
  }
  return parts;
}

class FollowedBooks {
 public:
  void apply(const Part& part) {
    const control::AppliedDay applied = control::apply(part.messages, books_);
    events_ += applied.decoded.events;
    top_changes_ += applied.top_changes;
    auto newest = part.newest_orders.begin();
    for (std::uint64_t& order : followed_) {
      const std::optional<book::QueuePosition> position = books_.position(order);
      live_positions_ += position ? 1 : 0;
      control::keep(position);
      while (!position && newest != part.newest_orders.end()) {
        const std::uint64_t candidate = *newest++;
        if (!books_.follow(candidate)) continue;
        order = candidate;
        break;
      }
    }
  }

  [[nodiscard]] bool positions_are_right() const {
    for (const std::uint64_t order : followed_) {
      const std::optional<book::QueuePosition> position = books_.position(order);
      if (position && position->quantity_ahead != books_.quantity_ahead(order)) return false;
    }
    return true;
  }

  [[nodiscard]] const book::Books& books() const { return books_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t top_changes() const { return top_changes_; }
  [[nodiscard]] std::uint64_t live_positions() const { return live_positions_; }

 private:
  book::Books books_{book::Limits{}};
  std::array<std::uint64_t, kFollowed> followed_{};
  std::uint64_t events_ = 0;
  std::uint64_t top_changes_ = 0;
  std::uint64_t live_positions_ = 0;
};

void measure(Report& report, Words words) {
  const std::string file{words[0]};
  const control::ItchDay day{file};
  const control::DayInMemory in_memory = day.in_memory();
  const std::vector<Part> parts = split(in_memory);
  FollowedBooks followed;
  const double ns = control::ns_for_each(in_memory.messages, [&] {
    for (const Part& part : parts) followed.apply(part);
  });
  const book::Books& books = followed.books();
  report_books(report, file, books, ns, followed.top_changes());
  report.row("followed_at_once", "",
             static_cast<double>(followed.live_positions()) / static_cast<double>(parts.size()));
  report.check(followed.events() == in_memory.messages);
  report.check(followed.positions_are_right());
}

}  // namespace

const Contender kContender{
    .task = "itch_book",
    .name = "ridley_followed",
    .timed = "as ridley, with the queue positions of 64 resting orders kept and read; CPU time",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
