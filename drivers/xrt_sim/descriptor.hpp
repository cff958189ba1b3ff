// SPDX-License-Identifier: Apache-2.0
// In: a file descriptor, or a mapping. Out: the same, given back when its owner goes. Cold.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <span>
#include <utility>

namespace ridley::xrt_sim {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

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
