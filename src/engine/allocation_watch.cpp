// SPDX-License-Identifier: Apache-2.0
#include "engine/allocation_watch.hpp"

#include <execinfo.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/assert.hpp"

namespace ridley::engine {

namespace detail {
thread_local constinit std::uint32_t hot_section_depth __attribute__((tls_model("initial-exec"))) =
    0;
}  // namespace detail

namespace {

constexpr int kFramesMax = 16;

struct FirstCaller {
  std::array<void*, kFramesMax> frames;
  std::atomic<int> depth{0};
  std::atomic_flag taken;
};

constinit FirstCaller first_caller{};
constinit std::atomic<std::uint64_t> seen{0};
constinit std::atomic<OnHotAllocation> reaction_to_allocation{OnHotAllocation::Count};
constinit std::atomic<bool> interposed{false};

// backtrace() does not allocate once the unwinder is loaded, but must not be counted if it does.
class Unwatched {
 public:
  Unwatched() noexcept : depth_{std::exchange(detail::hot_section_depth, 0)} {}
  ~Unwatched() { detail::hot_section_depth = depth_; }
  Unwatched(const Unwatched&) = delete;
  Unwatched& operator=(const Unwatched&) = delete;

 private:
  std::uint32_t depth_;
};

}  // namespace

void prepare_allocation_watch(OnHotAllocation reaction) noexcept {
  std::array<void*, kFramesMax> frames;
  static_cast<void>(::backtrace(frames.data(), kFramesMax));
  reaction_to_allocation.store(reaction, std::memory_order_relaxed);
}

bool allocations_are_watched() noexcept {
  // The interposer reports itself at the first call it sees; this makes sure that there was one.
  void* volatile probe = std::malloc(1);
  std::free(probe);
  return interposed.load(std::memory_order_relaxed);
}

std::string first_hot_allocation() {
  // Acquire: the frames were written before their number.
  const int depth = first_caller.depth.load(std::memory_order_acquire);
  if (depth == 0) return {};
  const std::unique_ptr<char*, decltype(&std::free)> names{
      ::backtrace_symbols(first_caller.frames.data(), depth), &std::free};
  std::string text;
  for (int i = 0; i < depth && names; ++i) text.append(names.get()[i]).append("\n");
  return text;
}

std::uint64_t hot_allocation_count() noexcept { return seen.load(std::memory_order_relaxed); }

void reset_allocation_watch() noexcept {
  seen.store(0, std::memory_order_relaxed);
  first_caller.depth.store(0, std::memory_order_relaxed);
  first_caller.taken.clear(std::memory_order_relaxed);
}

void note_hot_allocation() noexcept {
  const Unwatched unwatched;
  seen.fetch_add(1, std::memory_order_relaxed);
  if (!first_caller.taken.test_and_set(std::memory_order_relaxed)) {
    const int depth = ::backtrace(first_caller.frames.data(), kFramesMax);
    // Release: the frames are whole for whoever sees their number.
    first_caller.depth.store(depth, std::memory_order_release);
  }
  if (reaction_to_allocation.load(std::memory_order_relaxed) == OnHotAllocation::Count) return;
  ::backtrace_symbols_fd(first_caller.frames.data(), first_caller.depth.load(), 2);
  base::invariant_broken("no heap call in a hot section", __FILE__, __LINE__);
}

void note_interposed() noexcept { interposed.store(true, std::memory_order_relaxed); }

}  // namespace ridley::engine
