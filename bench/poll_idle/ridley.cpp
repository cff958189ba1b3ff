// SPDX-License-Identifier: Apache-2.0
// Timed: one frame with one message after a millisecond in which nothing came and another program
// might have run: a megabyte of other memory is written in between. For decoding and the book
// alone, and from before poll() until the order's bytes are in memory. Which frames make an order
// is found by a first pass over the same day.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/tsc_clock.hpp"
#include "bench/support/armed_street.hpp"
#include "bench/support/day_frames.hpp"
#include "bench/support/latencies.hpp"
#include "bench/support/report.hpp"
#include "bench/support/stamp_log.hpp"
#include "bench/support/taker_street.hpp"
#include "book/books.hpp"
#include "control/itch_day.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"

namespace ridley::bench {
namespace {

constexpr std::uint64_t kMessagesMax = 2'000'000;
constexpr std::size_t kTimedMax = 1'000;
constexpr std::size_t kScrubbedBytes = 1U << 20;
constexpr std::uint64_t kIdleNs = 1'000'000;

class Idleness {
 public:
  explicit Idleness(const base::TscClock& clock) : clock_{clock}, memory_(kScrubbedBytes) {}

  void pass() noexcept {
    const std::uint64_t begin = base::read_tsc();
    volatile std::uint8_t* memory = memory_.data();
    for (std::size_t at = 0; at < memory_.size(); at += 64) memory[at] = memory[at] + 1;
    while (clock_.duration_ns(base::read_tsc() - begin) < kIdleNs) {
    }
    __builtin_ia32_mfence();
    __builtin_ia32_lfence();
  }

 private:
  const base::TscClock& clock_;
  std::vector<std::uint8_t> memory_;
};

class Pass {
 public:
  Pass(const control::DayInMemory& day, const ArmedStreetOptions& options,
       const base::TscClock& clock)
      : clock_{clock},
        messages_{std::min(day.messages, kMessagesMax)},
        frames_{day},
        street_{options, LoggedClock{&clock_, &log_}, clock_.utc_ns(base::read_tsc())} {
    log_.watch(street_.street().outbound());
  }

  [[nodiscard]] bool goes_on() const noexcept { return frames_.given() < messages_; }

  // True when the frame had one message and made an order; ticks: until its bytes were in memory.
  template <typename Before>
  bool turn(Before&& before, std::uint64_t& ticks) {
    const MadeFrame frame = frames_.next();
    street_.offer(frame.bytes, clock_.utc_ns(base::read_tsc()));
    log_.begin();
    before();
    const std::uint64_t begin = base::read_tsc();
    (void)street_.poll(clock_.utc_ns(begin));
    const bool ordered = frame.messages == 1 && log_.has_order();
    if (ordered) ticks = log_.tsc(log_.sent()) - begin;
    if (street_.answer_orders() > 0) (void)street_.poll(clock_.utc_ns(base::read_tsc()));
    return ordered;
  }

 private:
  const base::TscClock& clock_;
  StampLog log_;
  std::uint64_t messages_;
  DayFrames frames_;
  ArmedStreet<LoggedClock> street_;
};

// The last ones of the prefix of the day, when the books are full.
std::vector<std::uint64_t> frames_with_orders(const control::DayInMemory& day,
                                              const ArmedStreetOptions& options,
                                              const base::TscClock& clock) {
  std::vector<std::uint64_t> found;
  const auto pass = std::make_unique<Pass>(day, options, clock);
  std::uint64_t ticks = 0;
  for (std::uint64_t i = 0; pass->goes_on(); ++i) {
    if (pass->turn([] {}, ticks)) found.push_back(i);
  }
  if (found.size() > kTimedMax) found.erase(found.begin(), found.end() - kTimedMax);
  return found;
}

Latencies tick_to_order(const control::DayInMemory& day, const base::TscClock& clock) {
  const ArmedStreetOptions options = taker_street(day);
  const std::vector<std::uint64_t> wanted = frames_with_orders(day, options, clock);
  Idleness idleness{clock};
  Latencies latencies{kTimedMax};
  const auto pass = std::make_unique<Pass>(day, options, clock);
  auto next = wanted.begin();
  for (std::uint64_t i = 0; pass->goes_on() && next != wanted.end(); ++i) {
    std::uint64_t ticks = 0;
    if (i != *next) {
      (void)pass->turn([] {}, ticks);
      continue;
    }
    ++next;
    if (pass->turn([&] { idleness.pass(); }, ticks)) latencies.add(ticks);
  }
  return latencies;
}

// Every so many messages of the last part, one that is timed.
Latencies decode_and_book(const control::DayInMemory& day, const base::TscClock& clock) {
  constexpr std::uint64_t kEvery = 97;
  book::Books books{{.instruments_max = 1U << 14}};
  Idleness idleness{clock};
  Latencies latencies{kTimedMax};
  const std::uint64_t messages = std::min(day.messages, kMessagesMax);
  const std::uint64_t untimed = messages - std::min(messages, kTimedMax * kEvery);
  feed::Blocks::Iterator at{day.bytes.data(), 1};
  event::MarketEvent event;
  for (std::uint64_t i = 0; i < messages; ++i, ++at) {
    const feed::Block block = *at;
    const bool timed = i >= untimed && i % kEvery == 0;
    if (timed) idleness.pass();
    const std::uint64_t begin = base::read_tsc();
    if (feed::decode(block.message, block.sequence, event) == feed::Decoded::Event)
      (void)books.apply(event);
    if (!timed) continue;
    __builtin_ia32_lfence();  // all of it is done
    latencies.add(base::read_tsc() - begin);
  }
  return latencies;
}

void measure(Report& report, Words words) {
  const base::TscClock clock = base::TscClock::calibrate(100'000);
  const control::ItchDay day{std::string{words[0]}};
  report.row("decode_and_book", "ns", decode_and_book(day.in_memory(), clock).in_ns(clock));
  const Latencies orders = tick_to_order(day.in_memory(), clock);
  report.row("tick_to_order", "ns", orders.in_ns(clock));
  report.row("timer", "ns", timer_overhead().in_ns(clock));
  report.row("orders timed", "orders", static_cast<double>(orders.size()));
  report.check(orders.size() > 0);
}

}  // namespace

const Contender kContender{.task = "poll_idle",
                           .name = "ridley",
                           .timed = "one message after 1 ms idle and 1 MB of other memory written",
                           .words = "DAY",
                           .measure = measure};

}  // namespace ridley::bench
