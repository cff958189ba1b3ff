// SPDX-License-Identifier: Apache-2.0
#include "feed/itch_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

#include "support/shared_data.hpp"
#include "wire/itch.hpp"

namespace ridley::feed {
namespace {

class File {
 public:
  explicit File(const std::vector<std::byte>& bytes)
      : path_{std::filesystem::temp_directory_path() /
              ("ridley_itch_file_" + std::to_string(getpid()))} {
    std::ofstream{path_, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                 static_cast<std::streamsize>(bytes.size()));
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string name() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

enum class Prefix { Length, Zero };

// count system events, each with its own tracking number.
std::vector<std::byte> events(std::size_t count, Prefix prefix) {
  constexpr std::size_t kStep = 2 + wire::itch::SystemEvent::kSize;
  std::vector<std::byte> bytes(count * kStep);
  for (std::size_t index = 0; index < count; ++index) {
    std::byte* at = bytes.data() + index * kStep;
    if (prefix == Prefix::Length) at[1] = std::byte{wire::itch::SystemEvent::kSize};
    wire::itch::SystemEventWriter{at + 2}
        .tracking_number(static_cast<std::uint16_t>(index))
        .event_code('O');
  }
  return bytes;
}

// How many messages came out before the end or the failure, and its text.
struct Walk {
  std::size_t count = 0;
  std::string failure;
};

Walk walk(const std::vector<std::byte>& bytes) {
  const File stored{bytes};
  Walk result;
  try {
    ItchFile file{stored.name()};
    ItchFileMessage message;
    while (file.next(message)) {
      EXPECT_EQ(wire::itch::SystemEvent{message.bytes.data()}.tracking_number(),
                static_cast<std::uint16_t>(result.count));
      EXPECT_EQ(message.sequence, ++result.count);
    }
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    result.failure = error.what();
  }
  return result;
}

std::map<char, int> count_types(const std::string& name) {
  std::map<char, int> found;
  ItchFile file{test::shared_data(name).string()};
  ItchFileMessage message;
  while (file.next(message)) {
    EXPECT_EQ(message.bytes.size(), wire::itch::size_of(static_cast<char>(message.bytes[0])));
    ++found[static_cast<char>(message.bytes[0])];
  }
  return found;
}

}  // namespace

TEST(ItchFile, GivesEveryMessageOverManyBuffers) {
  for (const Prefix prefix : {Prefix::Length, Prefix::Zero}) {
    const Walk result = walk(events(300'000, prefix));
    EXPECT_EQ(result.count, 300'000u);
    EXPECT_EQ(result.failure, "");
  }
}

TEST(ItchFile, EndsAtTheEndMark) {
  for (const Prefix prefix : {Prefix::Length, Prefix::Zero}) {
    auto bytes = events(3, prefix);
    bytes.resize(bytes.size() + 2);
    EXPECT_EQ(walk(bytes).count, 3u);
    EXPECT_EQ(walk(bytes).failure, "");
  }
}

TEST(ItchFile, RefusesBytesAfterTheEndMark) {
  auto bytes = events(3, Prefix::Length);
  bytes.resize(bytes.size() + 3);
  EXPECT_EQ(walk(bytes).count, 3u);
  EXPECT_NE(walk(bytes).failure.find("byte 44: more bytes after the end mark"), std::string::npos)
      << walk(bytes).failure;
}

TEST(ItchFile, SaysWhereTheLastMessageIsCutOff) {
  for (const Prefix prefix : {Prefix::Length, Prefix::Zero}) {
    const auto whole = events(2, prefix);
    for (std::size_t size = 15; size < whole.size(); ++size) {
      auto bytes = whole;
      bytes.resize(size);
      const Walk result = walk(bytes);
      EXPECT_EQ(result.count, 1u);
      if (prefix == Prefix::Zero && size == 16) continue;  // the same as an end mark
      EXPECT_NE(result.failure.find("byte 14:"), std::string::npos) << result.failure;
    }
  }
}

TEST(ItchFile, RefusesAnUnknownTypeOnlyWhereNothingElseGivesItsLength) {
  auto bytes = events(2, Prefix::Zero);
  bytes[16] = std::byte{'?'};
  EXPECT_EQ(walk(bytes).count, 1u);
  EXPECT_NE(walk(bytes).failure.find("byte 16: "), std::string::npos) << walk(bytes).failure;
  auto prefixed = events(2, Prefix::Length);
  prefixed[16] = std::byte{'?'};
  const File stored{prefixed};
  ItchFile file{stored.name()};
  ItchFileMessage message;
  EXPECT_TRUE(file.next(message));
  EXPECT_TRUE(file.next(message));
  EXPECT_FALSE(file.next(message));
}

TEST(ItchFile, TakesALengthWhereTheOthersAreZero) {
  auto bytes = events(2, Prefix::Zero);
  bytes[15] = std::byte{wire::itch::SystemEvent::kSize};
  EXPECT_EQ(walk(bytes).count, 2u);
  bytes.resize(16);
  EXPECT_NE(walk(bytes).failure.find("byte 14: message of 12 bytes"), std::string::npos);
}

TEST(ItchFile, TellsAFileByItsFirstBytes) {
  EXPECT_EQ(ItchFile::form_of(events(2, Prefix::Length)), ItchFileForm::LengthPrefixed);
  EXPECT_EQ(ItchFile::form_of(events(2, Prefix::Zero)), ItchFileForm::ZeroPrefixed);
  const std::array<std::byte, 4> pcap{std::byte{0xD4}, std::byte{0xC3}, std::byte{0xB2},
                                      std::byte{0xA1}};
  EXPECT_EQ(ItchFile::form_of(pcap), ItchFileForm::Unknown);
  EXPECT_EQ(ItchFile::form_of({}), ItchFileForm::Unknown);
}

TEST(ItchFile, ReadsAnArtificialDayWithZeroPrefixes) {
  RIDLEY_NEEDS_SHARED_DATA("itch/ex20101224.TEST_ITCH_50.gz");
  const std::map<char, int> expected{{'S', 6},   {'R', 3},  {'H', 3},    {'A', 4997}, {'F', 3},
                                     {'E', 198}, {'X', 45}, {'D', 1745}, {'U', 12},   {'P', 5000}};
  EXPECT_EQ(count_types("itch/ex20101224.TEST_ITCH_50.gz"), expected);
}

TEST(ItchFile, ReadsTheHeadOfARealSession) {
  RIDLEY_NEEDS_SHARED_DATA("itch/nasdaq-session-head-1000.itch");
  const std::map<char, int> expected{{'S', 1}, {'R', 993}, {'H', 3}, {'Y', 3}};
  EXPECT_EQ(count_types("itch/nasdaq-session-head-1000.itch"), expected);
}

}  // namespace ridley::feed
