// SPDX-License-Identifier: Apache-2.0
// In: buffers as a host wants them. Out: addresses as the card sees them, and the memory behind. A
// buffer in the card's own memory is another one than the host's, and full of junk at first, so
// that a sync that was forgotten is seen; a host-only buffer is the host's own memory. Cold; one
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "xrt_sim/mapping.hpp"

namespace ridley::xrt_sim {

// As in MEM_TOPOLOGY of the card's xclbin (card.toml).
inline constexpr std::uint64_t kCardBase = 0x40'0000'0000;
inline constexpr std::uint64_t kCardBytes = 256ULL << 20;
inline constexpr std::uint64_t kHostBase = 0x20'0000'0000;
inline constexpr std::uint64_t kHostBytes = 4ULL << 30;
inline constexpr std::uint64_t kPageBytes = 4'096;

// What the AXI bus answers.
inline constexpr std::uint32_t kResponseGood = 0;
inline constexpr std::uint32_t kResponseNothingThere = 3;

struct Buffer {
  int owner = -1;
  bool host_only = false;
  std::uint64_t address = 0;
  Mapping host;
  std::vector<std::byte> card;  // empty for a host-only one
};

struct Part {
  std::uint64_t offset;
  std::uint64_t bytes;
};

class DeviceMemory {
 public:
  // The memory of the host is as long as the buffer. Gives the buffer's handle; throws base::Error
  // when there is no room.
  std::uint32_t allocate(int owner, bool host_only, Mapping host);
  // False: there is none.
  bool free(int owner, std::uint32_t handle);
  void free_all_of(int owner);
  // nullptr: there is none.
  [[nodiscard]] const Buffer* find(int owner, std::uint32_t handle) const;

  // False: not within the buffer. Nothing happens to a host-only one.
  bool sync_to_card(int owner, std::uint32_t handle, Part part);
  bool sync_from_card(int owner, std::uint32_t handle, Part part);
  struct End {
    std::uint32_t handle;
    std::uint64_t offset;
  };
  bool copy(int owner, End to, End from, std::uint64_t bytes);

  // The design's write of 64 bytes, those whose bit is set in strobe. A host that sees the last
  // eight of them sees the others.
  std::uint32_t write(std::uint64_t address, const std::byte* bytes, std::uint64_t strobe);

  [[nodiscard]] std::size_t buffer_count() const { return buffers_.size(); }

 private:
  Buffer* find_own(int owner, std::uint32_t handle);
  [[nodiscard]] std::uint64_t place(bool host_only, std::uint64_t bytes) const;

  std::map<std::uint32_t, Buffer> buffers_;
  std::map<std::uint64_t, std::uint32_t> by_address_;
  std::uint32_t next_handle_ = 1;
};

}  // namespace ridley::xrt_sim
