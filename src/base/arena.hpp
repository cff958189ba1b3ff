// SPDX-License-Identifier: Apache-2.0
// In: a size, before start. Out: memory on 2 MB pages when the machine has any, touched, so that
// the hot path meets no page fault. Cold; one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

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
  [[nodiscard]] std::span<Value> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<Value>, "the arena runs no destructors");
    auto* first = static_cast<Value*>(take(count * sizeof(Value), alignof(Value)));
    for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(first + i)) Value{};
    return {first, count};
  }

  // What array<Value>(count) will need at most, for adding up a size beforehand.
  template <typename Value>
  [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t count) noexcept {
    return count * sizeof(Value) + alignof(Value);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t used() const noexcept { return used_; }
  [[nodiscard]] PageKind page_kind() const noexcept { return page_kind_; }

 private:
  void* take(std::size_t bytes, std::size_t alignment);

  std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  PageKind page_kind_ = PageKind::Small;
};

}  // namespace ridley::base
