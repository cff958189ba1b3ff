// SPDX-License-Identifier: Apache-2.0
#include "feed/itch_file.hpp"

#include <sysexits.h>

#include <cstring>
#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "wire/itch.hpp"

namespace ridley::feed {

ItchFileForm ItchFile::form_of(std::span<const std::byte> head) noexcept {
  if (head.size() < kPrefixBytes + 1) return ItchFileForm::Unknown;
  const std::size_t length = base::load_big_endian<std::uint16_t>(head.data());
  const std::size_t wanted = wire::itch::size_of(static_cast<char>(head[kPrefixBytes]));
  if (wanted == 0) return ItchFileForm::Unknown;
  if (length == 0) return ItchFileForm::ZeroPrefixed;
  // Where the second message can be seen, its type must be known as well.
  const std::size_t second = kPrefixBytes + length + kPrefixBytes;
  if (length < wanted) return ItchFileForm::Unknown;
  if (second < head.size() && wire::itch::size_of(static_cast<char>(head[second])) == 0) {
    return ItchFileForm::Unknown;
  }
  return ItchFileForm::LengthPrefixed;
}

ItchFile::ItchFile(base::ByteSource source)
    : source_{std::move(source)},
      form_{form_of(source_.peek(128))},
      buffer_{std::make_unique<std::byte[]>(kBufferBytes)} {
  if (form_ == ItchFileForm::Unknown) form_ = ItchFileForm::LengthPrefixed;
}

void ItchFile::refill() {
  const std::size_t kept = rest_.size();
  if (kept > 0) std::memmove(buffer_.get(), rest_.data(), kept);
  const std::size_t wanted = kBufferBytes - kept;
  // A damaged source throws only when it has nothing left: all before the damage was given out.
  const std::size_t got = source_.read({buffer_.get() + kept, wanted});
  source_ended_ = got == 0;
  rest_ = {buffer_.get(), kept + got};
}

// Of the message at the front of rest_: the prefix says it, or else the type, which is there then.
std::size_t ItchFile::message_length() const {
  const std::size_t given = base::load_big_endian<std::uint16_t>(rest_.data());
  if (given != 0) return given;
  const char type = static_cast<char>(rest_[kPrefixBytes]);
  const std::size_t length = wire::itch::size_of(type);
  if (length == 0) {
    throw base::Error::with_exit(EX_DATAERR, source_.name(), ": byte ", offset_ + kPrefixBytes,
                                 ": the length is zero and type 0x", std::hex,
                                 static_cast<int>(static_cast<unsigned char>(type)), " is unknown");
  }
  return length;
}

// Refills only when it must, so that a damaged source throws after its last whole message.
bool ItchFile::has(std::size_t bytes) {
  while (rest_.size() < bytes && !source_ended_) refill();
  return rest_.size() >= bytes;
}

// Nothing at all is an end, and so is a length of zero with nothing behind it.
bool ItchFile::at_end() {
  if (!has(1)) return true;
  if (!has(kPrefixBytes)) {
    throw base::Error::with_exit(EX_DATAERR, source_.name(), ": byte ", offset_,
                                 ": the file ends inside a message length");
  }
  if (base::load_big_endian<std::uint16_t>(rest_.data()) != 0) return false;
  if (!has(kPrefixBytes + 1)) return true;
  if (form_ == ItchFileForm::ZeroPrefixed) return false;
  throw base::Error::with_exit(EX_DATAERR, source_.name(), ": byte ", offset_ + kPrefixBytes,
                               ": more bytes after the end mark");
}

bool ItchFile::next(ItchFileMessage& message) {
  if (at_end()) return false;
  // Only at_end has let a zero length pass, and it has seen the type behind it.
  const std::size_t length = message_length();
  if (!has(kPrefixBytes + length)) {
    throw base::Error::with_exit(EX_DATAERR, source_.name(), ": byte ", offset_, ": message of ",
                                 length, " bytes is cut off after ", rest_.size() - kPrefixBytes);
  }
  message = {rest_.subspan(kPrefixBytes, length), ++sequence_, offset_};
  rest_ = rest_.subspan(kPrefixBytes + length);
  offset_ += kPrefixBytes + length;
  return true;
}

}  // namespace ridley::feed
