// SPDX-License-Identifier: Apache-2.0
#include "control/message_printer.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "wire/deep.hpp"
#include "wire/itch.hpp"
#include "wire/mdp3.hpp"
#include "wire/ouch.hpp"
#include "wire/pitch.hpp"
#include "wire/soup.hpp"

namespace ridley::control {
namespace {

constexpr std::array<std::string_view, kMessageProtocols> kProtocolNames{
    "itch",           "ouch", "ouch", "soupbintcp", "soupbintcp", "moldudp64", "pitch",
    "sequenced_unit", "deep", "tops", "deep_plus",  "iextp",      "mdp3",      "mdp_packet"};

void write_element(FieldWriter& writer, const wire::ouch::Element& element) {
  const bool known = wire::ouch::value_size(element.tag) == element.value.size();
  if (!known) {
    writer.hexadecimal("tag_" + std::to_string(static_cast<int>(element.tag)), element.value);
    return;
  }
  const std::string_view name = wire::ouch::name_of(element.tag);
  if (wire::ouch::is_text(element.tag)) {
    std::string_view text = element.text();
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    writer.text(name, text);
    return;
  }
  std::uint64_t number = 0;
  for (const std::byte byte : element.value) number = number << 8 | static_cast<unsigned>(byte);
  if (wire::ouch::is_signed(element.tag)) {
    writer(name, static_cast<std::int32_t>(number));
  } else {
    writer(name, number);
  }
}

template <typename View>
concept HasAppendages = requires(const View& view) { view.appendages(); };

template <typename View>
concept HasGroups = requires(const View& view) { view.well_formed(); };

template <typename Visitor>
bool visit(MessageProtocol protocol, std::span<const std::byte> message, Visitor&& visitor) {
  switch (protocol) {
    case MessageProtocol::Itch: return wire::itch::visit(message, visitor);
    case MessageProtocol::OuchInbound: return wire::ouch::visit_inbound(message, visitor);
    case MessageProtocol::OuchOutbound: return wire::ouch::visit_outbound(message, visitor);
    case MessageProtocol::SoupClient: return wire::soup::visit_client(message, visitor);
    case MessageProtocol::SoupServer: return wire::soup::visit_server(message, visitor);
    case MessageProtocol::Pitch: return wire::pitch::visit(message, visitor);
    case MessageProtocol::Deep:
    case MessageProtocol::Tops:
    case MessageProtocol::DeepPlus: return wire::deep::visit(message, visitor);
    case MessageProtocol::Mdp3: return wire::mdp3::visit(message, visitor);
    case MessageProtocol::Mold:
    case MessageProtocol::SequencedUnit:
    case MessageProtocol::IexTp:
    case MessageProtocol::MdpPacket: return false;
  }
  return false;
}

// 0 for a type that no table has.
std::size_t size_of(MessageProtocol protocol, std::uint16_t number) {
  const auto type = static_cast<char>(number);
  switch (protocol) {
    case MessageProtocol::Itch: return wire::itch::size_of(type);
    case MessageProtocol::OuchInbound: return wire::ouch::size_of_inbound(type);
    case MessageProtocol::OuchOutbound: return wire::ouch::size_of_outbound(type);
    case MessageProtocol::SoupClient: return wire::soup::size_of_client(type);
    case MessageProtocol::SoupServer: return wire::soup::size_of_server(type);
    case MessageProtocol::Pitch: return wire::pitch::size_of(static_cast<std::uint8_t>(type));
    case MessageProtocol::Deep:
    case MessageProtocol::Tops:
    case MessageProtocol::DeepPlus: return wire::deep::size_of(type);
    case MessageProtocol::Mdp3: return wire::mdp3::size_of(number);
    case MessageProtocol::Mold:
    case MessageProtocol::SequencedUnit:
    case MessageProtocol::IexTp:
    case MessageProtocol::MdpPacket: return 0;
  }
  return 0;
}

std::size_t type_offset(MessageProtocol protocol) {
  if (protocol == MessageProtocol::Pitch) return 1;
  if (protocol == MessageProtocol::Mdp3) return 4;
  const bool soup =
      protocol == MessageProtocol::SoupClient || protocol == MessageProtocol::SoupServer;
  return soup ? 2 : 0;
}

bool has_numbers(MessageProtocol protocol) {
  return protocol == MessageProtocol::Pitch || protocol == MessageProtocol::Mdp3;
}

// Nothing where the message is shorter.
std::optional<std::uint16_t> type_in(MessageProtocol protocol, std::span<const std::byte> message) {
  const std::size_t at = type_offset(protocol);
  if (message.size() <= at) return std::nullopt;
  const auto low = static_cast<std::uint16_t>(message[at]);
  if (protocol != MessageProtocol::Mdp3) return low;
  if (message.size() == at + 1) return std::nullopt;
  return static_cast<std::uint16_t>(low | static_cast<unsigned>(message[at + 1]) << 8);
}

// What is known by name alone.
std::string_view name_of(MessageProtocol protocol, std::uint16_t type) {
  if (protocol != MessageProtocol::Mdp3) return "unknown";
  return wire::mdp3::name_of(static_cast<wire::mdp3::Template>(type));
}

// Letters as they are, numbers as the publisher writes them.
std::string shown_type(MessageProtocol protocol, std::uint16_t number) {
  if (protocol == MessageProtocol::Pitch) return fmt::format("0x{:02x}", number);
  if (protocol == MessageProtocol::Mdp3) return std::to_string(number);
  const auto type = static_cast<char>(number);
  fmt::memory_buffer letter;
  append_escaped(letter, {&type, 1});
  return fmt::to_string(letter);
}

}  // namespace

std::string shown_type_of(MessageProtocol protocol, std::span<const std::byte> message) {
  const std::optional<std::uint16_t> type = type_in(protocol, message);
  if (!type) return "none";
  return protocol == MessageProtocol::Mdp3 ? std::to_string(*type) : fmt::format("0x{:02x}", *type);
}

FieldWriter MessagePrinter::begin(const Place& place, std::uint16_t type, std::string_view name) {
  fmt::memory_buffer& to = lines_.text();
  const std::string_view family = kProtocolNames[static_cast<std::size_t>(place.protocol)];
  const fmt::format_int digits{place.sequence};
  const std::string_view number{digits.data(), digits.size()};
  const bool json = form_ == MessageForm::Json;
  const auto write_type = [&] {
    // Nearly all types are letters: no text is built for them.
    if (has_numbers(place.protocol)) return append(to, shown_type(place.protocol, type));
    const auto letter = static_cast<char>(type);
    append_escaped(to, {&letter, 1});
  };
  if (json) {
    append(to, "{\"seq\":");
    append(to, number);
    append(to, ",\"type\":\"");
    write_type();
    append(to, "\",\"protocol\":\"");
    append(to, family);
    append(to, "\",\"message\":\"");
    append(to, name);
    to.push_back('"');
  } else {
    append(to, number);
    to.push_back(' ');
    append(to, family);
    to.push_back(' ');
    write_type();
    to.push_back(' ');
    append(to, name);
  }
  FieldWriter writer{to, json};
  if (place.unit != 0) writer("unit", place.unit);
  return writer;
}

void MessagePrinter::end() {
  if (form_ == MessageForm::Json) lines_.text().push_back('}');
  lines_.end_line();
}

template <typename View>
void MessagePrinter::line(const Place& place, const View& view) {
  FieldWriter writer = begin(place, static_cast<std::uint16_t>(View::kType), View::kName);
  view.for_each_field([&writer](std::string_view field, const auto& value) {
    // The type stands in front already.
    if (field != "type") writer(field, value);
  });
  if constexpr (HasAppendages<View>) {
    const wire::ouch::Appendages appendages = view.appendages();
    if (appendages.begin() != appendages.end()) {
      writer.open("appendage");
      for (const wire::ouch::Element element : appendages) write_element(writer, element);
      writer.close();
    }
  }
  if constexpr (HasGroups<View>) groups(writer, view);
  end();
}

template <typename View>
void MessagePrinter::groups(FieldWriter& writer, const View& view) {
  view.for_each_group([&writer](std::string_view name, const auto& group) {
    writer.open_list(name);
    std::size_t index = 0;
    for (const auto& entry : group) {
      writer.open_entry(name, index++);
      entry.for_each_field(
          [&writer](std::string_view field, const auto& value) { writer(field, value); });
      writer.close();
    }
    writer.close_list();
  });
}

void MessagePrinter::unknown(const Place& place, std::span<const std::byte> message) {
  const std::uint16_t type = type_in(place.protocol, message).value_or(' ');
  const std::string_view name = name_of(place.protocol, type);
  count(place.protocol, type, name, message.size());
  if (form_ == MessageForm::None) return;
  begin(place, type, name).hexadecimal("bytes", message);
  end();
}

Printed MessagePrinter::print(MessageProtocol protocol, std::uint64_t sequence,
                              std::span<const std::byte> message, std::uint16_t unit) {
  const Place place{protocol, sequence, unit};
  Printed printed = Printed::Whole;
  const bool found = visit(protocol, message, [&]<typename View>(const View& view) {
    if constexpr (HasGroups<View>) {
      if (!view.well_formed()) {
        printed = Printed::Malformed;
        return;
      }
    }
    count(protocol, static_cast<std::uint16_t>(View::kType), View::kName, message.size());
    if (form_ != MessageForm::None) line(place, view);
    if constexpr (HasAppendages<View>) {
      if (!view.appendages().well_formed()) printed = Printed::Malformed;
    }
  });
  if (found) return printed;
  const std::optional<std::uint16_t> type = type_in(protocol, message);
  if (type && size_of(protocol, *type) != 0) return Printed::Malformed;
  unknown(place, message);
  return Printed::Unknown;
}

// Types beyond the last row share it.
void MessagePrinter::count(MessageProtocol protocol, std::uint16_t type, std::string_view name,
                           std::size_t bytes) {
  auto& counts = counts_[static_cast<std::size_t>(protocol)];
  Count& entry = counts[std::min<std::size_t>(type, counts.size() - 1)];
  entry.name = name;
  ++entry.messages;
  entry.bytes += bytes;
}

void MessagePrinter::print_counts(bool json) {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  const auto to = std::back_inserter(lines_.text());
  for (std::size_t protocol = 0; protocol < kMessageProtocols; ++protocol) {
    for (std::size_t type = 0; type < 256; ++type) {
      const Count& entry = counts_[protocol][type];
      if (entry.messages == 0) continue;
      messages += entry.messages;
      bytes += entry.bytes;
      const std::string shown =
          shown_type(static_cast<MessageProtocol>(protocol), static_cast<std::uint16_t>(type));
      if (json) {
        fmt::format_to(to,
                       R"({{"protocol":"{}","type":"{}","message":"{}","messages":{},"bytes":{}}})",
                       kProtocolNames[protocol], shown, entry.name, entry.messages, entry.bytes);
        lines_.text().push_back('\n');
      } else {
        fmt::format_to(to, "{:<14} {:<6} {:<28} {:>12} {:>15}\n", kProtocolNames[protocol], shown,
                       entry.name, entry.messages, entry.bytes);
      }
    }
  }
  if (!json) fmt::format_to(to, "{:<50} {:>12} {:>15}\n", "total", messages, bytes);
  flush();
}

}  // namespace ridley::control
