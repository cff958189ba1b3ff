// SPDX-License-Identifier: Apache-2.0
// In: a capture file. Out: all of it in memory. Cold.
#include "nic/capture_recording.hpp"

#include "nic/capture_file.hpp"

namespace ridley::nic {

CaptureRecording CaptureRecording::load(const std::string& name) {
  CaptureRecording recording;
  CaptureReader reader{name};
  while (const auto frame = reader.next()) {
    recording.add(frame->bytes, frame->ns, frame->wire_length);
  }
  return recording;
}

void CaptureRecording::add(std::span<const std::byte> bytes, std::uint64_t ns,
                           std::uint32_t wire_length) {
  entries_.push_back({.at = bytes_.size(),
                      .ns = ns,
                      .length = static_cast<std::uint32_t>(bytes.size()),
                      .wire_length = wire_length});
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

}  // namespace ridley::nic
