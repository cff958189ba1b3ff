// SPDX-License-Identifier: Apache-2.0
// In: a file of ITCH messages, each behind a two-byte length (BinaryFILE); also the variant whose
// lengths are all zero, where the type says how long a message is. Out: the messages in order, with
// their offsets. Cold; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/byte_source.hpp"

namespace ridley::feed {

enum class ItchFileForm : std::uint8_t { Unknown, LengthPrefixed, ZeroPrefixed };

struct ItchFileMessage {
  std::span<const std::byte> bytes;  // valid until the next call
  std::uint64_t sequence;            // 1 for the first
  std::uint64_t offset;              // of the length, in the decompressed file
};

class ItchFile {
 public:
  // Which form the first bytes of a file have; a hundred are enough.
  [[nodiscard]] static ItchFileForm form_of(std::span<const std::byte> head) noexcept;

  explicit ItchFile(base::ByteSource source);
  explicit ItchFile(const std::string& name) : ItchFile{base::ByteSource{name}} {}

  // False at the end. Throws with EX_DATAERR, the byte and the cause where a message is cut off,
  // bytes follow the end mark, or an unknown type hides its length.
  [[nodiscard]] bool next(ItchFileMessage& message);

  [[nodiscard]] ItchFileForm form() const noexcept { return form_; }
  [[nodiscard]] const base::ByteSource& source() const noexcept { return source_; }

 private:
  static constexpr std::size_t kBufferBytes = 1 << 20;
  static constexpr std::size_t kPrefixBytes = 2;
  static constexpr std::size_t kMessageBytesMax = 65'535;
  static_assert(kBufferBytes >= 2 * (kPrefixBytes + kMessageBytesMax), "a refill makes progress");

  void refill();
  [[nodiscard]] bool has(std::size_t bytes);
  [[nodiscard]] bool at_end();
  [[nodiscard]] std::size_t message_length() const;

  base::ByteSource source_;
  ItchFileForm form_;
  std::unique_ptr<std::byte[]> buffer_;
  std::span<const std::byte> rest_;
  std::uint64_t offset_ = 0;
  std::uint64_t sequence_ = 0;
  bool source_ended_ = false;
};

}  // namespace ridley::feed
