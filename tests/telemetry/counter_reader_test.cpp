// SPDX-License-Identifier: Apache-2.0
#include "telemetry/counter_reader.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::telemetry {
namespace {

int exit_code_of_opening(const std::filesystem::path& path) {
  try {
    const CounterReader reader{path};
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return EX_OK;
}

// A page as a later version might write it: larger head, larger rows, a kind unknown here.
std::vector<std::uint64_t> page_of_the_future() {
  constexpr std::size_t kHeadBytes = sizeof(PageHead) + 64;
  constexpr std::size_t kEntryBytes = sizeof(PageEntry) + 16;
  std::vector<std::uint64_t> words((kHeadBytes + 2 * kEntryBytes) / 8 + 2);
  auto* bytes = reinterpret_cast<std::byte*>(words.data());
  ::new (bytes) PageHead{kPageMagic, 9, kHeadBytes, kEntryBytes, 2, 2, 1, words.size() * 8, 0, 0};
  for (std::size_t row = 0; row < 2; ++row) {
    PageEntry entry{};
    std::strcpy(entry.name.data(), row == 0 ? "unheard.of" : "order.sent");
    entry.kind = row == 0 ? static_cast<EntryKind>(99) : EntryKind::Count;
    entry.length = 1;
    entry.offset = words.size() * 8 - 16 + row * 8;
    std::memcpy(bytes + kHeadBytes + row * kEntryBytes, &entry, sizeof entry);
  }
  words.back() = 4711;
  return words;
}

void write_words(const std::filesystem::path& path, const std::vector<std::uint64_t>& words) {
  std::ofstream file{path, std::ios::binary};
  file.write(reinterpret_cast<const char*>(words.data()),
             static_cast<std::streamsize>(words.size() * 8));
}

}  // namespace

TEST(CounterReader, ReadsWhileTheWriterInAnotherProcessGoesOn) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page"}};
  Counter counter = page.counter("nic.frames");
  HopHistogram& histogram = page.histogram("hop.sent");
  const pid_t child = ::fork();
  if (child == 0) {
    // The reader's process: numbers only grow, until it has seen the last.
    const CounterReader reader{folder / "page"};
    std::int64_t last = 0;
    while (last < 100'000) {
      const std::int64_t now = reader.number("nic.frames").value_or(-1);
      if (now < last) ::_exit(1);
      last = now;
      if (reader.stale()) ::_exit(2);
    }
    ::_exit(reader.histogram("hop.sent")->count() > 0 ? 0 : 3);
  }
  histogram.record(5);
  for (int i = 0; i < 100'000; ++i) counter.add();
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(CounterReader, GivesNumbersInTheOrderOfTheirNaming) {
  const test::ScratchFolder folder;
  CounterPage page{{.path = folder / "page"}};
  static_cast<void>(page.counter("b"));
  static_cast<void>(page.histogram("hop.sent"));
  static_cast<void>(page.gauge("a"));
  const CounterReader reader{folder / "page"};
  const auto numbers = reader.numbers();
  ASSERT_EQ(numbers.size(), 2U);
  EXPECT_EQ(numbers[0].name, "b");
  EXPECT_EQ(numbers[1].name, "a");
  EXPECT_EQ(numbers[1].kind, EntryKind::Level);
  EXPECT_EQ(reader.histogram_names(), std::vector<std::string_view>{"hop.sent"});
  EXPECT_EQ(reader.histogram_counts("hop.sent").size(), HopHistogram::kShape.counts());
  EXPECT_TRUE(reader.histogram_counts("a").empty());
}

TEST(CounterReader, ReadsAPageOfALaterVersion) {
  const test::ScratchFolder folder;
  write_words(folder / "page", page_of_the_future());
  const CounterReader reader{folder / "page"};
  EXPECT_EQ(reader.version(), 9U);
  EXPECT_EQ(reader.numbers().size(), 1U);
  EXPECT_EQ(reader.number("order.sent"), 4711);
  EXPECT_TRUE(reader.stale());
}

TEST(CounterReader, SkipsARowThatPointsOutsideThePage) {
  const test::ScratchFolder folder;
  auto words = page_of_the_future();
  auto* bytes = reinterpret_cast<std::byte*>(words.data());
  const std::size_t second_row = sizeof(PageHead) + 64 + sizeof(PageEntry) + 16;
  for (const std::uint64_t offset : {words.size() * 8, ~std::uint64_t{7}, std::uint64_t{9}}) {
    std::memcpy(bytes + second_row + offsetof(PageEntry, offset), &offset, sizeof offset);
    write_words(folder / "page", words);
    EXPECT_FALSE(CounterReader{folder / "page"}.number("order.sent")) << offset;
  }
}

TEST(CounterReader, SaysWhyItCannotOpen) {
  const test::ScratchFolder folder;
  EXPECT_EQ(exit_code_of_opening(folder / "page"), EX_NOINPUT);
  write_words(folder / "empty", {});
  EXPECT_EQ(exit_code_of_opening(folder / "empty"), EX_DATAERR);
  write_words(folder / "zeros", std::vector<std::uint64_t>(100));
  EXPECT_EQ(exit_code_of_opening(folder / "zeros"), EX_DATAERR);
  auto words = page_of_the_future();
  words.pop_back();
  write_words(folder / "short", words);
  EXPECT_EQ(exit_code_of_opening(folder / "short"), EX_DATAERR);
}

TEST(CounterReader, RefusesATableLongerThanThePage) {
  const test::ScratchFolder folder;
  auto words = page_of_the_future();
  const std::uint32_t entries_max = 0xFFFF'FFFF;
  std::memcpy(reinterpret_cast<std::byte*>(words.data()) + offsetof(PageHead, entries_max),
              &entries_max, sizeof entries_max);
  write_words(folder / "page", words);
  EXPECT_EQ(exit_code_of_opening(folder / "page"), EX_DATAERR);
}

}  // namespace ridley::telemetry
