// SPDX-License-Identifier: Apache-2.0
#include "venue/recording.hpp"

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace ridley::venue {

namespace {

// The simulated day is always the same one, so that the same seed gives the same file:
// 2 January 2025.
constexpr std::uint64_t kMidnight_ns = 1'735'776'000'000'000'000;

}  // namespace

Recording::Recording(const std::string& path) : path_{path} {
  if (path.ends_with(".pcap")) {
    capture_ = std::make_unique<nic::CaptureWriter>(path);
    return;
  }
  if (!path.ends_with(".itch")) {
    throw base::Error::with_exit(EX_USAGE, "recording ", path, ": want FILE.pcap or FILE.itch");
  }
  messages_.reset(std::fopen(path.c_str(), "wb"));
  if (!messages_) {
    throw base::Error::with_exit(EX_CANTCREAT, "recording ", path, ": ", std::strerror(errno));
  }
}

void Recording::frame(std::span<const std::byte> bytes, std::uint64_t ns) {
  if (capture_) capture_->write(bytes, kMidnight_ns + ns);
}

// An error sticks to the file and is told at the end.
void Recording::messages(std::span<const std::byte> framed) {
  if (messages_) (void)std::fwrite(framed.data(), 1, framed.size(), messages_.get());
}

void Recording::close() {
  if (capture_) return capture_->close();
  // A length of zero ends a BinaryFILE.
  constexpr std::uint16_t kEnd = 0;
  (void)std::fwrite(&kEnd, sizeof kEnd, 1, messages_.get());
  const bool whole = std::ferror(messages_.get()) == 0;
  if (std::fclose(messages_.release()) != 0 || !whole) {
    throw base::Error::with_exit(EX_IOERR, "recording ", path_, " is not whole: disk full?");
  }
}

}  // namespace ridley::venue
