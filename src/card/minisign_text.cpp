// SPDX-License-Identifier: Apache-2.0
#include "card/minisign_text.hpp"

#include <sodium.h>

#include "base/error.hpp"

namespace ridley::card {

std::vector<std::string_view> minisign_lines(std::string_view file, std::size_t count) {
  std::vector<std::string_view> lines;
  while (!file.empty() && lines.size() <= count) {
    const std::size_t end = file.find('\n');
    std::string_view line = file.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
  }
  if (lines.size() != count) {
    throw base::Error::with_exit(EX_DATAERR, "has not the ", count, " lines of minisign");
  }
  return lines;
}

void decode_base64(std::string_view line, std::span<std::uint8_t> bytes) {
  std::size_t size = 0;
  const char* end = nullptr;
  const int result = sodium_base642bin(bytes.data(), bytes.size(), line.data(), line.size(),
                                       nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
  const bool decoded = result == 0 && size == bytes.size() && end == line.data() + line.size();
  // It takes letters beyond ASCII for some within.
  if (!decoded || encode_base64(bytes) != line) {
    throw base::Error::with_exit(EX_DATAERR, "does not have ", bytes.size(),
                                 " bytes of base64 where minisign has them");
  }
}

std::string encode_base64(std::span<const std::uint8_t> bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // its terminating zero
  return text;
}

}  // namespace ridley::card
