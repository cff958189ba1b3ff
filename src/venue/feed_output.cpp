// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_output.hpp"

#include <algorithm>
#include <utility>

namespace ridley::venue {

namespace {

constexpr std::uint64_t kHeartbeat_ns = 1'000'000'000;

// Messages in a packet of the lines B and C, at the most.
constexpr std::uint32_t kCutMax = 12;

}  // namespace

FeedOutput::FeedOutput(const FeedOutputSettings& settings, Send send)
    : send_{std::move(send)}, seed_{settings.seed} {
  lines_.push_back({settings.route, MoldPackets{settings.session}, Random{0}});
  for (const nic::UdpRoute& route : settings.more_routes)
    lines_.push_back({route, MoldPackets{settings.session}, Random{lines_.size()}});
  for (const std::string& path : settings.records) recordings_.emplace_back(path);
}

void FeedOutput::publish(std::span<const std::byte> framed, std::uint64_t ns) {
  if (framed.empty()) return;
  for (Recording& recording : recordings_) recording.messages(framed);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    Line& line = lines_[i];
    std::span<const std::byte> left = framed;
    while (!left.empty()) {
      const std::uint32_t most = i == 0 ? MoldPackets::kCountMax : 1 + line.cuts.below(kCutMax);
      emit(i, line.packets.pack(left, static_cast<std::uint16_t>(most)), ns);
    }
  }
}

void FeedOutput::heartbeat_if_silent(std::uint64_t ns) {
  if (ns < sent_ns_ + kHeartbeat_ns) return;
  for (std::size_t i = 0; i < lines_.size(); ++i) emit(i, lines_[i].packets.heartbeat(), ns);
}

void FeedOutput::end_of_session(std::uint64_t ns) {
  for (std::size_t i = 0; i < lines_.size(); ++i) emit(i, lines_[i].packets.end_of_session(), ns);
}

void FeedOutput::close_recordings() {
  for (Recording& recording : recordings_) recording.close();
  recordings_.clear();
}

void FeedOutput::impair(std::size_t line, const PacketFaults& faults) {
  Line& bad = lines_[line];
  if (!bad.faulty) bad.faulty.emplace(seed_ + line, nic::udp_payload_at(bad.route));
  bad.faulty->set(faults);
}

void FeedOutput::deliver(std::uint64_t ns) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!lines_[i].faulty) continue;
    lines_[i].faulty->deliver(ns, [&](std::span<const std::byte> frame) { send(i, frame, ns); });
  }
}

std::uint64_t FeedOutput::next_ns() const noexcept {
  std::uint64_t ns = FaultyLine::kNever;
  for (const Line& line : lines_) {
    if (line.faulty) ns = std::min(ns, line.faulty->next_ns());
  }
  return ns;
}

void FeedOutput::emit(std::size_t line, std::span<const std::byte> packet, std::uint64_t ns) {
  const std::size_t size = nic::build_udp_frame(frame_, lines_[line].route, packet);
  const std::span<const std::byte> frame = std::span<const std::byte>{frame_}.first(size);
  sent_ns_ = ns;
  std::optional<FaultyLine>& faulty = lines_[line].faulty;
  if (!faulty) return send(line, frame, ns);
  faulty->give(frame, ns);
  faulty->deliver(ns, [&](std::span<const std::byte> arrived) { send(line, arrived, ns); });
}

void FeedOutput::send(std::size_t line, std::span<const std::byte> frame, std::uint64_t ns) {
  for (Recording& recording : recordings_) recording.frame(frame, ns);
  ++frames_;
  if (send_ && !send_(line, frame)) ++frames_lost_;
}

}  // namespace ridley::venue
