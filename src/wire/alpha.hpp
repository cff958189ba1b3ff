// SPDX-License-Identifier: Apache-2.0
// In: text fields of a message, padded with spaces. Out: the text, or the number its digits spell.
// Any core; nothing here allocates.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace ridley::wire {

// N characters as they were on the wire.
template <std::size_t N>
class Alpha {
 public:
  Alpha() = default;
  explicit Alpha(const std::byte* from) noexcept { std::memcpy(raw_.data(), from, N); }
  explicit Alpha(std::string_view text) noexcept {
    write(reinterpret_cast<std::byte*>(raw_.data()), text);
  }

  [[nodiscard]] const std::array<char, N>& raw() const noexcept { return raw_; }

  // Without the padding on the right.
  [[nodiscard]] std::string_view text() const noexcept {
    std::size_t size = N;
    while (size > 0 && raw_[size - 1] == ' ') --size;
    return {raw_.data(), size};
  }

  // Without the padding on either side.
  [[nodiscard]] std::string_view trimmed() const noexcept {
    std::string_view rest = text();
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    return rest;
  }

  bool operator==(const Alpha&) const = default;

  // Text on the left, spaces after it; what does not fit is cut off.
  static void write(std::byte* to, std::string_view text) noexcept {
    std::memset(to, ' ', N);
    // Not memcpy: an empty text may have no address at all.
    std::copy_n(reinterpret_cast<const std::byte*>(text.data()), std::min(text.size(), N), to);
  }

  // Spaces, then the text.
  static void write_left_padded(std::byte* to, std::string_view text) noexcept {
    const std::size_t size = std::min(text.size(), N);
    std::memset(to, ' ', N);
    std::copy_n(reinterpret_cast<const std::byte*>(text.data()), size, to + (N - size));
  }

 private:
  std::array<char, N> raw_{};
};

// A decimal number in N characters, padded with spaces on the left. Some senders pad with zeros or
// on the right; both read the same.
template <std::size_t N>
class Digits {
 public:
  Digits() = default;
  explicit Digits(const std::byte* from) noexcept : text_{from} {}

  [[nodiscard]] std::string_view text() const noexcept { return text_.trimmed(); }

  // Nothing where the field is blank, no number or above 64 bits.
  [[nodiscard]] std::optional<std::uint64_t> value() const noexcept {
    const std::string_view digits = text();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
  }

  // A number that needs more than N digits keeps its last N.
  static void write(std::byte* to, std::uint64_t number) noexcept {
    std::memset(to, ' ', N);
    std::size_t at = N;
    do {
      to[--at] = static_cast<std::byte>('0' + number % 10);
      number /= 10;
    } while (number != 0 && at > 0);
  }

 private:
  Alpha<N> text_;
};

}  // namespace ridley::wire
