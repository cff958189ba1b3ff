// SPDX-License-Identifier: Apache-2.0
// What values are called and how texts must look.
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "control/config_table.hpp"
#include "nic/address.hpp"

namespace ridley::control {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool capital(char c) { return c >= 'A' && c <= 'Z'; }
bool letter(char c) { return capital(c) || (c >= 'a' && c <= 'z'); }
bool printable(char c) { return c >= ' ' && c <= '~'; }

template <typename Allowed>
bool all(std::string_view text, Allowed allowed) {
  return std::all_of(text.begin(), text.end(), allowed);
}

bool one_of(std::string_view signs, char c) { return signs.find(c) != std::string_view::npos; }

bool host(std::string_view text) {
  return all(text, [](char c) { return letter(c) || digit(c) || one_of("-.:", c); });
}

bool endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || !host(text.substr(0, colon))) return false;
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && end == digits.data() + digits.size() && port != 0;
}

bool multicast(std::string_view text) {
  in_addr address{};
  if (inet_pton(AF_INET, std::string{text}.c_str(), &address) != 1) return false;
  return (ntohl(address.s_addr) >> 28U) == 0xEU;
}

}  // namespace

std::string_view type_name(const Slot& slot, const Setting& setting) {
  if (setting.key == "hot_core") return "\"auto\" or an integer";
  struct Names {
    std::string_view operator()(const std::string*) const { return "text"; }
    std::string_view operator()(const bool*) const { return "true or false"; }
    std::string_view operator()(const std::uint8_t*) const { return "text"; }
    std::string_view operator()(const std::vector<std::string>*) const { return "list of texts"; }
    std::string_view operator()(const std::vector<FeedGroup>*) const {
      return "list of { group, port }";
    }
    std::string_view operator()(const Parameters*) const { return "table"; }
    std::string_view operator()(const std::vector<InstrumentLimits>*) const {
      return "list of tables";
    }
    std::string_view operator()(const void*) const { return "integer"; }
  };
  return std::visit(Names{}, slot);
}

std::string_view form_fault(Form form, std::string_view text) {
  switch (form) {
    case Form::Text: return all(text, printable) ? "" : "must be printable ASCII";
    case Form::Secret: return all(text, printable) ? "" : "must be printable ASCII";
    case Form::Name:
      return all(text, [](char c) { return letter(c) || digit(c) || one_of("-_.", c); })
                 ? ""
                 : "must be letters, digits, '-', '_' or '.'";
    case Form::Folder:
      if (!all(text, printable)) return "must be printable ASCII";
      return text.empty() || text.front() == '/' ? "" : "must be an absolute path";
    case Form::Host: return host(text) ? "" : "must be a host name or an address";
    case Form::Endpoint:
      return text.empty() || endpoint(text) ? "" : "must be a host and a port, \"host:port\"";
    case Form::Multicast:
      return multicast(text) ? "" : "must be an IPv4 multicast address (224.0.0.0 and up)";
    case Form::Address:
      return text.empty() || nic::parse_ipv4(text) ? "" : "must be an IPv4 address";
    case Form::Network:
      return text.empty() || nic::parse_network(text)
                 ? ""
                 : "must be an IPv4 address with its network's prefix, as in 192.0.2.10/24";
    case Form::Symbol:
      return all(text, [](char c) { return capital(c) || digit(c) || one_of(".+-=*#^!@%~", c); })
                 ? ""
                 : "must be a symbol in capital letters";
    case Form::Mpid:
      return all(text, [](char c) { return capital(c) || digit(c); })
                 ? ""
                 : "must be capital letters or digits";
    case Form::Alphanumeric:
      return all(text, [](char c) { return letter(c) || digit(c); }) ? ""
                                                                     : "must be letters or digits";
  }
  return "has a form that is not known";
}

}  // namespace ridley::control
