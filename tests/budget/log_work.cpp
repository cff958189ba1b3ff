// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <random>
#include <vector>

#include "engine/notes.hpp"
#include "work.hpp"

namespace ridley::budget {
namespace {

constexpr std::size_t kDistinct = 8'192;
constexpr std::size_t kBetweenDrains = telemetry::kLogRecordsMax;
constexpr std::uint64_t kSeed = 1;

}  // namespace

// The reading of what was written is counted with it: some ten instructions a record.
void log_calls(std::uint64_t calls, const std::string&) {
  std::mt19937_64 random{kSeed};
  std::vector<std::uint64_t> numbers(kDistinct);
  for (std::uint64_t& number : numbers) number = random();
  engine::HotLog log;
  telemetry::LogRecord record;
  for (std::uint64_t i = 0; i < calls; ++i) {
    if (i % kBetweenDrains == 0) {
      while (log.pop(record)) keep(record);
    }
    log.write<engine::Note::FeedGap>(i, numbers[i % kDistinct], i);
  }
  keep(log);
}

}  // namespace ridley::budget
