// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: what a host's shim and the process that is the card say to each other over a
// Unix socket of whole messages: one request, one answer, in this order. Cold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace ridley::xrt_sim {

// Changes with anything below.
inline constexpr std::uint32_t kProtocol = 0x5243'0001;

enum class RequestKind : std::uint32_t {
  Identify,       // -> value: 1 when a design is loaded; text: its UUID
  Load,           // size, with the xclbin as a file -> text: its UUID
  OpenContext,    // index, flag: shared
  CloseContext,   // index
  RegisterRead,   // index, address -> value
  RegisterWrite,  // index, address, value
  Allocate,       // size, flag: host only, with the host's memory as a file -> handle, address
  Free,           // handle
  SyncToCard,     // handle, address: offset in the buffer, size
  SyncFromCard,   // the same
  Copy,           // handle, other: from which, address and value: offsets in them, size
};

struct Request {
  std::uint32_t protocol = kProtocol;
  RequestKind kind = RequestKind::Identify;
  std::uint64_t number = 0;  // of the request; its answer carries the same
  std::uint32_t index = 0;   // of the compute unit
  std::uint32_t flag = 0;
  std::uint32_t handle = 0;
  std::uint32_t other = 0;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint64_t value = 0;
};

struct Answer {
  std::uint32_t protocol = kProtocol;
  std::int32_t error = 0;  // an errno; 0 is good
  std::uint64_t number = 0;
  std::uint64_t value = 0;
  std::uint64_t address = 0;
  std::uint32_t handle = 0;
  std::array<char, 220> text{};  // the UUID, or why not; ends in a zero

  void say(std::string_view words) {
    text = {};
    words.copy(text.data(), text.size() - 1);
  }
  [[nodiscard]] std::string_view words() const { return text.data(); }
};

static_assert(std::is_trivially_copyable_v<Request> && sizeof(Request) == 56);
static_assert(std::is_trivially_copyable_v<Answer> && sizeof(Answer) == 256);

// How long a host waits for each kind of answer before it takes the card for dead. A register is
// read and written in as much as a PCI Express bridge gives a card that hangs.
inline constexpr int kRegisterLimitMs = 5;
inline constexpr int kBufferLimitMs = 1'000;
inline constexpr int kLoadLimitMs = 10'000;

[[nodiscard]] constexpr int limit_ms_of(RequestKind kind) {
  switch (kind) {
    case RequestKind::RegisterRead:
    case RequestKind::RegisterWrite: return kRegisterLimitMs;
    case RequestKind::Load: return kLoadLimitMs;
    default: return kBufferLimitMs;
  }
}

// What a host reads of a card that does not answer, as on its bus.
inline constexpr std::uint32_t kNobodyThere = 0xFFFF'FFFF;

// The card's only compute unit takes this much of the address space (schema/registers.toml).
inline constexpr std::uint32_t kUnitBytes = 4'096;

}  // namespace ridley::xrt_sim
