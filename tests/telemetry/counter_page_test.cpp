// SPDX-License-Identifier: Apache-2.0
#include "telemetry/counter_page.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"
#include "telemetry/counter_reader.hpp"

namespace ridley::telemetry {
namespace {

// A process that makes a page, counts to 42 and then sleeps until it is killed.
pid_t start_writer(const std::filesystem::path& path) {
  std::array<int, 2> ready{};
  if (::pipe(ready.data()) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    CounterPage page{{.path = path, .start_utc_ns = 5}};
    page.counter("order.sent").add(42);
    const char done = 'x';
    if (::write(ready[1], &done, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char done = 0;
  EXPECT_EQ(::read(ready[0], &done, 1), 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

void kill_writer(pid_t child) {
  ::kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
}

}  // namespace

TEST(CounterPage, ShowsItsNumbersToAReader) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page", .start_utc_ns = 77}};
  Counter frames = page.counter("nic.frames");
  Gauge position = page.gauge("risk.position");
  HopHistograms hops = page.hop_histograms();
  const CounterReader reader{folder / "page"};
  frames.add(3);
  position.set(-9);
  hops.record(Hop::Sent, 150);
  page.beat(78);
  EXPECT_EQ(reader.number("nic.frames"), 3);
  EXPECT_EQ(reader.number("risk.position"), -9);
  EXPECT_EQ(reader.histogram("hop.sent")->max(), 150U);
  EXPECT_EQ(reader.histogram("hop.book")->count(), 0U);
  EXPECT_EQ(reader.start_utc_ns(), 77U);
  EXPECT_EQ(reader.beat_utc_ns(), 78U);
}

TEST(CounterPage, ShowsWhatIsNamedAfterTheReaderCame) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page"}};
  const CounterReader reader{folder / "page"};
  EXPECT_FALSE(reader.number("late"));
  page.counter("late").add(1);
  EXPECT_EQ(reader.number("late"), 1);
}

TEST(CounterPage, KeepsGroupsAndHistogramsOnLinesOfTheirOwn) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page"}};
  static_cast<void>(page.counter("one"));
  static_cast<void>(page.counter("two"));
  page.begin_group();
  static_cast<void>(page.counter("three"));
  static_cast<void>(page.histogram("four"));
  std::array<PageEntry, 4> rows{};
  std::ifstream file{folder / "page", std::ios::binary};
  file.seekg(sizeof(PageHead)).read(reinterpret_cast<char*>(rows.data()), sizeof rows);
  EXPECT_EQ(rows[1].offset, rows[0].offset + 8);
  EXPECT_EQ(rows[2].offset % 128, 0U);
  EXPECT_NE(rows[2].offset / 128, rows[1].offset / 128);
  EXPECT_EQ(rows[3].offset % 128, 0U);
  EXPECT_NE(rows[3].offset / 128, rows[2].offset / 128);
}

TEST(CounterPage, RefusesANameTwiceEmptyOrTooLong) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page"}};
  static_cast<void>(page.counter("one"));
  EXPECT_THROW(static_cast<void>(page.gauge("one")), base::Error);
  EXPECT_THROW(static_cast<void>(page.counter("")), base::Error);
  EXPECT_NO_THROW(static_cast<void>(page.counter(std::string(47, 'a'))));
  EXPECT_THROW(static_cast<void>(page.counter(std::string(48, 'b'))), base::Error);
}

TEST(CounterPage, IsFullAfterItsLastEntry) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page", .entries_max = 2}};
  static_cast<void>(page.counter("one"));
  static_cast<void>(page.counter("two"));
  EXPECT_THROW(static_cast<void>(page.counter("three")), base::Error);
}

TEST(CounterPage, IsReadableByItsGroupOnly) {
  const test::ScratchFolder folder;
  const mode_t before = ::umask(0077);
  const CounterPage page{{.path = folder / "page"}};
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat((folder / "page").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640U);
}

TEST(CounterPage, GoesAwayWithItsWriter) {
  const test::ScratchFolder folder;
  {
    const CounterPage page{{.path = folder / "page"}};
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "page"));
}

TEST(CounterPage, OfALivingProcessIsNotTakenOver) {
  const test::ScratchFolder folder;
  const pid_t writer = start_writer(folder / "page");
  EXPECT_THROW(CounterPage({.path = folder / "page"}), base::Error);
  const CounterReader reader{folder / "page"};
  EXPECT_EQ(reader.number("order.sent"), 42);
  EXPECT_EQ(reader.writer_pid(), static_cast<std::uint32_t>(writer));
  EXPECT_FALSE(reader.stale());
  kill_writer(writer);
}

TEST(CounterPage, OfADeadProcessIsStaleAndReplaced) {
  const test::ScratchFolder folder;
  const pid_t writer = start_writer(folder / "page");
  const CounterReader old{folder / "page"};
  kill_writer(writer);
  EXPECT_TRUE(old.stale());
  EXPECT_EQ(old.number("order.sent"), 42);
  EXPECT_FALSE(old.replaced());

  CounterPage page{{.path = folder / "page"}};
  static_cast<void>(page.counter("order.sent"));
  EXPECT_TRUE(old.replaced());
  EXPECT_EQ(old.number("order.sent"), 42);
  const CounterReader fresh{folder / "page"};
  EXPECT_EQ(fresh.number("order.sent"), 0);
  EXPECT_FALSE(fresh.stale());
}

TEST(CounterPage, SurvivesALeftoverOfACrashWhileBuilding) {
  const test::ScratchFolder folder;
  std::ofstream{folder / "page.building"} << std::string(1 << 20, 'x');
  CounterPage page{{.path = folder / "page"}};
  EXPECT_EQ(page.counter("one").value(), 0U);
  EXPECT_FALSE(std::filesystem::exists(folder / "page.building"));
}

TEST(CounterPage, DoesNotFollowALinkPlacedForIt) {
  const test::ScratchFolder folder;
  std::ofstream{folder / "precious"} << "kept";
  std::filesystem::create_symlink(folder / "precious", folder / "page.building");
  EXPECT_THROW(CounterPage({.path = folder / "page"}), base::Error);
  EXPECT_EQ(std::filesystem::file_size(folder / "precious"), 4U);
}

}  // namespace ridley::telemetry
