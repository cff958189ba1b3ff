// SPDX-License-Identifier: Apache-2.0
// In: what a decoder of the feed says. Out: one line each, as text or JSON with the schema's names,
// and counts by kind. Of packets only news has a line: what is missing, ends or begins. Cold; one
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>

#include "control/event_source.hpp"
#include "control/field_writer.hpp"
#include "control/message_printer.hpp"

namespace ridley::control {

class EventPrinter {
 public:
  EventPrinter(MessageForm form, std::ostream& out) : form_{form}, lines_{out} {}

  void print(const FeedRecord& record);

  // What is still buffered. Throws base::Error (EX_IOERR) where the output takes no more.
  void flush() { lines_.flush(); }
  // How many there were of each kind, with or without a line.
  void print_counts(bool json);

 private:
  using Counts = std::array<std::uint64_t, 256>;

  void print(const event::MarketEvent& event);
  void print(card::CardForm form, const card::CardPacket& packet);
  // Begins a line; what it says follows.
  [[nodiscard]] FieldWriter begin(card::CardForm form);
  void end();
  template <typename Kind>
  std::uint64_t print_counts(card::CardForm form, const Counts& counts, bool json);

  MessageForm form_;
  LineBuffer lines_;
  Counts events_{};   // by kind
  Counts packets_{};  // by arrival
  Counts short_messages_{};
};

}  // namespace ridley::control
