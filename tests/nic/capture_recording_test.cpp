// SPDX-License-Identifier: Apache-2.0
#include "nic/capture_recording.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.hpp"
#include "nic/capture_file.hpp"
#include "nic/frames.hpp"

namespace ridley::nic {

TEST(CaptureRecording, HoldsTheWholeFile) {
  const std::string path =
      (std::filesystem::temp_directory_path() / "ridley_recording_test.pcap").string();
  CaptureWriter writer{path};
  for (std::uint64_t i = 0; i < 1000; ++i) {
    writer.write(test::Bytes(i % 60 + 1, static_cast<std::byte>(i)), 1'000'000'000 + i);
  }
  writer.close();
  const auto recording = CaptureRecording::load(path);
  ASSERT_EQ(recording.size(), 1000u);
  for (std::size_t i = 0; i < recording.size(); ++i) {
    EXPECT_EQ(recording.ns(i), 1'000'000'000 + i);
    EXPECT_EQ(recording.frame(i).length, i % 60 + 1);
    EXPECT_EQ(recording.frame(i).bytes[0], static_cast<std::byte>(i));
  }
  std::filesystem::remove(path);
  EXPECT_THROW(static_cast<void>(CaptureRecording::load(path)), base::Error);
}

}  // namespace ridley::nic
