// SPDX-License-Identifier: Apache-2.0
// In: every heap call of the process. Out: glibc's own allocator, after one look at a thread-local
// number. operator new and delete arrive here through malloc and free. Any core. Empty under a
// sanitizer.
#include "engine/allocation_watch.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RIDLEY_ALLOCATOR_IS_TAKEN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define RIDLEY_ALLOCATOR_IS_TAKEN
#endif
#endif

#ifndef RIDLEY_ALLOCATOR_IS_TAKEN

#include <cerrno>
#include <cstddef>

namespace {

inline void look() noexcept {
  if (ridley::engine::detail::hot_section_depth != 0) [[unlikely]] {
    ridley::engine::note_hot_allocation();
  }
}

// Before main, so that every later question has its answer.
__attribute__((constructor)) void report() noexcept { ridley::engine::note_interposed(); }

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t bytes) noexcept;
void* __libc_calloc(std::size_t count, std::size_t bytes) noexcept;
void* __libc_realloc(void* place, std::size_t bytes) noexcept;
void* __libc_memalign(std::size_t alignment, std::size_t bytes) noexcept;
void* __libc_valloc(std::size_t bytes) noexcept;
void* __libc_pvalloc(std::size_t bytes) noexcept;
void __libc_free(void* place) noexcept;

void* malloc(std::size_t bytes) noexcept {
  look();
  return __libc_malloc(bytes);
}

void* calloc(std::size_t count, std::size_t bytes) noexcept {
  look();
  return __libc_calloc(count, bytes);
}

void* realloc(void* place, std::size_t bytes) noexcept {
  look();
  return __libc_realloc(place, bytes);
}

void* reallocarray(void* place, std::size_t count, std::size_t bytes) noexcept {
  std::size_t all = 0;
  if (__builtin_mul_overflow(count, bytes, &all)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(place, all);
}

// Freeing nothing touches no heap.
void free(void* place) noexcept {
  if (place == nullptr) return;
  look();
  __libc_free(place);
}

void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  look();
  return __libc_memalign(alignment, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  return memalign(alignment, bytes);
}

int posix_memalign(void** place, std::size_t alignment, std::size_t bytes) noexcept {
  const bool power_of_two = alignment != 0 && (alignment & (alignment - 1)) == 0;
  if (!power_of_two || alignment % sizeof(void*) != 0) return EINVAL;
  void* const got = memalign(alignment, bytes);
  if (got == nullptr) return ENOMEM;
  *place = got;
  return 0;
}

void* valloc(std::size_t bytes) noexcept {
  look();
  return __libc_valloc(bytes);
}

void* pvalloc(std::size_t bytes) noexcept {
  look();
  return __libc_pvalloc(bytes);
}

}  // extern "C"

#endif
