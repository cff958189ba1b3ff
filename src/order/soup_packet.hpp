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

#include "wire/soup.hpp"

namespace ridley::order {

inline constexpr std::size_t kSoupLengthBytes = 2;
inline constexpr std::size_t kSoupHeaderBytes = wire::soup::UnsequencedData::kSize;
inline constexpr std::size_t kSoupLengthMax = 65'535;  // what the length field can say
inline constexpr std::size_t kSoupPayloadMax = kSoupLengthMax - 1;

// Widths of the login's text fields, which stand one behind the other.
inline constexpr std::size_t kUsernameBytes =
    wire::soup::LoginRequest::kPasswordAt - wire::soup::LoginRequest::kUsernameAt;
inline constexpr std::size_t kPasswordBytes =
    wire::soup::LoginRequest::kRequestedSessionAt - wire::soup::LoginRequest::kPasswordAt;
inline constexpr std::size_t kSessionBytes = wire::soup::LoginRequest::kRequestedSequenceNumberAt -
                                             wire::soup::LoginRequest::kRequestedSessionAt;
inline constexpr std::size_t kSequenceDigits =
    wire::soup::LoginRequest::kSize - wire::soup::LoginRequest::kRequestedSequenceNumberAt;
inline constexpr std::size_t kTimeoutDigits =
    wire::soup::LoginRequest::kSizeWithOptions - wire::soup::LoginRequest::kHeartbeatTimeoutAt;
static_assert(wire::soup::LoginAccepted::kSize ==
                  kSoupHeaderBytes + kSessionBytes + kSequenceDigits,
              "the answer repeats two of the login's fields");

// What the login of 4.10 has room for.
inline constexpr std::uint64_t kTimeoutMillisecondsMax = 99'999;

enum class SoupVersion : std::uint8_t { V3, V4, V41 };  // 3.00, 4.00, 4.10

enum class SoupType : char {
  Debug = wire::soup::Debug::kType,
  LoginAccepted = wire::soup::LoginAccepted::kType,
  LoginRejected = wire::soup::LoginRejected::kType,
  Sequenced = wire::soup::SequencedData::kType,
  Unsequenced = wire::soup::UnsequencedData::kType,
  ServerHeartbeat = wire::soup::ServerHeartbeat::kType,
  EndOfSession = wire::soup::EndOfSession::kType,
  LoginRequest = wire::soup::LoginRequest::kType,
  ClientHeartbeat = wire::soup::ClientHeartbeat::kType,
  LogoutRequest = wire::soup::LogoutRequest::kType,
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

// Names and passwords are the same in capitals and small letters.
[[nodiscard]] bool same_name(std::string_view left, std::string_view right) noexcept;

// Decimal digits after spaces or zeros; nothing when it is not a number or does not fit.
[[nodiscard]] std::optional<std::uint64_t> number_of(std::span<const std::byte> field) noexcept;

}  // namespace ridley::order
