// SPDX-License-Identifier: Apache-2.0
// Our histogram logs as others read them: Debian's libhdrhistogram-java and PyPI's hdrhistogram.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <random>
#include <sstream>
#include <string>

#include "support/scratch_folder.hpp"
#include "telemetry/hlog.hpp"

namespace ridley::telemetry {
namespace {

constexpr std::uint64_t kStart = 1'700'000'000'250'000'000ULL;
constexpr const char* kJar = "/usr/share/java/hdrhistogram.jar";

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> part;
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) {
    text.append(part.data(), got);
  }
  return ::pclose(pipe) == 0 ? text : std::string{};
}

// Three seconds of two tags; gives back all of tag "sent".
HistogramValues write_log(const std::filesystem::path& path) {
  const HistogramShape shape{3, kHighestRecordedNs};
  HlogWriter writer{path, kStart, "written by a test"};
  std::mt19937_64 random{20'240'601};
  HistogramValues sent{shape};
  for (std::uint64_t second = 0; second < 3; ++second) {
    for (const char* tag : {"book", "sent"}) {
      HistogramValues values{shape};
      for (int i = 0; i < 10'000; ++i) values.record(random() >> (random() % 30 + 34));
      const std::uint64_t begin = kStart + second * 1'000'000'000;
      writer.write({tag, begin, begin + 1'000'000'000}, values);
      if (std::string_view{tag} == "sent") sent.add(values);
    }
  }
  return sent;
}

std::uint64_t count_up_to(const HistogramValues& values, std::uint64_t value) {
  const std::size_t end = values.shape().index(value) + 1;
  return std::accumulate(values.counts().begin(),
                         values.counts().begin() + static_cast<std::ptrdiff_t>(end),
                         std::uint64_t{0});
}

}  // namespace

TEST(HlogInterchange, IsReadAlikeByTheJavaReference) {
  if (!std::filesystem::exists(kJar) || output_of("command -v java").empty()) {
    GTEST_SKIP() << "needs libhdrhistogram-java and a Java runtime";
  }
  const test::ScratchFolder folder;
  const HistogramValues sent = write_log(folder / "hops.hlog");
  std::istringstream rows{output_of(
      std::string{"java -cp "} + kJar + " org.HdrHistogram.HistogramLogProcessor -csv -tag sent" +
      " -outputValueUnitRatio 1 -i " + (folder / "hops.hlog").string())};

  std::size_t compared = 0;
  for (std::string line; std::getline(rows, line);) {
    double value = 0;
    double share = 0;
    unsigned long long total = 0;
    if (std::sscanf(line.c_str(), "%lf,%lf,%llu", &value, &share, &total) != 3) continue;
    ++compared;
    EXPECT_EQ(count_up_to(sent, static_cast<std::uint64_t>(value)), total) << line;
    EXPECT_EQ(sent.value_at_percentile(share * 100), static_cast<std::uint64_t>(value)) << line;
  }
  EXPECT_GT(compared, 50U);
}

TEST(HlogInterchange, IsReadAlikeByThePythonImplementation) {
  if (output_of("python3 -c 'import hdrh; print(1)' 2>/dev/null").empty()) {
    GTEST_SKIP() << "needs the Python package hdrhistogram (pip install hdrhistogram)";
  }
  const test::ScratchFolder folder;
  const HistogramValues sent = write_log(folder / "hops.hlog");
  const std::string script =
      "from hdrh.histogram import HdrHistogram as H\n"
      "from hdrh.log import HistogramLogReader as R\n"
      "sum = H(1, 10**10, 3)\n"
      "log = R('" +
      (folder / "hops.hlog").string() +
      "', sum)\n"
      "while (one := log.get_next_interval_histogram()):\n"
      "  if one.get_tag() == 'sent': sum.add(one)\n"
      "print(sum.total_count, *[sum.get_value_at_percentile(p) for p in (50, 90, 99, 99.9, "
      "100)])\n";
  std::istringstream result{output_of("python3 -c \"" + script + "\"")};
  std::uint64_t total = 0;
  result >> total;
  EXPECT_EQ(total, sent.count());
  for (const double percentile : {50.0, 90.0, 99.0, 99.9, 100.0}) {
    std::uint64_t value = 0;
    result >> value;
    EXPECT_EQ(value, sent.value_at_percentile(percentile)) << percentile;
  }
  EXPECT_TRUE(result);
}

}  // namespace ridley::telemetry
