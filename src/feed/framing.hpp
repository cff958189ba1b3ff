// SPDX-License-Identifier: Apache-2.0
// How each transport frames its messages: where a packet says whose numbers it carries, which one
// is first and how many follow, and how its blocks lie one behind the other. What differs between
// transports is here and nowhere else. In: bytes whose length fits() has seen. The hot core.
// MoldUDP64 1.00; Cboe PITCH 2.41, "Sequenced unit header"; IEX-TP 1.x, "Segment header"; CME
// MDP 3.0, section 1 "Framing".
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

#include "base/bytes.hpp"
#include "wire/alpha.hpp"
#include "wire/iextp.hpp"
#include "wire/mdp_packet.hpp"
#include "wire/mold.hpp"
#include "wire/sequenced_unit.hpp"

namespace ridley::feed {

// Session names one sequence space: numbers begin anew with another one. A block that cannot be
// has kNoBlock bytes, which no packet has. is_of() is what the hot path asks of a packet that fits.
// A message is what a decoder takes: block() of the bytes at and before end.
template <typename F>
concept Framing =
    requires(const typename F::Header& header, const std::byte* at, std::size_t left) {
      { F::kHeaderBytes } -> std::convertible_to<std::size_t>;
      { F::kLengthBytes } -> std::convertible_to<std::size_t>;
      { F::kEndOfSession } -> std::convertible_to<std::uint32_t>;
      { F::fits(std::span<const std::byte>{}) } noexcept -> std::same_as<bool>;
      { F::session(header) } noexcept -> std::equality_comparable;
      { F::is_of(at, F::session(header)) } noexcept -> std::same_as<bool>;
      { F::unit(header) } noexcept -> std::same_as<std::uint16_t>;
      { F::first(header) } noexcept -> std::same_as<std::uint64_t>;
      { F::count(header) } noexcept -> std::same_as<std::uint32_t>;
      { F::block_bytes(at, left) } noexcept -> std::same_as<std::size_t>;
      { F::message(at, at) } noexcept -> std::same_as<std::span<const std::byte>>;
    };

inline constexpr std::size_t kNoBlock = std::size_t{1} << 32;

// Counts of messages that mean something else, in every transport.
inline constexpr std::uint32_t kHeartbeat = 0;
inline constexpr std::uint32_t kNeverEnds = std::numeric_limits<std::uint32_t>::max();

struct MoldFraming {
  using Header = wire::mold::Header;
  using Session = wire::Alpha<10>;
  static constexpr std::size_t kHeaderBytes = Header::kSize;
  static constexpr std::size_t kLengthBytes = wire::mold::Block::kSize;
  static constexpr std::uint32_t kEndOfSession = 0xFFFF;

  static bool fits(std::span<const std::byte> payload) noexcept {
    return payload.size() >= kHeaderBytes;
  }
  static Session session(const Header& header) noexcept { return header.session(); }
  // As the above says, in two comparisons.
  static bool is_of(const std::byte* packet, const Session& session) noexcept {
    return std::memcmp(packet + Header::kSessionAt, session.raw().data(), sizeof(Session)) == 0;
  }
  static std::uint16_t unit(const Header&) noexcept { return 0; }
  static std::uint64_t first(const Header& header) noexcept { return header.sequence_number(); }
  static std::uint32_t count(const Header& header) noexcept { return header.message_count(); }
  static std::size_t block_bytes(const std::byte* at, std::size_t) noexcept {
    return kLengthBytes + base::load_big_endian<std::uint16_t>(at);
  }
  static std::span<const std::byte> message(const std::byte* at, const std::byte*) noexcept {
    return {at + kLengthBytes, base::load_big_endian<std::uint16_t>(at)};
  }
};
static_assert(Framing<MoldFraming>);

// One unit's packets. A message is its own block: its length counts itself.
struct SequencedUnitFraming {
  using Header = wire::sequenced_unit::Header;
  struct Session {
    bool operator==(const Session&) const = default;
  };
  static constexpr std::size_t kHeaderBytes = Header::kSize;
  static constexpr std::size_t kLengthBytes = 2;  // its length and its type
  static constexpr std::uint32_t kEndOfSession = kNeverEnds;

