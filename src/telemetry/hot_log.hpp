// SPDX-License-Identifier: Apache-2.0
// In: what happened, as a number of a format, the caller's time and up to six arguments, from one
// thread. Out: the same on one other thread, which writes it to a file. Nothing is formatted here:
// a call is one cache line written. A full ring loses the record and counts it. Hot core.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/spsc_ring.hpp"
#include "telemetry/log_format.hpp"

namespace ridley::telemetry {

// The control core empties it fifty times a second: room for 100,000 records a second.
inline constexpr std::size_t kLogRecordsMax = 2048;

struct LogRecord {
  std::uint64_t ns = 0;
  std::uint16_t format = 0;
  std::array<std::uint8_t, 6> unused{};
  std::array<std::uint64_t, kLogArgumentsMax> arguments{};  // as many as the format has
};
static_assert(sizeof(LogRecord) == base::kCacheLineBytes);

// What the writing thread sees of it.
class HotLogRing {
 public:
  // Cold. Memory: slots that live longer, or how many to take.
  template <typename Memory>
  HotLogRing(std::span<const LogFormat> formats, Memory memory)
      : formats_{formats}, records_{memory} {}

  [[nodiscard]] std::span<const LogFormat> formats() const noexcept { return formats_; }
  [[nodiscard]] bool pop(LogRecord& record) noexcept { return records_.pop_patiently(record); }
  // Records for which there was no room. Relaxed: one writer, and the number guards nothing.
  [[nodiscard]] std::uint64_t lost() const noexcept {
    return lost_.load(std::memory_order_relaxed);
  }

 protected:
  std::span<const LogFormat> formats_;
  base::SpscRing<LogRecord> records_;
  std::atomic<std::uint64_t> lost_{0};
};

// kFormats: a constexpr array of formats; a format's number is its place there.
template <const auto& kFormats>
class HotLogOf : public HotLogRing {
 public:
  // Cold.
  explicit HotLogOf(std::size_t capacity = kLogRecordsMax) : HotLogRing{kFormats, capacity} {}

  // Cold: over slots that live longer, such as an arena's.
  explicit HotLogOf(std::span<LogRecord> slots) : HotLogRing{kFormats, slots} {}

  // The arguments have exactly the types that the format names.
  template <auto kNumber, typename... Arguments>
  void write(std::uint64_t ns, Arguments... arguments) noexcept {
    constexpr auto kAt = static_cast<std::size_t>(kNumber);
    static_assert(kAt < kFormats.size());
    static_assert(LogFormat::takes<Arguments...>(kFormats[kAt]), "not what the format says");
    LogRecord* record = records_.claim();
    if (record == nullptr) return lose();
    record->ns = ns;
    record->format = static_cast<std::uint16_t>(kAt);
    std::size_t at = 0;
    ((record->arguments[at++] = log_bits_of(arguments)), ...);
    records_.publish();
  }

 private:
  // Relaxed, and no locked instruction: one writer.
  void lose() noexcept {
    lost_.store(lost_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};

}  // namespace ridley::telemetry
