// SPDX-License-Identifier: Apache-2.0
#include "venue/message_history.hpp"

#include <algorithm>

#include "venue/message_buffer.hpp"

namespace ridley::venue {

void MessageHistory::append(std::span<const std::byte> framed) {
  while (!framed.empty()) {
    const std::size_t size = MessageBuffer::kLengthSize + first_message(framed).size();
    if (segments_.empty() || segments_.back().bytes.size() + size > kSegmentBytes) {
      if ((segments_.size() + 1) * kSegmentBytes > bytes_max_ && !segments_.empty()) {
        segments_.pop_front();
      }
      segments_.push_back({.first = next_sequence_, .bytes = {}, .marks = {}});
      segments_.back().bytes.reserve(kSegmentBytes);
    }
    Segment& segment = segments_.back();
    if ((next_sequence_ - segment.first) % kMarkEvery == 0) {
      segment.marks.push_back(static_cast<std::uint32_t>(segment.bytes.size()));
    }
    segment.bytes.insert(segment.bytes.end(), framed.begin(),
                         framed.begin() + static_cast<std::ptrdiff_t>(size));
    framed = framed.subspan(size);
    ++next_sequence_;
  }
}

MessageHistory::Found MessageHistory::find(std::uint64_t sequence, std::uint16_t count_max,
                                           std::size_t bytes_max) const noexcept {
  if (sequence < oldest_sequence() || sequence >= next_sequence_) return {};
  const auto behind =
      std::ranges::upper_bound(segments_, sequence, std::ranges::less{}, &Segment::first);
  const Segment& segment = *std::prev(behind);
  const std::uint64_t index = sequence - segment.first;
  std::span<const std::byte> rest =
      std::span{segment.bytes}.subspan(segment.marks[index / kMarkEvery]);
  const auto size_of = [](std::span<const std::byte> framed) {
    return MessageBuffer::kLengthSize + first_message(framed).size();
  };
  for (std::uint64_t i = 0; i < index % kMarkEvery; ++i) rest = rest.subspan(size_of(rest));
  Found found;
  std::size_t bytes = 0;
  while (found.count < count_max && bytes < rest.size()) {
    const std::size_t size = size_of(rest.subspan(bytes));
    if (bytes + size > bytes_max) break;
    bytes += size;
    ++found.count;
  }
  found.framed = rest.first(bytes);
  return found;
}

}  // namespace ridley::venue
