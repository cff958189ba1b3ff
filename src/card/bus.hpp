// SPDX-License-Identifier: Apache-2.0
// How a card is reached: its registers, and memory of this process that it can write to. The card
// behind public XRT is one, a simulated design without XRT another. Cold; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ridley::card {

// Memory that both see at once, without a copy.
struct SharedMemory {
  std::span<std::byte> bytes;      // zeroed; lives as long as the bus
  std::uint64_t card_address = 0;  // where the card finds it
};

class Bus {
 public:
  virtual ~Bus() = default;

  // One 32-bit word. Both throw base::Error (EX_IOERR) when the card does not answer.
  [[nodiscard]] virtual std::uint32_t read(std::uint32_t at) = 0;
  virtual void write(std::uint32_t at, std::uint32_t value) = 0;

  // Throws base::Error (EX_OSERR).
  [[nodiscard]] virtual SharedMemory share(std::size_t bytes) = 0;

 protected:
  Bus() = default;
  Bus(const Bus&) = default;
  Bus& operator=(const Bus&) = default;
};

}  // namespace ridley::card
