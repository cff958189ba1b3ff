// SPDX-License-Identifier: Apache-2.0
// In: calls to malloc and its relatives made while a thread is in a hot section. Out: how many, and
// who made the first. Sees them only in executables that list allocation_interposer among their
// dependencies, and never under a sanitizer, which has an allocator of its own. Any core.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace ridley::engine {

namespace detail {
// Initial-exec: read on every malloc of the process, so it must be one instruction.
extern thread_local constinit std::uint32_t hot_section_depth
    __attribute__((tls_model("initial-exec")));
}  // namespace detail

// A thread that owns one neither takes memory from the heap nor gives any back.
class HotSection {
 public:
  // The fences, for the compiler alone: it knows that malloc reads no number of ours and would
  // leave the counting out.
  HotSection() noexcept {
    ++detail::hot_section_depth;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~HotSection() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    --detail::hot_section_depth;
  }
  HotSection(const HotSection&) = delete;
  HotSection& operator=(const HotSection&) = delete;
};

enum class OnHotAllocation : std::uint8_t {
  Count,  // in production
  Stop    // in tests: stops sending and ends the process at the first one
};

// Cold, once before hot cores start: recording a caller later then needs no memory.
void prepare_allocation_watch(OnHotAllocation reaction) noexcept;

// Whether this executable's heap calls are seen at all.
[[nodiscard]] bool allocations_are_watched() noexcept;

// Heap calls made inside hot sections of any thread so far.
[[nodiscard]] std::uint64_t hot_allocation_count() noexcept;

// Cold: the callers of the first one, innermost first; empty when there was none.
[[nodiscard]] std::string first_hot_allocation();

// For tests: forgets what was seen.
void reset_allocation_watch() noexcept;

// The interposer's side.
void note_hot_allocation() noexcept;
void note_interposed() noexcept;

}  // namespace ridley::engine
