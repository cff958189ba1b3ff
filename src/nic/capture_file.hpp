// SPDX-License-Identifier: Apache-2.0
// In: a pcap or pcapng file, plain, gzip or xz, or "-" for the standard input. Out: its frames as
// Ethernet frames, one by one, with nanoseconds and the place in the file. And back: frames to a
// pcap file with nanoseconds. Cold; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/byte_source.hpp"
#include "nic/frame.hpp"

namespace ridley::nic {

// The bytes stay valid until the next call of next().
struct CapturedFrame {
  std::span<const std::byte> bytes;
  std::uint32_t wire_length = 0;
  std::uint64_t ns = 0;      // since the Unix epoch
  std::uint64_t offset = 0;  // of the record in the decompressed file

  [[nodiscard]] Frame frame() const noexcept {
    return {.bytes = bytes.data(),
            .length = static_cast<std::uint32_t>(bytes.size()),
            .wire_length = wire_length,
            .stamp = {.ns = ns,
                      .error_ns = kErrorUnknown,
                      .source = event::TimeSource::Capture,
                      .domain = event::ClockDomain::Utc,
                      .reserved = 0}};
  }
};

// Whether a file that begins so is a capture; four bytes are enough.
[[nodiscard]] bool is_capture(std::span<const std::byte> head) noexcept;

class CaptureReader {
 public:
  // Throws base::Error: EX_NOINPUT when there is no such file, EX_DATAERR when it is no capture or
  // one of a link that is neither Ethernet, Linux cooked, loopback nor raw IP.
  explicit CaptureReader(const std::string& name);
  // The same for a source that was perhaps peeked at, but not read from.
  explicit CaptureReader(base::ByteSource bytes);
  ~CaptureReader();
  CaptureReader(CaptureReader&&) noexcept;
  CaptureReader& operator=(CaptureReader&&) = delete;

  // Empty at the end. A file that is cut or damaged gives every whole frame first, then throws
  // base::Error (EX_DATAERR) with the place and the cause.
  [[nodiscard]] std::optional<CapturedFrame> next();

  // Bytes taken from the file and its size, 0 where nobody knows: for progress.
  [[nodiscard]] std::uint64_t file_offset() const noexcept;
  [[nodiscard]] std::uint64_t file_size() const noexcept;

 private:
  class Source;
  std::unique_ptr<Source> source_;
};

class CaptureWriter {
 public:
  // Replaces the file; "-" is the standard output. Throws base::Error (EX_CANTCREAT).
  explicit CaptureWriter(std::string name);
  // Closes without a word; close() says what went wrong.
  ~CaptureWriter();
  CaptureWriter(const CaptureWriter&) = delete;
  CaptureWriter& operator=(const CaptureWriter&) = delete;

  // wire_length 0: as many as there are bytes. Throws base::Error (EX_IOERR) when the disk is full.
  void write(std::span<const std::byte> bytes, std::uint64_t ns, std::uint32_t wire_length = 0);

  // Everything is with the kernel afterwards. Throws base::Error (EX_IOERR).
  void close();

 private:
  void put(const void* bytes, std::size_t count);

  std::string name_;
  std::FILE* file_ = nullptr;
};

// What tcpdump writes by default, and more than any frame.
inline constexpr std::uint32_t kSnapBytes = 262'144;

}  // namespace ridley::nic
