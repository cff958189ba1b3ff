// SPDX-License-Identifier: Apache-2.0
#include "base/arena.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace ridley::base {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

constexpr int kPrivate = MAP_PRIVATE | MAP_ANONYMOUS;

void* map(std::size_t bytes, int flags) {
  return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
}

// Not populated yet: the kernel must hear of the huge pages before the first touch, and gives one
// only where a whole one fits, so the ends beside the aligned middle go back.
std::byte* map_aligned(std::size_t bytes) {
  void* const memory = map(bytes + kHugePageBytes, kPrivate);
  if (memory == MAP_FAILED)
    throw Error::with_exit(EX_OSERR, "cannot map ", bytes, " bytes: ", std::strerror(errno));
  auto* const first = static_cast<std::byte*>(memory);
  const std::size_t before = -reinterpret_cast<std::uintptr_t>(first) % kHugePageBytes;
  if (before != 0) ::munmap(first, before);
  ::munmap(first + before + bytes, kHugePageBytes - before);
  return first + before;
}

// One call for 2 MB where the kernel has it (5.14), else one fault for 4 kB. Not one call for all:
// it would keep every other thread that maps memory waiting for the whole of it.
void touch(std::byte* first, std::size_t bytes) {
  constexpr std::size_t kSmallPageBytes = 4096;
  for (std::size_t at = 0; at < bytes; at += kHugePageBytes) {
    if (::madvise(first + at, kHugePageBytes, MADV_POPULATE_WRITE) == 0) continue;
    for (std::size_t page = at; page < at + kHugePageBytes; page += kSmallPageBytes) {
      // Volatile: the write is the purpose.
      static_cast<volatile std::byte*>(first)[page] = std::byte{0};
    }
  }
}

}  // namespace

const char* name(PageKind kind) noexcept {
  switch (kind) {
    case PageKind::Huge: return "2 MB";
    case PageKind::TransparentHuge: return "transparent 2 MB";
    case PageKind::Small: return "4 kB";
  }
  return "unknown";
}

Arena::Arena(std::size_t bytes)
    : size_{(bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes} {
  // A mapping in huge pages reserves them at once or fails.
  void* const memory = map(size_, kPrivate | MAP_HUGETLB);
  if (memory != MAP_FAILED) {
    page_kind_ = PageKind::Huge;
    begin_ = static_cast<std::byte*>(memory);
  } else {
    begin_ = map_aligned(size_);
    page_kind_ =
        ::madvise(begin_, size_, MADV_HUGEPAGE) == 0 ? PageKind::TransparentHuge : PageKind::Small;
  }
  touch(begin_, size_);
}

Arena::~Arena() { ::munmap(begin_, size_); }

void* Arena::take(std::size_t bytes, std::size_t alignment) {
  const std::size_t at = (used_ + alignment - 1) / alignment * alignment;
  if (bytes > size_ || at > size_ - bytes)
    throw Error{"arena of ", size_, " bytes is full: ", bytes, " more asked, ", used_, " used"};
  used_ = at + bytes;
  return begin_ + at;
}

}  // namespace ridley::base
