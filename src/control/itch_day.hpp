// SPDX-License-Identifier: Apache-2.0
// In: a file of ITCH messages, each behind a length, plain, gzip or xz; "-" is the standard input.
// Out: all of it in memory and touched, every length checked, for passes that are timed. Cold; the
// memory is mapped, so it is no part of the process's own (RssAnon).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "control/itch_passes.hpp"
#include "feed/itch_file.hpp"

namespace ridley::control {

class ItchDay {
 public:
  static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

  // The first messages_max of the file. Throws base::Error: EX_NOINPUT where there is no file,
  // EX_DATAERR with the byte and the cause where it is cut off, damaged or empty.
  explicit ItchDay(const std::string& name, std::uint64_t messages_max = kAll);
  ~ItchDay();
  ItchDay(const ItchDay&) = delete;
  ItchDay& operator=(const ItchDay&) = delete;

  [[nodiscard]] DayInMemory in_memory() const noexcept { return {{begin_, size_}, messages_}; }

 private:
  // Counts what is there; the file is mapped as it stands.
  void map_in_place(feed::ItchFile& file, std::uint64_t messages_max);
  // For what is packed, has no lengths or comes through a pipe: a file in memory takes it.
  void unpack(feed::ItchFile& file, std::uint64_t messages_max);
  void map(int file, const std::string& name);

  const std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace ridley::control
