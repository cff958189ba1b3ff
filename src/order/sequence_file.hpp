// SPDX-License-Identifier: Apache-2.0
// In: how far a stream was delivered. Out: the same, for the process that comes after this one.
// Nothing on the wire of SoupBinTCP carries a number (its sheet, section 3.2), so whoever counts
// has to keep the count, and only after delivery.
//
// Two records are written in turns, each with a checksum, so that one of them is always whole. What
// was kept survives the end of the process however it comes (D1), not the machine's. Cold: the
// session thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace ridley::order {

struct StreamPlace {
  std::string session;
  std::uint64_t next_sequence = 0;  // of the first message that was not delivered
};

class SequenceFile {
 public:
  // Opens the file or makes it. Throws base::Error (EX_CANTCREAT).
  explicit SequenceFile(const std::filesystem::path& path);

  // As the file was found; nothing when it is new or neither record is whole.
  [[nodiscard]] const std::optional<StreamPlace>& found() const noexcept { return found_; }

  // False when the file system refuses; what was kept before stays.
  [[nodiscard]] bool keep(std::string_view session, std::uint64_t next_sequence) noexcept;

 private:
  base::Descriptor file_;
  std::optional<StreamPlace> found_;
  std::uint64_t generation_ = 0;  // of the newest record
};

}  // namespace ridley::order
