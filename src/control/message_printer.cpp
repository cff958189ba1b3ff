// SPDX-License-Identifier: Apache-2.0
#include "control/message_printer.hpp"

#include <iterator>
#include <string>

#include "wire/itch.hpp"
#include "wire/ouch.hpp"
#include "wire/soup.hpp"

namespace ridley::control {
namespace {

constexpr std::array<std::string_view, kMessageProtocols> kProtocolNames{
    "itch", "ouch", "ouch", "soupbintcp", "soupbintcp", "moldudp64"};

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

template <typename Visitor>
bool visit(MessageProtocol protocol, std::span<const std::byte> message, Visitor&& visitor) {
  switch (protocol) {
    case MessageProtocol::Itch: return wire::itch::visit(message, visitor);
    case MessageProtocol::OuchInbound: return wire::ouch::visit_inbound(message, visitor);
    case MessageProtocol::OuchOutbound: return wire::ouch::visit_outbound(message, visitor);
    case MessageProtocol::SoupClient: return wire::soup::visit_client(message, visitor);
    case MessageProtocol::SoupServer: return wire::soup::visit_server(message, visitor);
    case MessageProtocol::Mold: return false;
  }
  return false;
}

// 0 for a type that no table has.
std::size_t size_of(MessageProtocol protocol, char type) {
  switch (protocol) {
    case MessageProtocol::Itch: return wire::itch::size_of(type);
    case MessageProtocol::OuchInbound: return wire::ouch::size_of_inbound(type);
    case MessageProtocol::OuchOutbound: return wire::ouch::size_of_outbound(type);
    case MessageProtocol::SoupClient: return wire::soup::size_of_client(type);
    case MessageProtocol::SoupServer: return wire::soup::size_of_server(type);
    case MessageProtocol::Mold: return 0;
  }
  return 0;
}

std::size_t type_offset(MessageProtocol protocol) {
  const bool soup =
      protocol == MessageProtocol::SoupClient || protocol == MessageProtocol::SoupServer;
  return soup ? 2 : 0;
}

}  // namespace

void MessagePrinter::begin(MessageProtocol protocol, std::uint64_t sequence, char type,
                           std::string_view name) {
  fmt::memory_buffer& to = lines_.text();
  const std::string_view family = kProtocolNames[static_cast<std::size_t>(protocol)];
  const fmt::format_int digits{sequence};
  const std::string_view number{digits.data(), digits.size()};
  if (form_ == MessageForm::Text) {
    append(to, number);
    to.push_back(' ');
    append(to, family);
    to.push_back(' ');
    append_escaped(to, {&type, 1});
    to.push_back(' ');
    append(to, name);
    return;
  }
  append(to, "{\"seq\":");
  append(to, number);
  append(to, ",\"type\":\"");
  append_escaped(to, {&type, 1});
  append(to, "\",\"protocol\":\"");
  append(to, family);
  append(to, "\",\"message\":\"");
  append(to, name);
  to.push_back('"');
}

void MessagePrinter::end() {
  if (form_ == MessageForm::Json) lines_.text().push_back('}');
  lines_.end_line();
}

template <typename View>
void MessagePrinter::line(MessageProtocol protocol, std::uint64_t sequence, const View& view) {
  begin(protocol, sequence, View::kType, View::kName);
  FieldWriter writer{lines_.text(), form_ == MessageForm::Json};
  view.for_each_field(writer);
  if constexpr (HasAppendages<View>) {
    const wire::ouch::Appendages appendages = view.appendages();
    if (appendages.begin() != appendages.end()) {
      writer.open("appendage");
      for (const wire::ouch::Element element : appendages) write_element(writer, element);
      writer.close();
    }
  }
  end();
}

void MessagePrinter::unknown(MessageProtocol protocol, std::uint64_t sequence,
                             std::span<const std::byte> message) {
  const std::size_t at = type_offset(protocol);
  const char type = message.size() > at ? static_cast<char>(message[at]) : ' ';
  count(protocol, type, "unknown", message.size());
  if (form_ == MessageForm::None) return;
  begin(protocol, sequence, type, "unknown");
  FieldWriter{lines_.text(), form_ == MessageForm::Json}.hexadecimal("bytes", message);
  end();
}

Printed MessagePrinter::print(MessageProtocol protocol, std::uint64_t sequence,
                              std::span<const std::byte> message) {
  Printed printed = Printed::Whole;
  const bool found = visit(protocol, message, [&]<typename View>(const View& view) {
    count(protocol, View::kType, View::kName, message.size());
    if (form_ != MessageForm::None) line(protocol, sequence, view);
    if constexpr (HasAppendages<View>) {
      if (!view.appendages().well_formed()) printed = Printed::Malformed;
    }
  });
  if (found) return printed;
  const std::size_t at = type_offset(protocol);
  if (message.size() > at && size_of(protocol, static_cast<char>(message[at])) != 0) {
    return Printed::Malformed;
  }
  unknown(protocol, sequence, message);
  return Printed::Unknown;
}

void MessagePrinter::count(MessageProtocol protocol, char type, std::string_view name,
                           std::size_t bytes) {
  Count& entry = counts_[static_cast<std::size_t>(protocol)][static_cast<unsigned char>(type)];
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
      fmt::memory_buffer letter;
      const char character = static_cast<char>(type);
      append_escaped(letter, {&character, 1});
      const std::string shown = fmt::to_string(letter);
      if (json) {
        fmt::format_to(to,
                       R"({{"protocol":"{}","type":"{}","message":"{}","messages":{},"bytes":{}}})",
                       kProtocolNames[protocol], shown, entry.name, entry.messages, entry.bytes);
        lines_.text().push_back('\n');
      } else {
        fmt::format_to(to, "{:<11} {:<6} {:<28} {:>12} {:>15}\n", kProtocolNames[protocol], shown,
                       entry.name, entry.messages, entry.bytes);
      }
    }
  }
  if (!json) fmt::format_to(to, "{:<47} {:>12} {:>15}\n", "total", messages, bytes);
  flush();
}

}  // namespace ridley::control
