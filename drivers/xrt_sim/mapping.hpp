// SPDX-License-Identifier: Apache-2.0
// In: a file. Out: its bytes in memory, given back when their owner goes. Cold.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <span>
#include <utility>

#include "base/descriptor.hpp"

namespace ridley::xrt_sim {

using base::Descriptor;

// Empty when the file cannot be mapped.
class Mapping {
 public:
  Mapping() = default;
  Mapping(int file, std::size_t bytes, int access) : bytes_{bytes} {
    void* at = ::mmap(nullptr, bytes, access, MAP_SHARED, file, 0);
    at_ = at == MAP_FAILED ? nullptr : static_cast<std::byte*>(at);
  }
  Mapping(Mapping&& other) noexcept
      : at_{std::exchange(other.at_, nullptr)}, bytes_{std::exchange(other.bytes_, 0)} {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(at_, other.at_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Mapping() {
    if (at_ != nullptr) ::munmap(at_, bytes_);
  }

  [[nodiscard]] std::span<std::byte> span() const {
    return {at_, at_ == nullptr ? std::size_t{0} : bytes_};
  }
  [[nodiscard]] explicit operator bool() const { return at_ != nullptr; }

 private:
  std::byte* at_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace ridley::xrt_sim
