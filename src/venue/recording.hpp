// SPDX-License-Identifier: Apache-2.0
// In: frames and messages as they are sent. Out: a capture (FILE.pcap, nanoseconds) of the frames
// or a BinaryFILE (FILE.itch) of the messages. Cold.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>

namespace ridley::venue {

class Recording {
 public:
  // Throws base::Error when the file cannot be made or its ending is neither.
  explicit Recording(const std::string& path);

  // One frame, at that time since midnight of the simulated day.
  void frame(std::span<const std::byte> bytes, std::uint64_t ns);
  // Messages behind their lengths.
  void messages(std::span<const std::byte> framed);
  // Throws base::Error when not everything could be written.
  void close();

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  void write(const void* bytes, std::size_t size);

  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  bool capture_ = false;
};

}  // namespace ridley::venue
