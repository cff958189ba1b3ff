// SPDX-License-Identifier: Apache-2.0
// In: frames and messages as they are sent. Out: a capture (FILE.pcap, nanoseconds) of the frames
// or a BinaryFILE (FILE.itch) of the messages. Cold.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>

#include "nic/capture_file.hpp"

namespace ridley::venue {

class Recording {
 public:
  // Throws base::Error when the file cannot be made or its ending is neither.
  explicit Recording(const std::string& path);

  // One frame, at that time since midnight of the simulated day. Throws base::Error when the disk
  // is full.
  void frame(std::span<const std::byte> bytes, std::uint64_t ns);
  // Messages behind their lengths.
  void messages(std::span<const std::byte> framed);
  // Throws base::Error when not everything could be written.
  void close();

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  std::string path_;
  // One of the two.
  std::unique_ptr<nic::CaptureWriter> capture_;
  std::unique_ptr<std::FILE, Closer> messages_;
};

}  // namespace ridley::venue
