// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hlog.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::telemetry {
namespace {

constexpr HistogramShape kShape{3, kHighestRecordedNs};
constexpr std::uint64_t kStart = 1'700'000'000'250'000'000ULL;

}  // namespace

TEST(Hlog, ReadsBackItsIntervals) {
  const test::ScratchFolder folder;
  HistogramValues first{kShape};
  first.record(100, 3);
  HistogramValues second{kShape};
  second.record(5'000'000);
  {
    HlogWriter writer{folder / "hops.hlog", kStart, "written by a test"};
    writer.write({"decoded", kStart, kStart + 1'000'000'000}, first);
    writer.write({"", kStart + 1'000'000'000, kStart + 2'001'000'000}, second);
  }
  std::ifstream file{folder / "hops.hlog"};
  HlogReader reader{file};
  const auto one = reader.next();
  ASSERT_TRUE(one);
  EXPECT_EQ(one->tag, "decoded");
  EXPECT_EQ(one->begin_utc_ns, kStart);
  EXPECT_EQ(one->end_utc_ns, kStart + 1'000'000'000);
  EXPECT_EQ(one->values, first);
  const auto two = reader.next();
  ASSERT_TRUE(two);
  EXPECT_EQ(two->tag, "");
  EXPECT_EQ(two->end_utc_ns - two->begin_utc_ns, 1'001'000'000U);
  EXPECT_EQ(two->values, second);
  EXPECT_FALSE(reader.next());
}

TEST(Hlog, RefusesATagThatWouldBreakTheLine) {
  const test::ScratchFolder folder;
  HlogWriter writer{folder / "hops.hlog", kStart, "test"};
  EXPECT_THROW(writer.write({"a,b", kStart, kStart}, HistogramValues{kShape}), base::Error);
  EXPECT_THROW(writer.write({"a b", kStart, kStart}, HistogramValues{kShape}), base::Error);
}

TEST(Hlog, NamesTheLineThatIsWrong) {
  std::istringstream in{"#[StartTime: 5.0 (seconds since epoch)]\n0.1,1.0\n"};
  HlogReader reader{in};
  try {
    static_cast<void>(reader.next());
    FAIL() << "an interval of two fields was read";
  } catch (const base::Error& error) {
    EXPECT_EQ(std::string{error.what()}, "line 2: an interval needs four fields");
  }
}

TEST(Hlog, CannotBeCreatedInAFolderThatIsNotThere) {
  EXPECT_THROW((HlogWriter{"/nowhere/hops.hlog", kStart, "test"}), base::Error);
}

}  // namespace ridley::telemetry
