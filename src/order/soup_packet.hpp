// SPDX-License-Identifier: Apache-2.0
// In: pieces of a TCP stream, cut anywhere. Out: whole SoupBinTCP packets, and packets as bytes.
// Cold: the session thread, the venue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ridley::order {

inline constexpr std::size_t kSoupLengthBytes = 2;
inline constexpr std::size_t kSoupHeaderBytes = 3;     // length and type
inline constexpr std::size_t kSoupLengthMax = 65'535;  // what the length field can say
inline constexpr std::size_t kSoupPayloadMax = kSoupLengthMax - 1;

inline constexpr std::size_t kUsernameBytes = 6;
inline constexpr std::size_t kPasswordBytes = 10;
inline constexpr std::size_t kSessionBytes = 10;
inline constexpr std::size_t kSequenceDigits = 20;
inline constexpr std::size_t kTimeoutDigits = 5;

enum class SoupType : char {
  Debug = '+',
  LoginAccepted = 'A',
  LoginRejected = 'J',
  Sequenced = 'S',
  Unsequenced = 'U',
  ServerHeartbeat = 'H',
  EndOfSession = 'Z',
  LoginRequest = 'L',
  ClientHeartbeat = 'R',
  LogoutRequest = 'O',
};

struct SoupPacket {
  SoupType type;
  std::span<const std::byte> payload;  // valid until the reader is touched again
};

class SoupPacketReader {
 public:
  void append(std::span<const std::byte> bytes);

  // The next whole packet; nothing when more bytes are needed or the stream is malformed.
  [[nodiscard]] std::optional<SoupPacket> next();

  // A packet of length zero was met: it has no type, and nothing behind it can be trusted.
  [[nodiscard]] bool malformed() const noexcept { return malformed_; }

  // A new connection starts with an empty stream.
  void restart() noexcept;

 private:
  std::vector<std::byte> bytes_;
  std::size_t read_ = 0;
  bool malformed_ = false;
};

// Appends one packet. The payload is at most kSoupPayloadMax bytes.
void append_packet(std::vector<std::byte>& to, SoupType type, std::span<const std::byte> payload);

// Text fields of the session layer: names are padded on the right, sessions and numbers on the
// left.
void append_padded_right(std::vector<std::byte>& to, std::string_view text, std::size_t width);
void append_padded_left(std::vector<std::byte>& to, std::string_view text, std::size_t width);

[[nodiscard]] std::string_view text_of(std::span<const std::byte> field) noexcept;
[[nodiscard]] std::string_view without_spaces_around(std::string_view text) noexcept;

// Decimal digits after spaces or zeros; nothing when it is not a number or does not fit.
[[nodiscard]] std::optional<std::uint64_t> number_of(std::span<const std::byte> field) noexcept;

}  // namespace ridley::order
