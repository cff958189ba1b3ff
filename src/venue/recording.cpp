// SPDX-License-Identifier: Apache-2.0
#include "venue/recording.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace ridley::venue {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

// The simulated day is always the same one, so that the same seed gives the same file:
// 2 January 2025.
constexpr std::uint64_t kMidnight_s = 1'735'776'000;

// libpcap's file header: nanosecond magic, version 2.4, no zone, snap length, Ethernet.
constexpr std::array<std::uint32_t, 6> kCaptureHead{0xA1B23C4D, 0x0004'0002, 0, 0, 65'535, 1};

}  // namespace

Recording::Recording(const std::string& path) : path_{path} {
  capture_ = path.ends_with(".pcap");
  if (!capture_ && !path.ends_with(".itch")) {
    throw base::Error::with_exit(EX_USAGE, "recording ", path, ": want FILE.pcap or FILE.itch");
  }
  file_.reset(std::fopen(path.c_str(), "wb"));
  if (!file_) {
    throw base::Error::with_exit(EX_CANTCREAT, "recording ", path, ": ", std::strerror(errno));
  }
  if (capture_) write(kCaptureHead.data(), sizeof kCaptureHead);
}

void Recording::frame(std::span<const std::byte> bytes, std::uint64_t ns) {
  if (!capture_) return;
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::array<std::uint32_t, 4> head{
      static_cast<std::uint32_t>(kMidnight_s + ns / kNsPerSecond),
      static_cast<std::uint32_t>(ns % kNsPerSecond), size, size};
  write(head.data(), sizeof head);
  write(bytes.data(), bytes.size());
}

void Recording::messages(std::span<const std::byte> framed) {
  if (!capture_) write(framed.data(), framed.size());
}

void Recording::close() {
  // A length of zero ends a BinaryFILE.
  constexpr std::uint16_t kEnd = 0;
  if (!capture_) write(&kEnd, sizeof kEnd);
  const bool whole = std::ferror(file_.get()) == 0;
  if (std::fclose(file_.release()) != 0 || !whole) {
    throw base::Error::with_exit(EX_IOERR, "recording ", path_, " is not whole: disk full?");
  }
}

// An error sticks to the file and is told at the end.
void Recording::write(const void* bytes, std::size_t size) {
  (void)std::fwrite(bytes, 1, size, file_.get());
}

}  // namespace ridley::venue
