// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_output.hpp"

#include <utility>

namespace ridley::venue {

namespace {

constexpr std::uint64_t kHeartbeat_ns = 1'000'000'000;

// Messages in a packet of the lines B and C, at the most.
constexpr std::uint32_t kCutMax = 12;

}  // namespace

FeedOutput::FeedOutput(const FeedOutputSettings& settings, Send send) : send_{std::move(send)} {
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

void FeedOutput::emit(std::size_t line, std::span<const std::byte> packet, std::uint64_t ns) {
  const std::size_t size = nic::build_udp_frame(frame_, lines_[line].route, packet);
  const std::span<const std::byte> frame = std::span<const std::byte>{frame_}.first(size);
  for (Recording& recording : recordings_) recording.frame(frame, ns);
  ++frames_;
  if (send_ && !send_(line, frame)) ++frames_lost_;
  sent_ns_ = ns;
}

}  // namespace ridley::venue
