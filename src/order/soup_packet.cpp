// SPDX-License-Identifier: Apache-2.0
#include "order/soup_packet.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/assert.hpp"
#include "base/bytes.hpp"

namespace ridley::order {

void SoupPacketReader::append(std::span<const std::byte> bytes) {
  // What has been read goes first, so the memory stays at one packet and one read of the socket.
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(read_));
  read_ = 0;
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::optional<SoupPacket> SoupPacketReader::next() {
  const std::size_t available = bytes_.size() - read_;
  if (malformed_ || available < kSoupLengthBytes) return std::nullopt;
  const std::byte* packet = bytes_.data() + read_;
  const std::size_t length = base::load_big_endian<std::uint16_t>(packet);
  if (length == 0) {
    malformed_ = true;
    return std::nullopt;
  }
  if (available < kSoupLengthBytes + length) return std::nullopt;
  read_ += kSoupLengthBytes + length;
  return SoupPacket{static_cast<SoupType>(packet[kSoupLengthBytes]),
                    {packet + kSoupHeaderBytes, length - 1}};
}

void SoupPacketReader::restart() noexcept {
  bytes_.clear();
  read_ = 0;
  malformed_ = false;
}

void append_packet(std::vector<std::byte>& to, SoupType type, std::span<const std::byte> payload) {
  RIDLEY_ASSERT(payload.size() <= kSoupPayloadMax);
  const std::size_t start = to.size();
  to.resize(start + kSoupHeaderBytes);
  base::store_big_endian(to.data() + start, static_cast<std::uint16_t>(payload.size() + 1));
  to[start + kSoupLengthBytes] = static_cast<std::byte>(type);
  to.insert(to.end(), payload.begin(), payload.end());
}

namespace {

void append_text(std::vector<std::byte>& to, std::string_view text) {
  for (const char letter : text) to.push_back(static_cast<std::byte>(letter));
}

}  // namespace

void append_padded_right(std::vector<std::byte>& to, std::string_view text, std::size_t width) {
  text = text.substr(0, width);
  append_text(to, text);
  to.insert(to.end(), width - text.size(), std::byte{' '});
}

void append_padded_left(std::vector<std::byte>& to, std::string_view text, std::size_t width) {
  text = text.substr(0, width);
  to.insert(to.end(), width - text.size(), std::byte{' '});
  append_text(to, text);
}

std::string_view text_of(std::span<const std::byte> field) noexcept {
  return {reinterpret_cast<const char*>(field.data()), field.size()};
}

std::string_view without_spaces_around(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool same_name(std::string_view left, std::string_view right) noexcept {
  return std::ranges::equal(left, right, [](char a, char b) {
    return std::toupper(static_cast<unsigned char>(a)) ==
           std::toupper(static_cast<unsigned char>(b));
  });
}

std::optional<std::uint64_t> number_of(std::span<const std::byte> field) noexcept {
  const std::string_view text = without_spaces_around(text_of(field));
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace ridley::order
