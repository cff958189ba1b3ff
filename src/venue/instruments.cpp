// SPDX-License-Identifier: Apache-2.0
#include "venue/instruments.hpp"

namespace ridley::venue {

Instruments::Instruments(std::uint16_t count) : symbols_(std::size_t{count} + 1) {
  // RAAA, RAAB, ...: three letters reach 17,576 names, the fourth the rest.
  for (std::uint32_t locate = 1; locate <= count; ++locate) {
    Name& name = symbols_[locate];
    const std::size_t letters = locate <= 26 * 26 * 26 ? 3 : 4;
    std::uint32_t number = locate - 1;
    name.text[0] = 'R';
    for (std::size_t i = letters; i > 0; --i) {
      name.text[i] = static_cast<char>('A' + number % 26);
      number /= 26;
    }
    name.length = static_cast<std::uint8_t>(letters + 1);
    const auto code = static_cast<std::uint16_t>(locate);
    locates_.emplace(symbol(code), code);
  }
}

std::string_view Instruments::symbol(std::uint16_t locate) const noexcept {
  const Name& name = symbols_[locate];
  return {name.text.data(), name.length};
}

std::uint16_t Instruments::locate(std::string_view symbol) const {
  while (!symbol.empty() && symbol.back() == ' ') symbol.remove_suffix(1);
  const auto found = locates_.find(symbol);
  return found == locates_.end() ? std::uint16_t{0} : found->second;
}

}  // namespace ridley::venue