  static bool fits(std::span<const std::byte> payload) noexcept {
    return payload.size() >= kHeaderBytes &&
           Header{payload.data()}.block_length() == payload.size();
  }
  static Session session(const Header&) noexcept { return {}; }
  static bool is_of(const std::byte*, const Session&) noexcept { return true; }
  static std::uint16_t unit(const Header& header) noexcept { return header.unit(); }
  static std::uint64_t first(const Header& header) noexcept { return header.sequence(); }
  static std::uint32_t count(const Header& header) noexcept { return header.message_count(); }
  static std::size_t block_bytes(const std::byte* at, std::size_t) noexcept {
    const auto length = static_cast<std::size_t>(*at);
    return length < kLengthBytes ? kNoBlock : length;
  }
  static std::span<const std::byte> message(const std::byte* at, const std::byte*) noexcept {
    return {at, static_cast<std::size_t>(*at)};
  }
};
static_assert(Framing<SequencedUnitFraming>);

// Of one line: a channel and a session together name the sequence space.
struct IexFraming {
  using Header = wire::iextp::Header;
  using Session = std::uint64_t;
  static constexpr std::size_t kHeaderBytes = Header::kSize;
  static constexpr std::size_t kLengthBytes = wire::iextp::Block::kSize;
  static constexpr std::uint32_t kEndOfSession = kNeverEnds;
  static constexpr std::uint8_t kVersion = 1;

  static bool fits(std::span<const std::byte> payload) noexcept {
    if (payload.size() < kHeaderBytes) return false;
    const Header header{payload.data()};
    return header.version() == kVersion && header.payload_length() == payload.size() - kHeaderBytes;
  }
  static Session session(const Header& header) noexcept {
    return std::uint64_t{header.channel_id()} << 32 | header.session_id();
  }
  static bool is_of(const std::byte* packet, const Session& of) noexcept {
    return session(Header{packet}) == of;
  }
  static std::uint16_t unit(const Header&) noexcept { return 0; }
  static std::uint64_t first(const Header& header) noexcept {
    return header.first_sequence_number();
  }
  static std::uint32_t count(const Header& header) noexcept { return header.message_count(); }
  static std::size_t block_bytes(const std::byte* at, std::size_t) noexcept {
    return kLengthBytes + base::load_little_endian<std::uint16_t>(at);
  }
  static std::span<const std::byte> message(const std::byte* at, const std::byte*) noexcept {
    return {at + kLengthBytes, base::load_little_endian<std::uint16_t>(at)};
  }
};
static_assert(Framing<IexFraming>);

// Of one feed of a channel. A packet has one number, whatever is in it: all messages behind the
// header are one block, which its decoder takes apart. Numbers begin anew every week, and the
// sending time says which week it is: they change when nobody trades, on Saturday at noon UTC.
struct MdpFraming {
  using Header = wire::mdp_packet::Header;
  using Session = std::uint64_t;
  static constexpr std::size_t kHeaderBytes = Header::kSize;
  static constexpr std::size_t kLengthBytes = 0;
  static constexpr std::uint32_t kEndOfSession = kNeverEnds;
  static constexpr std::size_t kMessageHeaderBytes = 10;

  // With its size; 0 where the bytes cannot begin with a message.
  static std::size_t message_bytes(std::span<const std::byte> rest) noexcept {
    if (rest.size() < kMessageHeaderBytes) return 0;
    const std::size_t size = base::load_little_endian<std::uint16_t>(rest.data());
    return size < kMessageHeaderBytes || size > rest.size() ? 0 : size;
  }
  // Of a message with its header.
  static std::uint16_t template_of(std::span<const std::byte> message) noexcept {
    constexpr std::size_t kTemplateAt = 4;
    return base::load_little_endian<std::uint16_t>(&message[kTemplateAt]);
  }
  // At least one message, and messages up to the end.
  static bool fits(std::span<const std::byte> payload) noexcept {
    if (payload.size() <= kHeaderBytes) return false;
    std::span<const std::byte> rest = payload.subspan(kHeaderBytes);
    while (!rest.empty()) {
      const std::size_t size = message_bytes(rest);
      if (size == 0) return false;
      rest = rest.subspan(size);
    }
    return true;
  }
  static Session session(const Header& header) noexcept {
    constexpr std::uint64_t kHourNs = 3'600'000'000'000;
    // 1970 began on a Thursday.
    constexpr std::uint64_t kFromSaturdayNoonNs = (4 * 24 + 12) * kHourNs;
    return (header.sending_time() + kFromSaturdayNoonNs) / (7 * 24 * kHourNs);
  }
  static bool is_of(const std::byte* packet, const Session& of) noexcept {
    return session(Header{packet}) == of;
  }
  static std::uint16_t unit(const Header&) noexcept { return 0; }
  static std::uint64_t first(const Header& header) noexcept { return header.sequence(); }
  static std::uint32_t count(const Header&) noexcept { return 1; }
  static std::size_t block_bytes(const std::byte*, std::size_t left) noexcept { return left; }
  static std::span<const std::byte> message(const std::byte* at, const std::byte* end) noexcept {
    return {at, end};
  }
};
static_assert(Framing<MdpFraming>);

}  // namespace ridley::feed
