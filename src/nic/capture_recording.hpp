// SPDX-License-Identifier: Apache-2.0
// In: a capture file. Out: all of it in memory, so that a replay touches no disk. Cold; read-only
// afterwards, from any core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nic/frame.hpp"

namespace ridley::nic {

class CaptureRecording {
 public:
  CaptureRecording() = default;

  // Throws what CaptureReader throws; the frames before the damage are then lost to the caller.
  [[nodiscard]] static CaptureRecording load(const std::string& name);

  void add(std::span<const std::byte> bytes, std::uint64_t ns, std::uint32_t wire_length);

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::uint64_t ns(std::size_t index) const noexcept { return entries_[index].ns; }
  [[nodiscard]] Frame frame(std::size_t index) const noexcept {
    const Entry& entry = entries_[index];
    return {.bytes = bytes_.data() + entry.at,
            .length = entry.length,
            .wire_length = entry.wire_length,
            .stamp = {.ns = entry.ns,
                      .error_ns = kErrorUnknown,
                      .source = event::TimeSource::Capture,
                      .domain = event::ClockDomain::Utc,
                      .reserved = 0}};
  }

 private:
  struct Entry {
    std::uint64_t at;
    std::uint64_t ns;
    std::uint32_t length;
    std::uint32_t wire_length;
  };

  std::vector<std::byte> bytes_;
  std::vector<Entry> entries_;
};

}  // namespace ridley::nic
