// SPDX-License-Identifier: Apache-2.0
#include "venue/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "nic/address.hpp"
#include "order/soup_packet.hpp"
#include "venue/instruments.hpp"
#include "venue/order_rules.hpp"

namespace ridley::venue {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::size_t kFirmLetters = 4;
constexpr std::size_t kLinesMax = 3;  // A, B, C
constexpr std::uint32_t kOrderPortsMax = 16;
// Where a scenario's lines B and C are sent.
constexpr std::array kMoreLines{"233.54.12.112:26478", "233.54.12.113:26479"};
// Of an account's numbers: 32 bits.
constexpr std::uint64_t kAttributeMax = 0xFFFF'FFFF;

template <typename... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  throw base::Error::with_exit(EX_USAGE, parts...);
}

bool ends_with_known_kind(const std::string& path) {
  return path.ends_with(".pcap") || path.ends_with(".itch");
}

// One of ",shares=1000,cancel": the name, and its number if it has one.
void read_attribute(std::string_view attribute, AccountSettings& account) {
  const std::size_t equals = std::min(attribute.find('='), attribute.size());
  const std::string_view name = attribute.substr(0, equals);
  std::uint64_t value = 0;
  const char* const end = attribute.data() + attribute.size();
  const char* const digits = std::min(attribute.data() + equals + 1, end);
  const bool whole = digits != end && std::from_chars(digits, end, value).ptr == end;
  PortLimits& limits = account.limits;
  const auto small = static_cast<std::uint32_t>(value);
  if (name == "cancel" && equals == attribute.size()) {
    account.cancel_on_disconnect = true;
  } else if (name == "ouch42" && equals == attribute.size()) {
    account.ouch42 = true;
  } else if (!whole || value > kAttributeMax) {
    refuse(
        "account ", account.username, ": ", attribute,
        ": want cancel, ouch42, port=, shares=, dollars=, away=, rate= or orders= with a number");
  } else if (name == "port") {
    account.port = small;
  } else if (name == "shares") {
    limits.quantity_max = small;
  } else if (name == "dollars") {
    limits.notional_max_e4 = value * kDollar_e4;
  } else if (name == "away") {
    limits.away_bps_max = small;
  } else if (name == "rate") {
    limits.orders_a_second = small;
  } else if (name == "orders") {
    limits.open_orders_max = small;
  } else {
    refuse("account ", account.username, ": ", name, " is none of its settings");
  }
}

void read_attributes(std::string_view text, AccountSettings& account) {
  while (!text.empty()) {
    text.remove_prefix(1);  // the comma
    const std::size_t end = std::min(text.find(','), text.size());
    read_attribute(text.substr(0, end), account);
    text.remove_prefix(end);
  }
}

}  // namespace

AccountSettings parse_account(const std::string& text) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  if (second == std::string::npos) refuse("account ", text, ": want user:password:firm");
  AccountSettings account;
  account.username = text.substr(0, first);
  account.password = text.substr(first + 1, second - first - 1);
  const std::size_t comma = std::min(text.find(',', second), text.size());
  account.firm = text.substr(second + 1, comma - second - 1);
  if (account.username.empty() || account.username.size() > order::kUsernameBytes) {
    refuse("account ", text, ": the user name has 1 to ", order::kUsernameBytes, " characters");
  }
  if (account.password.size() > order::kPasswordBytes) {
    refuse("account ", account.username, ": the password has up to ", order::kPasswordBytes,
           " characters");
  }
  if (account.firm.size() > kFirmLetters) {
    refuse("account ", account.username, ": the firm has up to ", kFirmLetters, " letters");
  }
  read_attributes(std::string_view{text}.substr(comma), account);
  return account;
}

Halt parse_halt(const std::string& text) {
  const std::size_t at = text.find('@');
  double after_s = -1;
  double for_s = 0;
  double quoting_s = 0;
  char more = 0;
  const char* const times = at == std::string::npos ? "" : text.c_str() + at;
  const bool quotes =
      std::sscanf(times, "@%lf+%lf+%lf%c", &after_s, &for_s, &quoting_s, &more) == 3;
  const bool plain = std::sscanf(times, "@%lf+%lf%c", &after_s, &for_s, &more) == 2;
  const bool in_order = after_s >= 0 && for_s > 0 && quoting_s >= 0 && quoting_s <= for_s;
  if (quotes == plain || at == 0 || !in_order) {
    refuse("halt ", text,
           ": want SYMBOL@AT+FOR in seconds, RAAA@10+5, or RAAA@10+5+2 with the "
           "last 2 of them for quoting");
  }
  Halt halt;
  halt.symbol = text.substr(0, at);
  halt.after_ns = static_cast<std::uint64_t>(after_s * 1e9);
  halt.for_ns = static_cast<std::uint64_t>(for_s * 1e9);
  halt.quoting_ns = static_cast<std::uint64_t>(quoting_s * 1e9);
  return halt;
}

std::uint64_t parse_time_of_day_ns(const std::string& text) {
  unsigned hours = 0;
  unsigned minutes = 0;
  unsigned seconds = 0;
  char more = 0;
  const int parts = std::sscanf(text.c_str(), "%2u:%2u:%2u%c", &hours, &minutes, &seconds, &more);
  if (parts != 3 || hours > 23 || minutes > 59 || seconds > 59) {
    refuse("time of day ", text, ": want HH:MM:SS");
  }
  return (hours * 3600ULL + minutes * 60ULL + seconds) * kNsPerSecond;
}

