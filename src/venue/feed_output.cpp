// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_output.hpp"

#include <utility>

namespace ridley::venue {

namespace {

constexpr std::uint64_t kHeartbeat_ns = 1'000'000'000;

}  // namespace

FeedOutput::FeedOutput(const FeedOutputSettings& settings, Send send)
    : route_{settings.route}, send_{std::move(send)}, packets_{settings.session} {
  for (const std::string& path : settings.records) recordings_.emplace_back(path);
}

void FeedOutput::publish(std::span<const std::byte> framed, std::uint64_t ns) {
  if (framed.empty()) return;
  for (Recording& recording : recordings_) recording.messages(framed);
  while (!framed.empty()) emit(packets_.pack(framed), ns);
}

void FeedOutput::heartbeat_if_silent(std::uint64_t ns) {
  if (ns >= sent_ns_ + kHeartbeat_ns) emit(packets_.heartbeat(), ns);
}

void FeedOutput::end_of_session(std::uint64_t ns) { emit(packets_.end_of_session(), ns); }

void FeedOutput::close_recordings() {
  for (Recording& recording : recordings_) recording.close();
  recordings_.clear();
}

void FeedOutput::emit(std::span<const std::byte> packet, std::uint64_t ns) {
  const std::size_t size = nic::build_udp_frame(frame_, route_, packet);
  const std::span<const std::byte> frame = std::span<const std::byte>{frame_}.first(size);
  for (Recording& recording : recordings_) recording.frame(frame, ns);
  ++frames_;
  if (send_ && !send_(frame)) ++frames_lost_;
  sent_ns_ = ns;
}

}  // namespace ridley::venue
