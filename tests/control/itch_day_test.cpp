// SPDX-License-Identifier: Apache-2.0
#include "control/itch_day.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "control/itch_samples.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

std::string bytes_of(const ItchDay& day) {
  const std::span<const std::byte> bytes = day.in_memory().bytes;
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The same messages behind lengths that are all zero.
std::string zero_prefixed(const std::vector<std::string>& messages) {
  std::string bytes;
  for (const std::string& message : messages) bytes += std::string(2, '\0') + message;
  return bytes;
}

// The exit code and the text of the failure to read that file.
std::pair<int, std::string> failure_of(const std::string& name) {
  try {
    const ItchDay day{name};
  } catch (const base::Error& error) {
    return {error.exit_code(), error.what()};
  }
  return {EX_OK, ""};
}

// More than the buffers between a file and its unpacked copy hold.
std::vector<std::string> long_day() {
  std::vector<std::string> messages;
  for (std::uint64_t id = 1; id <= 100'000; ++id) messages.push_back(add({1, id, 'B', 100, 5}));
  return messages;
}

}  // namespace

TEST(ItchDay, HoldsTheBytesOfAPlainFile) {
  const test::ScratchFolder folder;
  const std::string bytes = itch_bytes(small_day());
  const ItchDay day{write_file(folder / "day", bytes)};
  EXPECT_EQ(day.in_memory().messages, 7u);
  EXPECT_EQ(bytes_of(day), bytes);
}

TEST(ItchDay, LeavesTheEndMarkOut) {
  const test::ScratchFolder folder;
  const std::string bytes = itch_bytes(small_day());
  const ItchDay day{write_file(folder / "day", bytes + std::string(2, '\0'))};
  EXPECT_EQ(bytes_of(day), bytes);
}

TEST(ItchDay, WritesTheLengthsThatAZeroPrefixedFileHasNot) {
  const test::ScratchFolder folder;
  const ItchDay day{write_file(folder / "day", zero_prefixed(small_day()))};
  EXPECT_EQ(day.in_memory().messages, 7u);
  EXPECT_EQ(bytes_of(day), itch_bytes(small_day()));
}

TEST(ItchDay, UnpacksWhatIsPacked) {
  const test::ScratchFolder folder;
  const std::string bytes = itch_bytes(long_day());
  const std::string file = write_file(folder / "day", bytes);
  ASSERT_EQ(std::system(("gzip --fast " + file).c_str()), 0);
  const ItchDay day{file + ".gz"};
  EXPECT_EQ(day.in_memory().messages, 100'000u);
  EXPECT_EQ(bytes_of(day), bytes);
}

TEST(ItchDay, StopsAfterSoManyMessages) {
  const test::ScratchFolder folder;
  const auto messages = small_day();
  const std::string first_three = itch_bytes({messages[0], messages[1], messages[2]});
  const std::string plain = write_file(folder / "plain", itch_bytes(messages));
  const std::string zero = write_file(folder / "zero", zero_prefixed(messages));
  for (const std::string& name : {plain, zero}) {
    const ItchDay day{name, 3};
    EXPECT_EQ(day.in_memory().messages, 3u);
    EXPECT_EQ(bytes_of(day), first_three);
  }
}

TEST(ItchDay, SaysAtWhichByteAFileIsCutOff) {
  const test::ScratchFolder folder;
  const std::string bytes = itch_bytes(small_day());
  const std::size_t last = bytes.size() - 2 - itch::AddOrder::kSize;
  const auto [exit_code, cause] =
      failure_of(write_file(folder / "day", bytes.substr(0, bytes.size() - 1)));
  EXPECT_EQ(exit_code, EX_DATAERR);
  EXPECT_NE(cause.find("byte " + std::to_string(last) + ": message of 36 bytes is cut off"),
            std::string::npos)
      << cause;
}

TEST(ItchDay, RefusesAnUnknownTypeThatHidesItsLength) {
  const test::ScratchFolder folder;
  const std::string bytes = zero_prefixed(small_day()) + std::string(2, '\0') + "zzz";
  const auto [exit_code, cause] = failure_of(write_file(folder / "day", bytes));
  EXPECT_EQ(exit_code, EX_DATAERR);
  EXPECT_NE(cause.find("type 0x7a is unknown"), std::string::npos) << cause;
}

TEST(ItchDay, RefusesAFileWithoutMessages) {
  const test::ScratchFolder folder;
  const auto [exit_code, cause] = failure_of(write_file(folder / "day", ""));
  EXPECT_EQ(exit_code, EX_DATAERR);
  EXPECT_NE(cause.find("no message"), std::string::npos) << cause;
}

TEST(ItchDay, NeedsAFile) { EXPECT_EQ(failure_of("/nowhere/day").first, EX_NOINPUT); }

}  // namespace ridley::control
