// SPDX-License-Identifier: Apache-2.0
#include "card/golden_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "card/registers.hpp"

namespace ridley::card {
namespace {

using namespace registers;
using Clock = std::chrono::steady_clock;

// Of the command inject_beat.
constexpr std::uint32_t kBeatLast = 1U << 4;
constexpr std::uint32_t kBeatBad = 1U << 5;
constexpr std::uint32_t kBeatPortAt = 8;
// More than the records of two jumbo frames; they are read after every frame.
constexpr std::uint32_t kRingRecords = 8'192;
// A card that was just started waits until what it wrote before is answered for; every look at it
// takes longer than such an answer.
constexpr int kLooksAtStart = 16;

// While there is one, the ports hear the host alone.
class Injection {
 public:
  explicit Injection(Bus& bus) : bus_{bus} {
    bus_.write(kRunningAt, 0);
    bus_.write(kInjectAt, 1);
  }
  ~Injection() {
    try {
      bus_.write(kRunningAt, 0);
      bus_.write(kInjectAt, 0);
    } catch (const base::Error&) {  // it hangs or has gone
    }
  }
  Injection(const Injection&) = delete;
  Injection& operator=(const Injection&) = delete;

 private:
  Bus& bus_;
};

class Runner {
 public:
  Runner(Bus& bus, const GoldenVectors& vectors, const GoldenRun& run)
      : bus_{bus}, vectors_{vectors}, run_{run}, card_{bus}, injection_{bus} {
    card_.start({.lines = vectors.lines,
                 .ring_records = kRingRecords,
                 .every_instrument = true,
                 .follow_sessions = vectors.follow_sessions,
                 .first_sequence = vectors.first_sequence});
    beat_bytes_ = card_.facts().stream_bits == 32 ? 4 : 8;
    for (int i = 0; i < kLooksAtStart; ++i) alive_ = card_.alive();
  }

  TrialAnswer go() {
    for (const GoldenFrame& frame : vectors_.frames) {
      give(frame);
      look();
      take_records();
    }
    wait_for_rest();
    count_missing();
    answer_.compared = vectors_.records.size();
    return std::move(answer_);
  }

 private:
  void give(const GoldenFrame& frame) {
    write64(kInjectTimeAt, frame.time_ns);
    for (std::size_t at = 0; at < frame.bytes.size(); at += beat_bytes_) {
      const std::size_t bytes = std::min(beat_bytes_, frame.bytes.size() - at);
      std::uint64_t word = 0;
      std::memcpy(&word, &frame.bytes[at], bytes);
      const bool last = at + bytes == frame.bytes.size();
      write64(kInjectDataAt, word);
      bus_.write(kInjectBeatAt, static_cast<std::uint32_t>(bytes) | (last ? kBeatLast : 0) |
                                    (last && frame.broken ? kBeatBad : 0) |
                                    frame.port << kBeatPortAt);
    }
  }
  void write64(std::uint32_t at, std::uint64_t value) {
    bus_.write(at, static_cast<std::uint32_t>(value));
    bus_.write(at + 4, static_cast<std::uint32_t>(value >> 32));
  }

  // One look takes far longer than a cycle.
  void look() {
    const std::uint32_t alive = card_.alive();
    if (alive == alive_) throw base::Error::with_exit(EX_IOERR, "card: its clock stands still");
    alive_ = alive;
    if (run_.ending != nullptr && run_.ending->load(std::memory_order_relaxed))
      throw base::Error::with_exit(EX_TEMPFAIL, "given up: the appliance ends");
  }

  void take_records() {
    while (card_.ring().has_next()) {
      compare(card_.ring().next());
      card_.ring().pop();
    }
    card_.return_credit();
  }

  void wait_for_rest() {
    auto until = Clock::now() + run_.patience;
    while (taken_ < vectors_.records.size()) {
      const std::size_t before = taken_;
      look();
      take_records();
      if (taken_ != before) until = Clock::now() + run_.patience;
      if (Clock::now() > until) return;
      std::this_thread::yield();
    }
    // Whatever else is under way.
    for (int i = 0; i < kLooksAtStart; ++i) look();
    take_records();
  }

  void count_missing() {
    const std::size_t expected = vectors_.records.size();
    if (taken_ < expected) {
      answer_.differences += expected - taken_;
      tell("it never came", taken_);
    }
  }

  void compare(const Record& record) {
    const std::size_t index = taken_++;
    if (record.lost_before()) differs("records were lost before it", index);
    if (index >= vectors_.records.size()) return differs("it should not have come", index);
    const GoldenRecord& expected = vectors_.records[index];
    if (record.form() != expected.form) {
      return differs(fmt::format("it is of form {}, should be {}", name_of(record.form()),
                                 name_of(expected.form)),
                     index);
    }
    const event::MarketEvent event = record.event();
    const auto* got = reinterpret_cast<const std::byte*>(&event);
    for (std::size_t at = 0; at < expected.bytes.size(); ++at) {
      if (got[at] == expected.bytes[at]) continue;
      return differs(fmt::format("byte {} of an {} is 0x{:02x}, should be 0x{:02x}", at,
                                 name_of(expected.form), static_cast<unsigned>(got[at]),
                                 static_cast<unsigned>(expected.bytes[at])),
                     index);
    }
    if (record.port() != expected.port) differs("it is of the other port", index);
  }

  void differs(const std::string& how, std::size_t index) {
    ++answer_.differences;
    tell(how, index);
  }
  // The first one alone.
  void tell(const std::string& how, std::size_t index) {
    if (!answer_.first.empty()) return;
    const auto after = [&](const GoldenFrame& frame) { return frame.records_end > index; };
    const auto frame = std::ranges::find_if(vectors_.frames, after);
    answer_.first = fmt::format("record {} of {}", index + 1, vectors_.records.size());
    if (frame != vectors_.frames.end())
      answer_.first += fmt::format(" (frame {})", frame - vectors_.frames.begin() + 1);
    answer_.first += ": " + how;
  }

  Bus& bus_;
  const GoldenVectors& vectors_;
  const GoldenRun& run_;
  Card card_;
  Injection injection_;
  std::size_t beat_bytes_ = 8;
  std::uint32_t alive_ = 0;
  std::size_t taken_ = 0;
  TrialAnswer answer_;
};

}  // namespace

TrialAnswer run_golden(Bus& bus, const GoldenVectors& vectors, const GoldenRun& run) {
  Runner runner{bus, vectors, run};
  try {
    return runner.go();
  } catch (const base::Error& error) {
    return {.compared = 0, .differences = 0, .fault = error.what(), .first = {}};
  }
}

}  // namespace ridley::card
