// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hot_log_writer.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/error.hpp"
#include "log_samples.hpp"

namespace ridley::telemetry {
namespace {

namespace fs = std::filesystem;

TEST(HotLogWriter, EveryKindOfArgumentComesBack) {
  const Decoded whole = decoded(sample_file());
  EXPECT_EQ(whole.texts, kEachText);
  EXPECT_EQ(whole.last, HotLogDecoder::Step::End);
}

TEST(HotLogWriter, SaysHowManyRecordsWereLost) {
  const LogFolder folder;
  SampleLog log{4};
  for (int i = 0; i < 7; ++i) log.write<Sample::Plain>(1);
  HotLogWriter writer{{.folder = folder.path()}, log.formats()};
  writer.drain(log, 2);
  log.write<Sample::Plain>(3);
  writer.drain(log, 4);
  writer.close(5);
  const std::vector<std::string> expected{
      kEachText[0], kEachText[0], kEachText[0], kEachText[0], "3 records lost: the ring was full",
      kEachText[0]};
  EXPECT_EQ(decoded(bytes_of(writer.path())).texts, expected);
}

TEST(HotLogWriter, KeepsTheNewestWithinItsBytes) {
  const LogFolder folder;
  SampleLog log;
  constexpr std::uint64_t kBytesMax = 8'192;
  HotLogWriter writer{{.folder = folder.path(), .bytes_max = kBytesMax, .files_max = 3},
                      log.formats()};
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    log.write<Sample::Numbers>(i, i, std::int64_t{0}, 0.0, false);
    writer.drain(log, i);
  }
  writer.close(2'000);
  std::uint64_t bytes = 0;
  std::vector<std::string> texts;
  for (const char* name : {"events.2.rlog", "events.1.rlog", "events.rlog"}) {
    const std::string file = bytes_of(folder.path() / name);
    bytes += file.size();
    const Decoded one = decoded(file);
    EXPECT_EQ(one.last, HotLogDecoder::Step::End) << name;
    texts.insert(texts.end(), one.texts.begin(), one.texts.end());
  }
  EXPECT_LE(bytes, kBytesMax);
  ASSERT_GT(texts.size(), 50U);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t number = 2'000 - texts.size() + i;
    ASSERT_TRUE(texts[i].starts_with(std::to_string(number) + " and ")) << texts[i];
  }
  EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}), 3);
}

TEST(HotLogWriter, AFileTooSmallForARecordStillHoldsOne) {
  const LogFolder folder;
  SampleLog log;
  HotLogWriter writer{{.folder = folder.path(), .bytes_max = 1, .files_max = 1}, log.formats()};
  write_each(log);
  writer.drain(log, 1);
  writer.close(2);
  EXPECT_EQ(decoded(bytes_of(writer.path())).texts, std::vector{kEachText[3]});
}

TEST(HotLogWriter, AnEarlierRunIsKeptAsAnOlderFile) {
  const LogFolder folder;
  for (int run = 0; run < 2; ++run) {
    SampleLog log;
    if (run == 0) log.write<Sample::Plain>(1);
    HotLogWriter writer{{.folder = folder.path()}, log.formats()};
    writer.drain(log, 2);
  }
  EXPECT_EQ(decoded(bytes_of(folder.path() / "events.1.rlog")).texts, std::vector{kEachText[0]});
  EXPECT_TRUE(decoded(bytes_of(folder.path() / "events.rlog")).texts.empty());
}

TEST(HotLogWriter, AFolderThatIsNotThereIsSaidSo) {
  SampleLog log;
  try {
    HotLogWriter writer{{.folder = "/no/such/folder"}, log.formats()};
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CANTCREAT);
  }
}

TEST(HotLogWriter, WhatWasDrainedSurvivesAKilledProcess) {
  const LogFolder folder;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    SampleLog log;
    write_each(log);
    HotLogWriter writer{{.folder = folder.path()}, log.formats()};
    writer.drain(log, 5'000);
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const Decoded left = decoded(bytes_of(folder.path() / "events.rlog"));
  EXPECT_EQ(left.texts, kEachText);
  EXPECT_EQ(left.last, HotLogDecoder::Step::More);
  EXPECT_NE(left.damage.find("no end mark"), std::string::npos) << left.damage;
}

}  // namespace
}  // namespace ridley::telemetry
