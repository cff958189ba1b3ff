// SPDX-License-Identifier: Apache-2.0
#include "control/event_printer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

namespace ridley::control {
namespace {

using card::CardForm;
using event::Arrival;

bool is_news(Arrival arrival) {
  switch (arrival) {
    case Arrival::Gap:
    case Arrival::HeartbeatGap:
    case Arrival::EndOfSession:
    case Arrival::EndOfSessionGap:
    case Arrival::SessionChange: return true;
    default: return false;
  }
}

}  // namespace

void EventPrinter::print(const FeedRecord& record) {
  if (record.form == CardForm::Event) return print(record.event);
  print(record.form, record.packet);
}

void EventPrinter::print(const event::MarketEvent& event) {
  ++events_[static_cast<std::uint8_t>(event.kind)];
  if (form_ == MessageForm::None) return;
  FieldWriter writer = begin(CardForm::Event);
  for_each_field(event, [&writer](std::string_view name, const auto& value) {
    if (name != "flags") return writer(name, value);
    // Only other feeds than ITCH have any.
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(value)>>) {
      if (value != 0) writer(name, value);
    }
  });
  end();
}

void EventPrinter::print(CardForm form, const card::CardPacket& packet) {
  const auto arrival = static_cast<Arrival>(packet.arrival);
  ++(form == CardForm::Packet ? packets_ : short_messages_)[packet.arrival];
  const bool shown = form != CardForm::Packet || is_news(arrival);
  if (form_ == MessageForm::None || !shown) return;
  FieldWriter writer = begin(form);
  for_each_field(packet, [&](std::string_view name, const auto& value) {
    if (name == "arrival") return writer(name, arrival);
    // The mark is the ring's.
    if (name != "mark") writer(name, value);
  });
  end();
}

FieldWriter EventPrinter::begin(CardForm form) {
  const bool json = form_ == MessageForm::Json;
  append(lines_.text(), json ? "{\"record\":\"" : "");
  append(lines_.text(), name_of(form));
  append(lines_.text(), json ? "\"" : "");
  return {lines_.text(), json};
}

void EventPrinter::end() {
  if (form_ == MessageForm::Json) lines_.text().push_back('}');
  lines_.end_line();
}

template <typename Kind>
std::uint64_t EventPrinter::print_counts(CardForm form, const Counts& counts, bool json) {
  const auto to = std::back_inserter(lines_.text());
  std::uint64_t total = 0;
  for (std::size_t kind = 0; kind < counts.size(); ++kind) {
    if (counts[kind] == 0) continue;
    total += counts[kind];
    const std::string_view known = name_of(static_cast<Kind>(kind));
    const std::string name = known != "unknown" ? std::string{known} : std::to_string(kind);
    fmt::format_to(
        to,
        fmt::runtime(json ? R"({{"record":"{}","kind":"{}","count":{}}})" : "{:<13} {:<24} {:>12}"),
        name_of(form), name, counts[kind]);
    lines_.end_line();
  }
  return total;
}

void EventPrinter::print_counts(bool json) {
  std::uint64_t total = print_counts<event::EventKind>(CardForm::Event, events_, json);
  total += print_counts<Arrival>(CardForm::Packet, packets_, json);
  total += print_counts<Arrival>(CardForm::ShortMessage, short_messages_, json);
  if (!json) {
    fmt::format_to(std::back_inserter(lines_.text()), "{:<38} {:>12}", "total", total);
    lines_.end_line();
  }
  flush();
}

}  // namespace ridley::control