static void check_ports(const Options& options) {
  if (options.order_ports == 0 || options.order_ports > kOrderPortsMax) {
    refuse(options.order_ports, " order ports: want 1 to ", kOrderPortsMax);
  }
  for (const std::string& text : options.accounts) {
    const AccountSettings account = parse_account(text);
    if (account.port >= options.order_ports) {
      refuse("account ", account.username, ": port ", account.port, " of ", options.order_ports,
             ", counted from 0");
    }
  }
  for (const std::string& drop_copy : options.drop_copies) (void)parse_account(drop_copy);
  if (options.drop_copy_port && options.drop_copies.empty()) {
    refuse("a drop-copy port without a reader: want --drop-copy user:password:firm");
  }
  if (options.history_mb == 0) refuse("a history of 0 MB: want more");
}

MarketRules rules_of(const Options& options) {
  MarketRules rules;
  rules.price_bands = options.market_rules;
  rules.circuit_breakers = options.market_rules;
  rules.short_sale_test = options.market_rules;
  if (!options.open.empty()) rules.open_ns = parse_time_of_day_ns(options.open);
  if (!options.close.empty()) rules.close_ns = parse_time_of_day_ns(options.close);
  if (rules.close_ns <= rules.open_ns)
    refuse("a close at ", options.close, ": want one after the open");
  if (!(options.pause_s > 0) || options.pause_s > 86'400) {
    refuse("pauses of ", options.pause_s, " seconds: want more, and no more than a day");
  }
  rules.pause_ns = static_cast<std::uint64_t>(options.pause_s * 1e9);
  rules.breaker_ns = 3 * rules.pause_ns;
  return rules;
}

void choose_flow(const Options& options, TradingDaySettings& settings) {
  if (!(options.speed > 0) || options.speed > 1e6) {
    refuse("a speed of ", options.speed, ": want more than 0 and up to 1000000");
  }
  constexpr std::array<std::pair<std::string_view, Flow>, 3> kFlows{
      {{"makers", Flow::Makers},
       {"zero-intelligence", Flow::ZeroIntelligence},
       {"hawkes", Flow::Hawkes}}};
  for (const auto& [name, flow] : kFlows) {
    if (options.flow != name) continue;
    settings.participants.flow = flow;
    return;
  }
  // No flow's name has any of these, and a misspelt one is no file.
  const bool is_file = options.flow == "-" || options.flow.find_first_of("./") != std::string::npos;
  if (!is_file) {
    refuse("flow ", options.flow,
           ": want makers, zero-intelligence, hawkes or a recording, ./FILE or - for the standard "
           "input");
  }
  settings.recorded = RecordedFlowSettings{options.flow, options.speed};
}

void read_scenario(Options& options) {
  if (options.scenario_file.empty()) return;
  options.scenario = read_scenario(options.scenario_file);
  const ScenarioMarket& market = options.scenario.market;
  const Options defaults;
  const auto take = [](auto& ours, const auto& untouched, const auto& theirs) {
    if (ours == untouched) ours = theirs;
  };
  take(options.seed, defaults.seed, market.seed);
  take(options.instruments, defaults.instruments, market.instruments);
  take(options.messages_per_second, defaults.messages_per_second, market.messages_per_second);
  take(options.seconds, defaults.seconds, std::optional{market.seconds});
  take(options.start, defaults.start, market.start);
  take(options.close, defaults.close, market.close);
  take(options.market_rules, defaults.market_rules, market.market_rules);
  take(options.pause_s, defaults.pause_s, market.pause_s);
  if (!options.more_groups.empty()) return;
  for (std::uint32_t line = 1; line < market.lines; ++line)
    options.more_groups.emplace_back(kMoreLines[line - 1]);
}

void check(const Options& options) {
  if (options.instruments == 0 || options.instruments > kInstrumentsMax) {
    refuse(options.instruments, " instruments: want 1 to ", kInstrumentsMax);
  }
  if (!(options.messages_per_second >= 0) || options.messages_per_second > 1e7) {
    refuse("a rate of ", options.messages_per_second, " messages a second: want 0 to 10000000");
  }
  if (options.seconds && !(*options.seconds > 0)) refuse(*options.seconds, " seconds: want more");
  (void)parse_time_of_day_ns(options.start);
  (void)rules_of(options);
  TradingDaySettings ignored;
  choose_flow(options, ignored);
  for (const std::string& halt : options.halts) (void)parse_halt(halt);
  if (!options.run_folder.empty() && !std::filesystem::is_directory(options.run_folder))
    refuse("run folder ", options.run_folder, ": there is no such folder");
  for (const std::string& path : options.records) {
    if (!ends_with_known_kind(path)) refuse("recording ", path, ": want FILE.pcap or FILE.itch");
  }
  const auto group = nic::parse_socket_address(options.group);
  if (!group || !nic::is_multicast(group->ip)) {
    refuse("group ", options.group, ": want a multicast address and port, 233.54.12.111:26477");
  }
  for (const std::string& more : options.more_groups) {
    const auto line = nic::parse_socket_address(more);
    if (!line || !nic::is_multicast(line->ip)) {
      refuse("group ", more, ": want a multicast address and port, 233.54.12.111:26478");
    }
  }
  if (options.more_groups.size() >= kLinesMax) {
    refuse(options.more_groups.size() + 1, " lines: want up to ", kLinesMax);
  }
  check_ports(options);
  if (!nic::parse_socket_address(options.source)) {
    refuse("source ", options.source, ": want an address and port, 10.20.30.1:26400");
  }
  if (options.session.size() > order::kSessionBytes) {
    refuse("session ", options.session, ": want up to ", order::kSessionBytes, " characters");
  }
  const bool alone = options.feed_ports.empty() && !options.order_port && !options.glimpse_port &&
                     !options.rerequest_port && !options.drop_copy_port;
  if (alone && !options.seconds) {
    refuse("nobody can listen: want a feed port, an order port or a number of seconds");
  }
}

}  // namespace ridley::venue
