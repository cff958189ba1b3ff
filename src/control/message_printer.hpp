// SPDX-License-Identifier: Apache-2.0
// In: messages of any of our protocols. Out: one line each, as text or JSON with the schema's
// names, and counts by type. Cold; one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "control/field_writer.hpp"

namespace ridley::control {

enum class MessageForm : std::uint8_t { Text, Json, None };

enum class MessageProtocol : std::uint8_t {
  Itch,
  OuchInbound,
  OuchOutbound,
  SoupClient,
  SoupServer,
  Mold,
  Pitch,
  SequencedUnit,
  Deep,
  Tops,      // what it shares with DEEP
  DeepPlus,  // the same
  IexTp,
  Mdp3,
  MdpPacket,
};
inline constexpr std::size_t kMessageProtocols = 14;

enum class Printed : std::uint8_t {
  Whole,
  Unknown,    // a type that no table has: its bytes are printed
  Malformed,  // shorter than its table says or a broken appendage: nothing, or what was whole
};

// As complaints have it; a message that is too short for one has none.
[[nodiscard]] std::string shown_type_of(MessageProtocol protocol,
                                        std::span<const std::byte> message);

class MessagePrinter {
 public:
  MessagePrinter(MessageForm form, std::ostream& out) : form_{form}, lines_{out} {}

  // A unit is shown where a feed has several sequences, which count from 1.
  Printed print(MessageProtocol protocol, std::uint64_t sequence,
                std::span<const std::byte> message, std::uint16_t unit = 0);
  // A packet that carries no message and is only counted.
  void count(MessageProtocol protocol, std::uint16_t type, std::string_view name,
             std::size_t bytes);

  // What is still buffered. Throws with EX_IOERR where the output takes no more.
  void flush() { lines_.flush(); }
  // How many of each type there were.
  void print_counts(bool json);

 private:
  struct Count {
    std::string_view name;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
  };

  // Where a message stands.
  struct Place {
    MessageProtocol protocol;
    std::uint64_t sequence;
    std::uint16_t unit;
  };

  template <typename View>
  void line(const Place& place, const View& view);
  [[nodiscard]] FieldWriter begin(const Place& place, std::uint16_t type, std::string_view name);
  template <typename View>
  void groups(FieldWriter& writer, const View& view);
  void unknown(const Place& place, std::span<const std::byte> message);
  void end();

  MessageForm form_;
  LineBuffer lines_;
  std::array<std::array<Count, 256>, kMessageProtocols> counts_{};
};

}  // namespace ridley::control
