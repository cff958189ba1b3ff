// SPDX-License-Identifier: Apache-2.0
#include "simulation/feed_path.hpp"

#include <algorithm>
#include <cstring>

#include "nic/udp_frame.hpp"
#include "wire/mold.hpp"

namespace ridley::simulation {
namespace {

// The name of a session that nobody has.
constexpr std::string_view kOtherSession = "ELSEWHERE ";

// Where MoldUDP64 begins in a frame without tags.
constexpr std::size_t kPayloadAt = nic::udp_payload_at({});

// The same packet of another session, with the checksums of a whole frame.
std::vector<std::byte> renamed(std::span<const std::byte> frame) {
  std::vector<std::byte> copy{frame.begin(), frame.end()};
  if (copy.size() < kPayloadAt + wire::mold::Header::kSize) return copy;
  std::memcpy(copy.data() + kPayloadAt, kOtherSession.data(), kOtherSession.size());
  // Zero: the sender gives no checksum, which a receiver has to take.
  copy[kPayloadAt - 2] = copy[kPayloadAt - 1] = std::byte{0};
  return copy;
}

}  // namespace

std::string_view ArrivingFrame::session() const noexcept {
  if (bytes.size() < kPayloadAt + kOtherSession.size()) return {};
  return {reinterpret_cast<const char*>(bytes.data()) + kPayloadAt, kOtherSession.size()};
}

void FeedPath::send(std::span<const std::byte> bytes, std::uint64_t now_ns) {
  if (is_lost(now_ns)) return;
  ArrivingFrame frame{.bytes = {bytes.begin(), bytes.end()}};
  std::uint64_t arrival_ns = now_ns + latency_ns_;
  if (now_ns < extra_until_ns_) {
    arrival_ns += extra_ns_;
    count(Deed::Delay);
  }
  repeat(frame, arrival_ns);
  damage(frame);
  if (to_hold_ > 0) {
    overtaking_ = std::exchange(to_hold_, 0);
    held_ = std::move(frame);
    return count(Deed::Reordering);
  }
  put(std::move(frame), arrival_ns);
  if (held_ && --overtaking_ == 0) release_held(arrival_ns);
}

bool FeedPath::is_lost(std::uint64_t now_ns) noexcept {
  if (now_ns < dead_until_ns_) return count(Deed::LineDead), true;
  if (now_ns < burst_until_ns_) return count(Deed::BurstLoss), true;
  if (to_lose_ == 0) return false;
  --to_lose_;
  return count(Deed::FrameLoss), true;
}

void FeedPath::damage(ArrivingFrame& frame) noexcept {
  if (corruption_.second != 0) {
    frame.bytes[corruption_.first % frame.bytes.size()] ^=
        static_cast<std::byte>(corruption_.second);
    frame.whole = false;
    corruption_ = {};
    count(Deed::Corruption);
  }
  if (truncation_) {
    frame.bytes.resize(1 + *truncation_ % (frame.bytes.size() - 1));
    frame.whole = false;
    truncation_.reset();
    count(Deed::Truncation);
  }
}

void FeedPath::repeat(const ArrivingFrame& frame, std::uint64_t arrival_ns) {
  if (duplication_.first > 0) {
    --duplication_.first;
    put(frame, arrival_ns + duplication_.second);
    count(Deed::Duplication);
  }
  if (to_rename_ > 0) {
    --to_rename_;
    put({.bytes = renamed(frame.bytes), .whole = false}, arrival_ns);
    count(Deed::WrongSession);
  }
}

void FeedPath::release_held(std::uint64_t arrival_ns) {
  put(std::move(*held_), arrival_ns);
  held_.reset();
}

void FeedPath::suffer(const PlannedDeed& deed, std::uint64_t now_ns) {
  switch (deed.deed) {
    case Deed::FrameLoss: to_lose_ += deed.first; return;
    case Deed::BurstLoss: burst_until_ns_ = std::max(burst_until_ns_, now_ns + deed.first); return;
    case Deed::Reordering:
      if (!held_) to_hold_ = deed.first;
      return;
    case Deed::Duplication: duplication_ = deed; return;
    case Deed::Corruption: corruption_ = deed; return;
    case Deed::Truncation: truncation_ = deed.first; return;
    case Deed::Delay:
      extra_ns_ = deed.first;
      extra_until_ns_ = now_ns + deed.second;
      return;
    case Deed::LineDead: dead_until_ns_ = std::max(dead_until_ns_, now_ns + deed.first); return;
    case Deed::WrongSession: to_rename_ = deed.first; return;
    default: return;
  }
}

void FeedPath::heal(std::uint64_t now_ns) {
  if (held_) release_held(now_ns + latency_ns_);
  to_lose_ = to_hold_ = to_rename_ = 0;
  burst_until_ns_ = dead_until_ns_ = extra_until_ns_ = 0;
  duplication_ = corruption_ = {};
  truncation_.reset();
}

std::optional<ArrivingFrame> FeedPath::take(std::uint64_t now_ns) {
  if (next_ns() > now_ns) return std::nullopt;
  ArrivingFrame frame = std::move(under_way_.begin()->second);
  under_way_.erase(under_way_.begin());
  return frame;
}

}  // namespace ridley::simulation
