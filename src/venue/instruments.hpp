// SPDX-License-Identifier: Apache-2.0
// In: how many instruments. Out: their symbols by locate code and locate codes by symbol; the same
// count gives the same names. Locate codes are 1 .. count. Any core; read only after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ridley::venue {

// A locate code is 16 bits wide and 0 means no instrument.
inline constexpr std::uint32_t kInstrumentsMax = 65'535;

class Instruments {
 public:
  explicit Instruments(std::uint16_t count);

  [[nodiscard]] std::uint16_t count() const noexcept {
    return static_cast<std::uint16_t>(symbols_.size() - 1);
  }

  // Without padding.
  [[nodiscard]] std::string_view symbol(std::uint16_t locate) const noexcept;

  // 0 for an unknown symbol; padding on the right does not matter.
  [[nodiscard]] std::uint16_t locate(std::string_view symbol) const;

 private:
  // Text in place of std::string: keys point into it, and it never moves.
  struct Name {
    std::array<char, 8> text{};
    std::uint8_t length = 0;
  };

  std::vector<Name> symbols_;
  std::unordered_map<std::string_view, std::uint16_t> locates_;
};

}  // namespace ridley::venue
