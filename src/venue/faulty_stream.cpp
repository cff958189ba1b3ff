// SPDX-License-Identifier: Apache-2.0
#include "venue/faulty_stream.hpp"

#include <algorithm>

namespace ridley::venue {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

// What was taken is forgotten in pieces of this size, so that a byte is moved a few times at most.
constexpr std::size_t kForgetBytes = 64 * 1024;

}  // namespace

void FaultyStream::set(const StreamFaults& faults, std::uint64_t ns) noexcept {
  faults_ = faults;
  filled_ns_ = ns;
  allowed_ = 0;
}

void FaultyStream::silence() noexcept {
  silent_ = true;
  pieces_.clear();
  forgotten_ += bytes_.size();
  bytes_.clear();
  taken_ = 0;
}

std::size_t FaultyStream::room() const noexcept {
  if (silent_) return 0;
  if (faults_.bytes_a_second == 0) return std::numeric_limits<std::size_t>::max();
  return kWindowBytes - std::min(kWindowBytes, waiting());
}

void FaultyStream::give(std::span<const std::byte> bytes, std::uint64_t ns) {
  if (silent_ || bytes.empty()) return;
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  std::size_t left = bytes.size();
  while (left > 0) {
    const bool cut = faults_.pieces && left > 1;
    const std::size_t piece = cut ? 1 + random_.below(static_cast<std::uint32_t>(left - 1)) : left;
    left -= piece;
    queue(forgotten_ + bytes_.size() - left, ns);
  }
}

void FaultyStream::queue(std::size_t end, std::uint64_t ns) {
  const auto jitter_ns =
      static_cast<std::uint64_t>(random_.unit() * static_cast<double>(faults_.jitter_ns));
  arrives_ns_ = std::max(arrives_ns_, ns + faults_.delay_ns + jitter_ns);
  pieces_.push_back({arrives_ns_, end});
}

std::span<const std::byte> FaultyStream::arrived(std::uint64_t ns) {
  fill(ns);
  if (silent_ || pieces_.empty() || pieces_.front().arrives_ns > ns) return {};
  std::size_t end = pieces_.front().end;
  for (const Piece& piece : pieces_) {
    // Pieces that a reader has to see one by one are shown one by one.
    if (piece.arrives_ns > ns || (faults_.pieces && piece.end != end)) break;
    end = piece.end;
  }
  std::size_t size = end - forgotten_ - taken_;
  if (faults_.bytes_a_second > 0) size = std::min(size, static_cast<std::size_t>(allowed_));
  return std::span<const std::byte>{bytes_}.subspan(taken_, size);
}

void FaultyStream::take(std::size_t bytes) {
  taken_ += bytes;
  if (faults_.bytes_a_second > 0) allowed_ -= std::min<std::uint64_t>(bytes, allowed_);
  while (!pieces_.empty() && pieces_.front().end <= forgotten_ + taken_) pieces_.pop_front();
  if (taken_ < kForgetBytes && taken_ < bytes_.size()) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(taken_));
  forgotten_ += taken_;
  taken_ = 0;
}

std::uint64_t FaultyStream::next_ns() const noexcept {
  if (silent_ || pieces_.empty()) return kNever;
  if (faults_.bytes_a_second == 0 || allowed_ > 0) return pieces_.front().arrives_ns;
  const std::uint64_t each_ns = kNsPerSecond / faults_.bytes_a_second + 1;
  return std::max(pieces_.front().arrives_ns, filled_ns_ + each_ns);
}

// No more than a window may be allowed: a reader that was not there does not catch up at once.
void FaultyStream::fill(std::uint64_t ns) noexcept {
  const std::uint64_t rate = faults_.bytes_a_second;
  if (rate == 0 || ns <= filled_ns_) return;
  const std::uint64_t passed_ns = std::min(ns - filled_ns_, kNsPerSecond);
  const std::uint64_t more = passed_ns * rate / kNsPerSecond;
  if (more == 0) return;
  allowed_ = std::min<std::uint64_t>(allowed_ + more, kWindowBytes);
  filled_ns_ = passed_ns < kNsPerSecond ? filled_ns_ + more * kNsPerSecond / rate : ns;
}

}  // namespace ridley::venue
