// SPDX-License-Identifier: Apache-2.0
#include "base/arena.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace ridley::base {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

void* map(std::size_t bytes, int extra_flags) {
  return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | extra_flags, -1, 0);
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
  void* memory = map(size_, MAP_HUGETLB);
  page_kind_ = PageKind::Huge;
  if (memory == MAP_FAILED) {
    // Not populated yet: the kernel must hear of the huge pages before the first touch.
    memory = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      throw Error::with_exit(EX_OSERR, "cannot map ", size_, " bytes: ", std::strerror(errno));
    page_kind_ =
        ::madvise(memory, size_, MADV_HUGEPAGE) == 0 ? PageKind::TransparentHuge : PageKind::Small;
    for (std::size_t at = 0; at < size_; at += 4096) static_cast<volatile char*>(memory)[at] = 0;
  }
  begin_ = static_cast<std::byte*>(memory);
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
