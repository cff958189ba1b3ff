// SPDX-License-Identifier: Apache-2.0
#include "order/leases.hpp"

#include "nic/tcp_frame.hpp"

namespace ridley::order {

void Leases::took(Way way) noexcept {
  ++packets_;
  if (way == Way::Kernel) out_ = away_ = false;
}

void Leases::revoke(Fallback why) noexcept {
  ++revoked_[static_cast<std::size_t>(why)];
  out_ = false;
  limit_ = why;
}

void Leases::lose() noexcept {
  if (out_) revoke(Fallback::NotOpen);
  away_ = false;
  limit_ = Fallback::NotOpen;
  view_ = {};
}

// Why the hot core must stop although it has a lease; None when it need not.
Fallback Leases::unbearable(const FlowView& view, const FlowView& when_given) {
  if (!view.open || !view.logged_in) return Fallback::NotOpen;
  if (view.segment_bytes != when_given.segment_bytes) return Fallback::SegmentSize;
  if (view.routes != when_given.routes) return Fallback::Route;
  return Fallback::None;
}

std::optional<Leases::Lease> Leases::look(const FlowView& view) noexcept {
  view_ = view;
  limit_ = view.limit;
  if (out_) {
    const Fallback why = unbearable(view, when_given_);
    if (why == Fallback::None) return std::nullopt;
    revoke(why);
    return std::nullopt;
  }
  if (!view.open || !view.logged_in) {
    limit_ = Fallback::NotOpen;
    return std::nullopt;
  }
  // Any packet fits into a segment, or the hot core sends none.
  if (view.segment_bytes < kOutboundBytesMax) {
    limit_ = Fallback::SegmentSize;
    return std::nullopt;
  }
  const bool room =
      !nic::before(view.send_until, view.next + static_cast<std::uint32_t>(kOutboundBytesMax));
  if (!room) return std::nullopt;
  limit_ = Fallback::KernelBehind;
  if (!view.even) return std::nullopt;
  std::uint16_t generation = static_cast<std::uint16_t>(generation_ + 1);
  if (generation == kNoLease) ++generation;
  return Lease{generation, view.next, packets_};
}

void Leases::given(const Lease& lease) noexcept {
  out_ = away_ = true;
  generation_ = lease.generation;
  when_given_ = view_;
  limit_ = view_.limit;
}

Permit Leases::permit() const noexcept {
  return {
      .send_until = view_.send_until, .generation = out_ ? generation_ : kNoLease, .limit = limit_};
}

}  // namespace ridley::order
