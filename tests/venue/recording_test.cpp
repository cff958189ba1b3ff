// SPDX-License-Identifier: Apache-2.0
#include "venue/recording.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"
#include "venue/message_buffer.hpp"

namespace ridley::venue {
namespace {

std::vector<unsigned char> read(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Recording, WritesACaptureWithNanoseconds) {
  ridley::test::ScratchFolder folder;
  Recording recording{folder / "a.pcap"};
  const std::array<std::byte, 3> frame{std::byte{1}, std::byte{2}, std::byte{3}};
  recording.frame(frame, 34'200'000'000'007);
  recording.messages(frame);  // not for a capture
  recording.close();
  const std::vector<unsigned char> bytes = read(folder / "a.pcap");
  ASSERT_EQ(bytes.size(), 24u + 16 + 3);
  EXPECT_EQ(bytes[0], 0x4D);
  EXPECT_EQ(bytes[3], 0xA1);
  EXPECT_EQ(bytes[28], 7);  // nanoseconds
  EXPECT_EQ(bytes[32], 3);  // captured
  EXPECT_EQ(bytes[42], 3);
}

TEST(Recording, EndsABinaryFileWithALengthOfZero) {
  ridley::test::ScratchFolder folder;
  Recording recording{folder / "a.itch"};
  MessageBuffer buffer;
  buffer.append(1)[0] = std::byte{'S'};
  recording.messages(buffer.bytes());
  recording.frame(buffer.bytes(), 0);  // not for a BinaryFILE
  recording.close();
  EXPECT_EQ(read(folder / "a.itch"), (std::vector<unsigned char>{0, 1, 'S', 0, 0}));
}

TEST(Recording, RefusesOtherEndingsAndPlacesItCannotWrite) {
  EXPECT_THROW(Recording{"a.txt"}, base::Error);
  try {
    Recording{"/no/such/folder/a.pcap"};
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CANTCREAT);
  }
}

TEST(Recording, SaysSoWhenTheDiskIsFull) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "needs /dev/full";
  ridley::test::ScratchFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / "a.itch");
  Recording recording{folder / "a.itch"};
  EXPECT_THROW(recording.close(), base::Error);
}

}  // namespace
}  // namespace ridley::venue
