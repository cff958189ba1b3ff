// SPDX-License-Identifier: Apache-2.0
// In: a port of any kind. Out: the same for cold code, which need not be compiled anew for each.
// Cold.
#pragma once

#include <cstddef>
#include <span>

#include "nic/frame.hpp"
#include "nic/port.hpp"

namespace ridley::order {

class FramePort {
 public:
  FramePort() = default;
  virtual ~FramePort() = default;
  FramePort(const FramePort&) = delete;
  FramePort& operator=(const FramePort&) = delete;

  [[nodiscard]] virtual std::size_t receive_burst(std::span<nic::Frame> frames) = 0;
  [[nodiscard]] virtual bool send(std::span<const std::byte> bytes) = 0;
};

template <nic::Port Wire>
class FramePortOf final : public FramePort {
 public:
  explicit FramePortOf(Wire& wire) noexcept : wire_{wire} {}

  [[nodiscard]] std::size_t receive_burst(std::span<nic::Frame> frames) override {
    return wire_.receive_burst(frames);
  }
  [[nodiscard]] bool send(std::span<const std::byte> bytes) override { return wire_.send(bytes); }

 private:
  Wire& wire_;
};

}  // namespace ridley::order
