// SPDX-License-Identifier: Apache-2.0
// Timed: from just before poll(), with one frame whole in the port's memory, until the order's
// bytes are in the outbound ring, of every frame that made an order: the product's pipeline, rooms
// and plug-in, every control of the gate with a limit, hop stamps and counters running. The frames
// are a day's messages in MoldUDP64, six in ten with one message. The books hold a part of the day
// before; the exchange answers between two frames, untimed.
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
#include "control/itch_day.hpp"

namespace ridley::bench {
namespace {

constexpr std::uint64_t kWarmMessagesMax = 8'000'000;
constexpr std::uint64_t kTimedMessagesMax = 4'000'000;

// From one stamp to the next, the first from before poll(); each has one reading of the counter.
constexpr const char* kParts[] = {"rx_and_strip", "sequence_and_decode", "book", "strategy", "gate",
                                  "encode"};
constexpr std::size_t kPartCount = std::size(kParts);

struct Measured {
  Measured() {
    for (std::size_t part = 0; part < kPartCount; ++part) parts.emplace_back(1 << 20);
  }

  Latencies orders{1 << 20};
  Latencies orders_of_single{1 << 20};  // the order of a frame with one message
  Latencies others{1 << 22};            // a frame without an order, until poll() returns
  std::vector<Latencies> parts;
  std::uint64_t other_messages = 0;
  std::uint64_t other_ticks = 0;
};

class Bench {
 public:
  explicit Bench(const std::string& file)
      : day_{file},
        frames_{day_.in_memory()},
        street_{taker_street(day_.in_memory()), LoggedClock{&clock_, &log_},
                clock_.utc_ns(base::read_tsc())} {
    log_.watch(street_.street().outbound());
  }

  void run() {
    const std::uint64_t warm = std::min(day_.in_memory().messages / 2, kWarmMessagesMax);
    while (frames_.given() < warm && turn(nullptr)) {
    }
    while (frames_.given() < warm + kTimedMessagesMax && turn(&measured_)) {
    }
  }

  void tell(Report& report) {
    report.row("tick_to_order", "ns", measured_.orders.in_ns(clock_));
    report.row("tick_to_order, one message", "ns", measured_.orders_of_single.in_ns(clock_));
    double sum = 0;
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const Percentiles ns = measured_.parts[part].in_ns(clock_);
      report.row(std::string{"  "} + kParts[part], "ns", ns);
      sum += ns.p50;
    }
    report.row("  sum of the parts", "ns", sum);
    report.row("frame without an order", "ns", measured_.others.in_ns(clock_));
    const double other_ns = static_cast<double>(measured_.other_ticks) * 1e9;
    report.row("message without an order", "ns",
               other_ns / clock_.frequency_hz() / static_cast<double>(measured_.other_messages));
    report.row("timer", "ns", timer_overhead().in_ns(clock_));
    report.row("orders timed", "orders", static_cast<double>(measured_.orders.size()));
    report.row("frames without an order", "frames", static_cast<double>(measured_.others.size()));
    const engine::Rooms rooms = street_.rooms();
    report.check(rooms.gate.rejected() == 0 && !rooms.books.all_stale() &&
                 rooms.gate.broken_invariants() + rooms.orders.broken_invariants() == 0 &&
                 measured_.orders.size() > 0);
  }

 private:
  bool turn(Measured* measured) {
    const MadeFrame frame = frames_.next();
    if (frame.messages == 0) return false;
    street_.offer(frame.bytes, clock_.utc_ns(base::read_tsc()));
    log_.begin();
    // The frame is in memory, not on its way there.
    __builtin_ia32_mfence();
    __builtin_ia32_lfence();
    const std::uint64_t begin = base::read_tsc();
    (void)street_.poll(clock_.utc_ns(begin));
    const std::uint64_t end = base::read_tsc();
    if (measured != nullptr) note(*measured, frame.messages, begin, end);
    if (street_.answer_orders() > 0) (void)street_.poll(clock_.utc_ns(base::read_tsc()));
    return true;
  }

  void note(Measured& measured, std::uint32_t messages, std::uint64_t begin, std::uint64_t end) {
    if (!log_.has_order()) {
      measured.others.add(end - begin);
      measured.other_messages += messages;
      measured.other_ticks += end - begin;
      return;
    }
    measured.orders.add(log_.tsc(log_.sent()) - begin);
    if (messages != 1) return;
    measured.orders_of_single.add(log_.tsc(log_.sent()) - begin);
    if (log_.sent() + 1 < kPartCount) return;  // not one of the frames whose hops are all stamped
    std::uint64_t from = begin;
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const std::uint64_t until = log_.tsc(log_.sent() + 1 - kPartCount + part);
      measured.parts[part].add(until - from);
      from = until;
    }
  }

  base::TscClock clock_ = base::TscClock::calibrate(100'000);
  StampLog log_;
  control::ItchDay day_;
  DayFrames frames_;
  ArmedStreet<LoggedClock> street_;
  Measured measured_;
};

void measure(Report& report, Words words) {
  const auto bench = std::make_unique<Bench>(std::string{words[0]});
  bench->run();
  bench->tell(report);
}

}  // namespace

const Contender kContender{
    .task = "tick_to_order",
    .name = "ridley",
    .timed = "from before poll() with the frame in memory until the order's bytes are in memory",
    .words = "DAY",
    .measure = measure};

}  // namespace ridley::bench
