// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/device_memory.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "base/error.hpp"

namespace ridley::xrt_sim {
namespace {

constexpr std::size_t kBeatBytes = 64;
constexpr std::uint64_t kWholeBeat = ~std::uint64_t{0};

std::uint64_t whole_pages(std::uint64_t bytes) {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

// What stood in the memory before: the same for the same buffer, so that runs can be repeated.
void fill_with_junk(std::span<std::byte> bytes, std::uint64_t seed) {
  std::uint64_t state = seed * 0x9E37'79B9'7F4A'7C15 + 1;
  while (!bytes.empty()) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    const std::size_t count = std::min(bytes.size(), sizeof state);
    std::memcpy(bytes.data(), &state, count);
    bytes = bytes.subspan(count);
  }
}

bool within(std::size_t whole, Part part) {
  return part.offset <= whole && part.bytes <= whole - part.offset;
}

std::span<std::byte> memory_of(Buffer& buffer) {
  return buffer.host_only ? buffer.host.span() : std::span{buffer.card};
}

}  // namespace

std::uint32_t DeviceMemory::allocate(int owner, bool host_only, Mapping host) {
  const std::size_t bytes = host.span().size();
  Buffer buffer{.owner = owner,
                .host_only = host_only,
                .address = place(host_only, bytes),
                .host = std::move(host),
                .card = {}};
  const std::uint32_t handle = next_handle_++;
  if (!host_only) {
    buffer.card.resize(bytes);
    fill_with_junk(buffer.card, handle);
  }
  by_address_[buffer.address] = handle;
  buffers_.emplace(handle, std::move(buffer));
  return handle;
}

// The first gap that is large enough.
std::uint64_t DeviceMemory::place(bool host_only, std::uint64_t bytes) const {
  const std::uint64_t base = host_only ? kHostBase : kCardBase;
  const std::uint64_t end = base + (host_only ? kHostBytes : kCardBytes);
  std::uint64_t at = base;
  for (auto next = by_address_.lower_bound(base); next != by_address_.end(); ++next) {
    const auto& [address, handle] = *next;
    if (address >= end || address - at >= whole_pages(bytes)) break;
    at = address + whole_pages(buffers_.at(handle).host.span().size());
  }
  if (bytes == 0 || bytes > end - at) {
    throw base::Error::with_exit(ENOMEM, host_only ? "the host's window" : "the card's memory",
                                 " has no room for ", bytes, " bytes");
  }
  return at;
}

Buffer* DeviceMemory::find_own(int owner, std::uint32_t handle) {
  const auto found = buffers_.find(handle);
  const bool right = found != buffers_.end() && found->second.owner == owner;
  return right ? &found->second : nullptr;
}

const Buffer* DeviceMemory::find(int owner, std::uint32_t handle) const {
  return const_cast<DeviceMemory*>(this)->find_own(owner, handle);
}

bool DeviceMemory::free(int owner, std::uint32_t handle) {
  const Buffer* buffer = find(owner, handle);
  if (buffer == nullptr) return false;
  by_address_.erase(buffer->address);
  buffers_.erase(handle);
  return true;
}

void DeviceMemory::free_all_of(int owner) {
  for (auto at = buffers_.begin(); at != buffers_.end();) {
    const bool goes = at->second.owner == owner;
    if (goes) by_address_.erase(at->second.address);
    at = goes ? buffers_.erase(at) : std::next(at);
  }
}

bool DeviceMemory::sync_to_card(int owner, std::uint32_t handle, Part part) {
  Buffer* buffer = find_own(owner, handle);
  if (buffer == nullptr || !within(buffer->host.span().size(), part)) return false;
  if (buffer->host_only) return true;
  const auto from = buffer->host.span().subspan(part.offset, part.bytes);
  std::memcpy(buffer->card.data() + part.offset, from.data(), from.size());
  return true;
}

bool DeviceMemory::sync_from_card(int owner, std::uint32_t handle, Part part) {
  Buffer* buffer = find_own(owner, handle);
  if (buffer == nullptr || !within(buffer->host.span().size(), part)) return false;
  if (buffer->host_only) return true;
  const auto from = std::span{buffer->card}.subspan(part.offset, part.bytes);
  std::memcpy(buffer->host.span().data() + part.offset, from.data(), from.size());
  return true;
}

bool DeviceMemory::copy(int owner, End to, End from, std::uint64_t bytes) {
  Buffer* target = find_own(owner, to.handle);
  Buffer* source = find_own(owner, from.handle);
  if (target == nullptr || source == nullptr) return false;
  const auto into = memory_of(*target);
  const auto out = memory_of(*source);
  if (!within(into.size(), {to.offset, bytes}) || !within(out.size(), {from.offset, bytes})) {
    return false;
  }
  std::memmove(into.data() + to.offset, out.data() + from.offset, bytes);
  return true;
}

std::uint32_t DeviceMemory::write(std::uint64_t address, const std::byte* bytes,
                                  std::uint64_t strobe) {
  auto next = by_address_.upper_bound(address);
  if (next == by_address_.begin()) return kResponseNothingThere;
  Buffer& buffer = buffers_.at(std::prev(next)->second);
  const std::uint64_t offset = address - buffer.address;
  const auto memory = memory_of(buffer);
  if (!within(memory.size(), {offset, kBeatBytes})) return kResponseNothingThere;
  std::byte* const to = memory.data() + offset;
  constexpr std::size_t kMark = sizeof(std::uint64_t);
  if (strobe == kWholeBeat && offset % kMark == 0) {
    std::memcpy(to, bytes, kBeatBytes - kMark);
    std::uint64_t mark;
    std::memcpy(&mark, bytes + kBeatBytes - kMark, kMark);
    // The host's core looks at these bytes first.
    std::atomic_ref{*reinterpret_cast<std::uint64_t*>(to + kBeatBytes - kMark)}.store(
        mark, std::memory_order_release);
    return kResponseGood;
  }
  for (std::size_t i = 0; i < kBeatBytes; ++i) {
    if ((strobe >> i & 1) != 0) to[i] = bytes[i];
  }
  return kResponseGood;
}

}  // namespace ridley::xrt_sim
