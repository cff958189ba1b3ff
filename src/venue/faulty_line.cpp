// SPDX-License-Identifier: Apache-2.0
#include "venue/faulty_line.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "nic/ethernet.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

using wire::mold::Header;

constexpr std::size_t kUdpChecksumBytes = 2;

}  // namespace

void FaultyLine::set(const PacketFaults& faults) {
  if (!faults.sequence_reset) reset_at_ = 0;
  faults_ = faults;
}

void FaultyLine::give(std::span<const std::byte> bytes, std::uint64_t ns) {
  ++counts_.given;
  Packet packet{bytes.begin(), bytes.end()};
  if (faults_.duplicate_session > 0) {
    old_.push_back(packet);
    if (old_.size() > std::min<std::size_t>(faults_.late_packets, kOldMax)) old_.pop_front();
  }
  if (faults_.dead || loses()) {
    ++counts_.lost;
    return let_go(ns);
  }
  inject(packet, ns);
  if (faults_.sequence_reset) reset_sequence(packet);
  damage(packet);
  if (random_.chance(faults_.duplicate)) {
    ++counts_.duplicated;
    send(packet, ns);
  }
  if (random_.chance(faults_.reorder)) {
    ++counts_.reordered;
    held_.push_back({std::move(packet), faults_.reorder_packets, ns + kHold_ns});
  } else {
    send(std::move(packet), ns);
  }
  let_go(ns);
}

void FaultyLine::deliver(std::uint64_t ns, const Sink& sink) {
  let_go(ns);
  while (!arriving_.empty() && arriving_.begin()->first <= ns) {
    const Packet packet = std::move(arriving_.begin()->second);
    arriving_.erase(arriving_.begin());
    ++counts_.passed;
    for (const std::byte byte : packet)
      digest_ = (digest_ ^ static_cast<std::uint64_t>(byte)) * 0x0000'0100'0000'01B3ULL;
    sink(packet);
  }
}

std::uint64_t FaultyLine::next_ns() const noexcept {
  std::uint64_t ns = arriving_.empty() ? kNever : arriving_.begin()->first;
  for (const Held& held : held_) ns = std::min(ns, held.until_ns);
  return ns;
}

bool FaultyLine::loses() {
  if (burst_left_ == 0 && random_.chance(faults_.burst_loss)) burst_left_ = faults_.burst_packets;
  if (burst_left_ > 0) {
    --burst_left_;
    return true;
  }
  return random_.chance(faults_.loss);
}

void FaultyLine::damage(Packet& packet) {
  if (random_.chance(faults_.corrupt) && !packet.empty()) {
    ++counts_.corrupted;
    const std::uint32_t bit = random_.below(static_cast<std::uint32_t>(packet.size() * 8));
    packet[bit / 8] ^= std::byte{1} << (bit % 8);
  }
  if (random_.chance(faults_.truncate) && packet.size() > nic::kEthernetHeaderBytes) {
    ++counts_.truncated;
    // Anything shorter would be no frame.
    const auto more = static_cast<std::uint32_t>(packet.size() - nic::kEthernetHeaderBytes);
    packet.resize(nic::kEthernetHeaderBytes + random_.below(more));
  }
}

void FaultyLine::inject(const Packet& packet, std::uint64_t ns) {
  if (random_.chance(faults_.wrong_session) && has_header(packet)) {
    ++counts_.wrong_session;
    Packet other = packet;
    wire::mold::HeaderWriter{other.data() + mold_at_}.session("STRANGER");
    unseal(other);
    send(std::move(other), ns);
  }
  if (random_.chance(faults_.duplicate_session) && !old_.empty()) {
    ++counts_.duplicate_session;
    send(old_.front(), ns);
  }
}

void FaultyLine::reset_sequence(Packet& packet) {
  if (!has_header(packet)) return;
  const std::uint64_t number = Header{packet.data() + mold_at_}.sequence_number();
  if (reset_at_ == 0) reset_at_ = number;
  ++counts_.sequence_reset;
  wire::mold::HeaderWriter{packet.data() + mold_at_}.sequence_number(number - reset_at_ + 1);
  unseal(packet);
}

// A line is a queue: what is late makes late what is behind it.
void FaultyLine::send(Packet packet, std::uint64_t ns) {
  const auto jitter_ns =
      static_cast<std::uint64_t>(random_.unit() * static_cast<double>(faults_.jitter_ns));
  const std::uint64_t late_ns = faults_.delay_ns + jitter_ns;
  if (late_ns > 0) ++counts_.delayed;
  arrives_ns_ = std::max(arrives_ns_, ns + late_ns);
  for (Held& held : held_) held.others -= held.others > 0 ? 1 : 0;
  queue(std::move(packet), arrives_ns_);
}

void FaultyLine::queue(Packet packet, std::uint64_t ns) {
  arriving_.emplace(ns, std::move(packet));
}

void FaultyLine::let_go(std::uint64_t ns) {
  for (std::size_t i = 0; i < held_.size();) {
    Held& held = held_[i];
    if (held.others > 0 && held.until_ns > ns) {
      ++i;
      continue;
    }
    queue(std::move(held.packet), std::max(arrives_ns_, std::min(ns, held.until_ns)));
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

bool FaultyLine::has_header(const Packet& packet) const noexcept {
  return packet.size() >= mold_at_ + Header::kSize;
}

// A frame that was changed by who sends it has no wrong checksum: it has none.
void FaultyLine::unseal(Packet& packet) const {
  if (mold_at_ < kUdpChecksumBytes) return;
  std::fill_n(packet.begin() + static_cast<std::ptrdiff_t>(mold_at_ - kUdpChecksumBytes),
              kUdpChecksumBytes, std::byte{0});
}

}  // namespace ridley::venue
