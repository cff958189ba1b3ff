// SPDX-License-Identifier: Apache-2.0
// In: a file's name, or "-" for the standard input; plain, gzip or xz, told apart by content.
// Out: its bytes, decompressed, in order. Cold; one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace ridley::base {

class Decompressor;

class ByteSource {
 public:
  // Throws with EX_NOINPUT where the file cannot be opened.
  explicit ByteSource(std::string name);
  ~ByteSource();
  ByteSource(ByteSource&&) noexcept;
  ByteSource& operator=(ByteSource&&) = delete;

  // Fills `to` as far as there are bytes; less only at the end. A stream that is damaged gives all
  // that came before the damage, then throws with EX_DATAERR at the next call.
  [[nodiscard]] std::size_t read(std::span<std::byte> to);

  // The next bytes, up to `size`, without taking them: enough to tell what kind of file this is.
  [[nodiscard]] std::span<const std::byte> peek(std::size_t size);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool compressed() const noexcept { return decompressor_ != nullptr; }
  // Decompressed bytes given out so far.
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
  // Bytes taken from the file, and how many it has (0 where nobody knows): for progress.
  [[nodiscard]] std::uint64_t file_offset() const noexcept { return file_offset_; }
  [[nodiscard]] std::uint64_t file_size() const noexcept { return file_size_; }

 private:
  static constexpr std::size_t kRawBytesMax = 1 << 18;

  void refill();
  std::size_t read_ahead(std::span<std::byte> to);
  std::size_t read_some(std::span<std::byte> to);
  std::size_t read_plain(std::span<std::byte> to);

  std::string name_;
  int file_ = -1;
  std::uint64_t offset_ = 0;
  std::uint64_t file_offset_ = 0;
  std::uint64_t file_size_ = 0;
  std::unique_ptr<std::byte[]> raw_;
  std::span<const std::byte> pending_;  // raw bytes not used yet
  std::vector<std::byte> peeked_;       // decompressed bytes not given out yet
  bool file_ended_ = false;
  std::unique_ptr<Decompressor> decompressor_;  // none for a plain file
  std::optional<Error> failure_;                // thrown at the next call
};

}  // namespace ridley::base
