// SPDX-License-Identifier: Apache-2.0
// In: cores and memory that a thread shall keep to. Out: done, or a sentence that says what was
// refused; nothing here needs privileges and nothing stops the start. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ridley::engine {

using Refusal = std::optional<std::string>;  // nothing: it was done

// The calling thread runs on these cores only; so do threads it makes afterwards.
[[nodiscard]] Refusal bind_this_thread(std::span<const std::uint32_t> cores);

// The calling thread's new memory comes from that node as long as it has any.
[[nodiscard]] Refusal prefer_memory_of_node(std::int32_t numa_node);

// Pages that have been touched stay in memory. Untouched ones take none: thread stacks and
// reservations would otherwise become real.
[[nodiscard]] Refusal lock_memory();

// Touches the calling thread's stack so far down, so that the hot path meets no page fault there.
inline constexpr std::size_t kHotStackBytes = std::size_t{256} << 10;
void prefault_stack() noexcept;

}  // namespace ridley::engine
