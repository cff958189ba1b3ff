// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hot_log.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "log_samples.hpp"

namespace ridley::telemetry {
namespace {

TEST(HotLog, ARecordHasItsTimeNumberAndArguments) {
  SampleLog log;
  log.write<Sample::Numbers>(77, std::uint64_t{1}, std::int64_t{-2}, 0.5, false);
  LogRecord record;
  ASSERT_TRUE(log.pop(record));
  EXPECT_EQ(record.ns, 77U);
  EXPECT_EQ(record.format, 1);
  EXPECT_EQ(record.arguments[0], 1U);
  EXPECT_EQ(record.arguments[1], static_cast<std::uint64_t>(-2));
  EXPECT_FALSE(log.pop(record));
}

TEST(HotLog, WhatDoesNotFitIsLostAndCounted) {
  SampleLog log{4};
  for (int i = 0; i < 7; ++i) log.write<Sample::Plain>(static_cast<std::uint64_t>(i));
  EXPECT_EQ(log.lost(), 3U);
  LogRecord record;
  for (std::uint64_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(log.pop(record));
    EXPECT_EQ(record.ns, i);
  }
  EXPECT_FALSE(log.pop(record));
  log.write<Sample::Plain>(9);
  EXPECT_TRUE(log.pop(record));
  EXPECT_EQ(log.lost(), 3U);
}

TEST(HotLog, EveryRecordIsEitherReadOrLost) {
  constexpr std::uint64_t kRecords = 100'000;
  SampleLog log{64};
  std::thread writer{[&log] {
    for (std::uint64_t i = 0; i < kRecords; ++i)
      log.write<Sample::Numbers>(i, i, std::int64_t{0}, 0.0, false);
  }};
  std::uint64_t read = 0;
  std::uint64_t next = 0;
  std::uint64_t disorder = 0;
  LogRecord record;
  while (read + log.lost() < kRecords) {
    if (!log.pop(record)) continue;
    if (record.ns < next || record.arguments[0] != record.ns) ++disorder;
    next = record.ns + 1;
    ++read;
  }
  writer.join();
  while (log.pop(record)) ++read;
  EXPECT_EQ(disorder, 0U);
  EXPECT_EQ(read + log.lost(), kRecords);
}

}  // namespace
}  // namespace ridley::telemetry
