// SPDX-License-Identifier: Apache-2.0
#include "venue/rerequest.hpp"

#include <algorithm>
#include <cstring>

#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

}  // namespace

std::span<const std::byte> Rerequest::answer(std::span<const std::byte> request,
                                             const MessageHistory& history,
                                             std::uint64_t now_ns) noexcept {
  using wire::mold::Header;
  ++counts_.requests;
  if (request.size() != wire::mold::RequestPacket::kSize) {
    ++counts_.malformed;
    return {};
  }
  const wire::mold::RequestPacket wanted{request.data()};
  wire::mold::HeaderWriter header{packet_.data()};
  header.session(session_).sequence_number(wanted.sequence_number());
  if (std::memcmp(packet_.data(), request.data(), wire::mold::Header::kSequenceNumberAt) != 0) {
    ++counts_.malformed;
    return {};
  }
  const std::size_t room = packet_.size() - Header::kSize;
  const MessageHistory::Found found =
      history.find(wanted.sequence_number(), wanted.requested_message_count(), room);
  if (found.count == 0) {
    ++counts_.unavailable;
    return {};
  }
  if (!take_token(now_ns)) {
    ++counts_.refused;
    return {};
  }
  header.message_count(found.count);
  std::memcpy(packet_.data() + Header::kSize, found.framed.data(), found.framed.size());
  ++counts_.answered;
  return std::span<const std::byte>{packet_}.first(Header::kSize + found.framed.size());
}

// A bucket that fills with the time.
bool Rerequest::take_token(std::uint64_t now_ns) noexcept {
  const std::uint64_t each_ns = kNsPerSecond / std::max(limits_.replies_a_second, 1U);
  const std::uint64_t passed = now_ns > filled_ns_ ? (now_ns - filled_ns_) / each_ns : 0;
  if (passed > 0) {
    const std::uint64_t room = limits_.burst - tokens_;
    tokens_ += static_cast<std::uint32_t>(std::min(passed, room));
    filled_ns_ = passed > room ? now_ns : filled_ns_ + passed * each_ns;
  }
  if (tokens_ == 0) return false;
  --tokens_;
  return true;
}

}  // namespace ridley::venue
