// SPDX-License-Identifier: Apache-2.0
// In: the bytes behind an OUCH message's fixed part: a two-byte count, then elements of length, tag
// and value. Out: the elements, never past the received bytes; or the same bytes, written. Any
// core.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"

namespace ridley::wire::ouch {

enum class Tag : std::uint8_t;  // named in the generated ouch.hpp

// The longest inbound message the venue takes.
inline constexpr std::size_t kInboundBytesMax = 140;

struct Element {
  Tag tag;
  std::span<const std::byte> value;

  // Nothing where the value has another width.
  template <std::unsigned_integral Integer>
  [[nodiscard]] std::optional<Integer> number() const noexcept {
    if (value.size() != sizeof(Integer)) return std::nullopt;
    return base::load_big_endian<Integer>(value.data());
  }

  [[nodiscard]] std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(value.data()), value.size()};
  }
};

class Appendages {
 public:
  class Iterator {
   public:
    explicit Iterator(std::span<const std::byte> rest) noexcept : rest_{rest} {}
    [[nodiscard]] Element operator*() const noexcept {
      return {static_cast<Tag>(rest_[1]), rest_.subspan(2, length() - 1)};
    }
    Iterator& operator++() noexcept {
      rest_ = rest_.subspan(1 + length());
      return *this;
    }
    // The end is where no whole element is left.
    bool operator==(const Iterator& other) const noexcept {
      return whole() == other.whole() && (!whole() || rest_.data() == other.rest_.data());
    }
    [[nodiscard]] std::span<const std::byte> rest() const noexcept { return rest_; }

   private:
    [[nodiscard]] std::size_t length() const noexcept { return static_cast<std::size_t>(rest_[0]); }
    [[nodiscard]] bool whole() const noexcept {
      return rest_.size() >= 2 && length() >= 1 && length() < rest_.size();
    }
    std::span<const std::byte> rest_;
  };

  // None, which is well formed.
  Appendages() = default;

  // Of a received message whose fixed part has fixed_size bytes: absent, or a count and elements.
  [[nodiscard]] static Appendages behind(std::span<const std::byte> message,
                                         std::size_t fixed_size) noexcept {
    if (message.size() <= fixed_size) return {};
    const std::span<const std::byte> tail = message.subspan(fixed_size);
    if (tail.size() < 2) return Appendages{{}, false};
    const std::size_t count = base::load_big_endian<std::uint16_t>(tail.data());
    const std::span<const std::byte> received = tail.subspan(2);
    return Appendages{received.first(std::min(count, received.size())), count == received.size()};
  }

  [[nodiscard]] Iterator begin() const noexcept { return Iterator{elements_}; }
  [[nodiscard]] Iterator end() const noexcept { return Iterator{elements_.last(0)}; }
  [[nodiscard]] bool empty() const noexcept { return elements_.empty(); }

  // The count is that of the received bytes and every element ends inside it.
  [[nodiscard]] bool well_formed() const noexcept {
    if (!counted_) return false;
    Iterator at = begin();
    while (at != end()) ++at;
    return at.rest().empty();
  }

  // The first element with this tag.
  [[nodiscard]] std::optional<Element> find(Tag tag) const noexcept {
    for (const Element element : *this) {
      if (element.tag == tag) return element;
    }
    return std::nullopt;
  }

 private:
  Appendages(std::span<const std::byte> elements, bool counted) noexcept
      : elements_{elements}, counted_{counted} {}

  std::span<const std::byte> elements_;
  bool counted_ = true;
};

// Adds elements to a message and keeps its count. What does not fit is refused and changes nothing.
class Appender {
 public:
  // message: room for the whole message; the fixed part is written by its own writer.
  Appender(std::span<std::byte> message, std::size_t fixed_size) noexcept
      : message_{message}, fixed_size_{fixed_size}, size_{fixed_size + 2} {
    write_count();
  }

  bool add(Tag tag, std::span<const std::byte> value) noexcept {
    if (value.size() > kValueBytesMax || size_ + 2 + value.size() > message_.size()) return false;
    message_[size_] = static_cast<std::byte>(value.size() + 1);
    message_[size_ + 1] = static_cast<std::byte>(tag);
    std::copy(value.begin(), value.end(),
              message_.begin() + static_cast<std::ptrdiff_t>(size_ + 2));
    size_ += 2 + value.size();
    write_count();
    return true;
  }

  template <std::unsigned_integral Integer>
  bool add_number(Tag tag, Integer number) noexcept {
    std::array<std::byte, sizeof(Integer)> value;
    base::store_big_endian(value.data(), number);
    return add(tag, value);
  }

  bool add_character(Tag tag, char character) noexcept {
    const std::byte value{static_cast<unsigned char>(character)};
    return add(tag, {&value, 1});
  }

  bool add_text(Tag tag, std::string_view text) noexcept {
    return add(tag, std::as_bytes(std::span{text.data(), text.size()}));
  }

  // Bytes of the whole message so far.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  static constexpr std::size_t kValueBytesMax = 254;  // the length byte counts the tag too

  void write_count() noexcept {
    base::store_big_endian(message_.data() + fixed_size_,
                           static_cast<std::uint16_t>(size_ - fixed_size_ - 2));
  }

  std::span<std::byte> message_;
  std::size_t fixed_size_;
  std::size_t size_;
};

}  // namespace ridley::wire::ouch
