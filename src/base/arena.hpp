// SPDX-License-Identifier: Apache-2.0
// In: a size, before start. Out: memory on 2 MB pages when the machine has any, touched, so that
// the hot path meets no page fault. The kernel gives it zeroed in one call, and nobody writes it a
// second time: a start costs what clearing the pages costs. Cold; one owner.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace ridley::base {

enum class PageKind : std::uint8_t { Huge, TransparentHuge, Small };

[[nodiscard]] const char* name(PageKind kind) noexcept;

class Arena {
 public:
  // Maps and touches at least bytes. Throws base::Error (EX_OSERR) when the kernel refuses.
  explicit Arena(std::size_t bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Value-initialised objects that live as long as the arena. Throws base::Error when it is full.
  template <typename Value>
  [[nodiscard]] std::span<Value> array(std::size_t count, std::size_t alignment = alignof(Value)) {
    static_assert(std::is_trivially_destructible_v<Value>, "the arena runs no destructors");
    auto* first = static_cast<Value*>(take(count * sizeof(Value), alignment));
    // Fresh memory already is an array of such objects.
    if (!starts_as_zeros<Value>()) {
      for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(first + i)) Value{};
    }
    return {first, count};
  }

  // What array<Value>(count) will need at most, for adding up a size beforehand.
  template <typename Value>
  [[nodiscard]] static constexpr std::size_t bytes_for(
      std::size_t count, std::size_t alignment = alignof(Value)) noexcept {
    return count * sizeof(Value) + alignment;
  }

  // What lies in either stays where it is.
  void swap(Arena& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
    std::swap(used_, other.used_);
    std::swap(page_kind_, other.page_kind_);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t used() const noexcept { return used_; }
  [[nodiscard]] PageKind page_kind() const noexcept { return page_kind_; }

 private:
  // Whether a value-initialised object is all zeros. One is made and looked at, because a type can
  // have members with values of their own without saying so in its traits.
  template <typename Value>
  [[nodiscard]] static bool starts_as_zeros() {
    if constexpr (!std::is_trivially_copyable_v<Value>) return false;
    alignas(Value) std::array<std::byte, sizeof(Value)> sample{};
    ::new (static_cast<void*>(sample.data())) Value{};
    return std::ranges::all_of(sample, [](std::byte byte) { return byte == std::byte{0}; });
  }

  void* take(std::size_t bytes, std::size_t alignment);

  std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  PageKind page_kind_ = PageKind::Small;
};

}  // namespace ridley::base
