// SPDX-License-Identifier: Apache-2.0
#include "telemetry/snapshots.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::telemetry {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kStart = 1'700'000'000 * kSecond;

std::vector<nlohmann::json> lines_of(const std::filesystem::path& path) {
  std::vector<nlohmann::json> lines;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace

TEST(Snapshots, WriteALineAndAnIntervalASecond) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page"}};
  Counter sent = page.counter("order.sent");
  Gauge exposure = page.gauge("risk.exposure");
  HopHistograms hops = page.hop_histograms();
  const CounterReader reader{folder / "page"};
  Snapshots snapshots{
      reader, {.lines = folder / "run.jsonl", .hlog = folder / "run.hlog", .start_utc_ns = kStart}};

  sent.add(2);
  exposure.set(-5);
  hops.record(Hop::Sent, 100);
  hops.record(Hop::Sent, 200);
  const std::array<Holding, 1> holdings{{{"AAPL", -100, 25'000, -1}}};
  snapshots.write(kStart + kSecond, holdings);
  sent.add(1);
  hops.record(Hop::Sent, 50);
  snapshots.write(kStart + 2 * kSecond, {});

  const auto lines = lines_of(folder / "run.jsonl");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["counters"]["order.sent"], 2);
  EXPECT_EQ(lines[0]["gauges"]["risk.exposure"], -5);
  EXPECT_EQ(lines[0]["hops"]["sent"]["count"], 2);
  EXPECT_EQ(lines[0]["hops"]["sent"]["p50"], 100);
  EXPECT_EQ(lines[0]["hops"]["sent"]["max"], 200);
  EXPECT_EQ(lines[0]["positions"][0]["symbol"], "AAPL");
  EXPECT_EQ(lines[0]["positions"][0]["position"], -100);
  EXPECT_EQ(lines[1]["counters"]["order.sent"], 3);
  EXPECT_EQ(lines[1]["hops"]["sent"]["count"], 1);
  EXPECT_EQ(lines[1]["hops"]["sent"]["max"], 50);
  EXPECT_EQ(lines[1]["interval_ns"], kSecond);

  std::ifstream hlog{folder / "run.hlog"};
  HlogReader log{hlog};
  std::size_t sent_values = 0;
  std::size_t intervals = 0;
  while (const auto interval = log.next()) {
    ++intervals;
    if (interval->tag == "sent") sent_values += interval->values.count();
  }
  EXPECT_EQ(intervals, 2 * kHopCount);
  EXPECT_EQ(sent_values, 3U);
}

TEST(Snapshots, EscapeASymbolThatIsNotPlain) {
  const test::ScratchFolder folder;
  const CounterPage page{{.path = folder / "page"}};
  const CounterReader reader{folder / "page"};
  Snapshots snapshots{reader, {.lines = folder / "run.jsonl", .hlog = {}, .start_utc_ns = kStart}};
  const std::array<Holding, 1> holdings{{{"A\"\\\n\xff", 1, 0, 0}}};
  snapshots.write(kStart + 1, holdings);
  EXPECT_EQ(lines_of(folder / "run.jsonl")[0]["positions"][0]["symbol"], "A\"\\\n\u00ff");
}

TEST(Snapshots, CannotWriteIntoAFolderThatIsNotThere) {
  const test::ScratchFolder folder;
  const CounterPage page{{.path = folder / "page"}};
  const CounterReader reader{folder / "page"};
  EXPECT_THROW(
      (Snapshots{reader, {.lines = folder / "no/run.jsonl", .hlog = {}, .start_utc_ns = 0}}),
      base::Error);
}

}  // namespace ridley::telemetry
