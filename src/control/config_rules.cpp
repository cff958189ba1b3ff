// SPDX-License-Identifier: Apache-2.0
#include "control/config_rules.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "card/card.hpp"
#include "nic/address.hpp"
#include "nic/port_description.hpp"

namespace ridley::control {
namespace {

class Rules {
 public:
  Rules(CheckedConfig& checked, const std::string& file_name)
      : checked_{checked}, file_name_{file_name} {}

  void check() {
    feed();
    card();
    book();
    order();
    transport();
    password("order", config_.order.password, config_.order.password_file);
    drop_copy();
    limits();
    instruments();
    paths();
  }

 private:
  void feed();
  void card();
  void book();
  void order();
  void transport();
  void order_wire();
  void password(const std::string& table, std::string& password, const std::string& file);
  void read_password(const std::string& setting, const std::string& file, std::string& into);
  void drop_copy();
  void limits();
  void instruments();
  void paths();

  template <typename... Parts>
  void problem(const std::string& setting, const Parts&... parts) {
    auto written = checked_.written.find(setting);
    // What is not written is at fault where its table begins.
    if (written == checked_.written.end()) {
      written = checked_.written.find(setting.substr(0, setting.find('.')));
    }
    std::string sentence = setting;
    (sentence.append(parts), ...);
    checked_.problems.push_back(
        {written != checked_.written.end() ? written->second : Place{}, std::move(sentence)});
  }
  [[nodiscard]] bool written(const std::string& setting) const {
    return checked_.written.contains(setting);
  }

  CheckedConfig& checked_;
  const std::string& file_name_;
  Config& config_ = checked_.config;
  std::optional<nic::PortDescription> feed_;  // where feed.port names one
};

void Rules::feed() {
  try {
    if (!config_.feed.port.empty()) feed_ = nic::describe_port(config_.feed.port);
  } catch (const base::Error& error) {
    problem("feed.port", ": ", std::string{error.what()});
  }
  std::set<std::pair<std::string, std::uint16_t>> seen;
  for (const FeedGroup& line : config_.feed.groups) {
    if (line.group.empty() || seen.emplace(line.group, line.port).second) continue;
    problem("feed.groups", " names ", line.group, " port ", std::to_string(line.port), " twice");
  }
}

void Rules::card() {
  if (!std::has_single_bit(config_.card.ring_records))
    problem("card.ring_records", " is ", std::to_string(config_.card.ring_records),
            ", must be a power of two");
  if (!config_.card.bitstream.empty() && config_.feed.groups.size() > card::kPorts)
    problem("feed.groups", " has ", std::to_string(config_.feed.groups.size()),
            " lines, the card has ", std::to_string(card::kPorts), " ports");
}

void Rules::book() {
  if (config_.strategy.symbols.size() > config_.book.instruments_max) {
    problem("strategy.symbols", " has ", std::to_string(config_.strategy.symbols.size()),
            " entries, more than book.instruments_max (",
            std::to_string(config_.book.instruments_max), ")");
  }
}

void Rules::order() {
  // One heartbeat may be lost without the session counting as dead.
  if (config_.order.dead_after_ms < 2 * config_.order.heartbeat_ms) {
    problem(written("order.dead_after_ms") ? "order.dead_after_ms" : "order.heartbeat_ms",
            ": dead_after_ms (", std::to_string(config_.order.dead_after_ms),
            ") must be at least twice heartbeat_ms (", std::to_string(config_.order.heartbeat_ms),
            ")");
  }
}

// What a delegated connection needs, and what would be ignored without one.
void Rules::transport() {
  const OrderConfig& order = config_.order;
  const std::array<std::pair<const char*, const std::string*>, 2> needed{
      {{"order.wire", &order.wire}, {"order.address", &order.address}}};
  if (order.transport == Transport::Kernel) {
    for (const auto& [setting, value] : needed)
      if (!value->empty()) problem(setting, " is for transport = \"delegated\" only");
    if (!order.gateway.empty()) problem("order.gateway", " is for transport = \"delegated\" only");
    return;
  }
  for (const auto& [setting, value] : needed)
    if (value->empty()) problem(setting, " is missing: transport is \"delegated\"");
  // The connection has a network of its own, in which nobody answers for names.
  if (!order.host.empty() && !nic::parse_ipv4(order.host))
    problem("order.host", " must be an IPv4 address where transport is \"delegated\"");
  if (!order.wire.empty()) order_wire();
}

void Rules::order_wire() try {
  const nic::PortDescription wire = nic::describe_port(config_.order.wire);
  // Sent on by one thread and received on by another, it must not come and go with its peer.
  const bool fits = wire.kind == nic::PortKind::Pci || wire.kind == nic::PortKind::Vhost ||
                    wire.kind == nic::PortKind::AfPacket || wire.kind == nic::PortKind::AfXdp;
  if (!fits)
    problem("order.wire", ": a port of kind ", std::string{nic::name(wire.kind)},
            " carries no order connection");
  if (feed_ && feed_->device == wire.device)
    problem("order.wire", " is feed.port: the hot core polls that one");
} catch (const base::Error& error) {
  problem("order.wire", ": ", std::string{error.what()});
}

void Rules::password(const std::string& table, std::string& password, const std::string& file) {
  if (!file.empty() && !password.empty()) {
    problem(table + ".password_file", " and ", table, ".password exclude each other");
  } else if (file.empty() && password.empty()) {
    problem(table + ".password", " is missing: set it, or better password_file");
  } else if (!file.empty()) {
    read_password(table + ".password_file", file, password);
  }
}

void Rules::read_password(const std::string& setting, const std::string& file, std::string& into) {
  const std::filesystem::path path =
      (file_name_ == "-" ? std::filesystem::path{}
                         : std::filesystem::path{file_name_}.parent_path()) /
      file;
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return problem(setting, ": ", path.string(), ": ", std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return problem(setting, ": ", path.string(), " is not a file");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return problem(setting, ": ", path.string(),
                   " is open to others, allow its owner only (chmod 600)");
  }
  std::ifstream stream{path};
  std::string password;
  if (!std::getline(stream, password)) {
    return problem(setting, ": ", path.string(), " cannot be read or is empty");
  }
  if (password.empty() || password.size() > kPasswordMax) {
    return problem(setting, ": the first line of ", path.string(), " must have 1 to ",
                   std::to_string(kPasswordMax), " characters");
  }
  into = password;
}

// All of it, or nothing: half a drop copy would watch nobody.
void Rules::drop_copy() {
  DropCopyConfig& copy = config_.drop_copy;
  if (copy.host.empty()) {
    if (copy.port != 0) problem("drop_copy.port", " is set, but drop_copy.host is not");
    if (!copy.username.empty()) problem("drop_copy.username", " is set, but drop_copy.host is not");
    return;
  }
  if (copy.port == 0) problem("drop_copy.port", " is missing: drop_copy.host is set");
  if (copy.username.empty()) problem("drop_copy.username", " is missing: drop_copy.host is set");
  password("drop_copy", copy.password, copy.password_file);
}

void Rules::limits() {
  const RiskConfig& risk = config_.risk;
  // Values that are missing or wrong have been named already and are 0 here.
  if (risk.max_gross_notional_usd != 0 &&
      risk.max_order_notional_usd > risk.max_gross_notional_usd) {
    problem("risk.max_order_notional_usd", " (", std::to_string(risk.max_order_notional_usd),
            ") exceeds max_gross_notional_usd (", std::to_string(risk.max_gross_notional_usd),
            "), so it could never bind");
  }
  const bool lots = risk.round_lots_only && risk.max_order_quantity != 0;
  if (lots && risk.lot > risk.max_order_quantity) {
    problem(written("risk.lot") ? "risk.lot" : "risk.max_order_quantity", ": lot (",
            std::to_string(risk.lot), ") exceeds max_order_quantity (",
            std::to_string(risk.max_order_quantity), "), so no order could pass");
  }
  const std::set<std::string> restricted{risk.restricted.begin(), risk.restricted.end()};
  for (const std::string& symbol : config_.strategy.symbols) {
    if (!restricted.contains(symbol)) continue;
    problem("strategy.symbols", " names ", symbol, ", which risk.restricted forbids");
  }
}

void Rules::instruments() {
  const RiskConfig& risk = config_.risk;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < risk.instruments.size(); ++i) {
    const InstrumentLimits& own = risk.instruments[i];
    const std::string path = "risk.instrument[" + std::to_string(i) + "]";
    if (!own.symbol.empty() && !seen.insert(own.symbol).second) {
      problem(path + ".symbol", ": ", own.symbol, " has limits already");
    }
    const auto tighter = [&](const char* key, const auto& limit, std::uint64_t firm) {
      if (!limit || firm == 0 || *limit <= firm) return;
      problem(path + "." + key, " (", std::to_string(*limit), ") is looser than the firm's (",
              std::to_string(firm), ")");
    };
    tighter("max_order_quantity", own.max_order_quantity, risk.max_order_quantity);
    tighter("max_order_notional_usd", own.max_order_notional_usd, risk.max_order_notional_usd);
    tighter("position_limit_long", own.position_limit_long, risk.position_limit_long);
    tighter("position_limit_short", own.position_limit_short, risk.position_limit_short);
    const std::uint32_t quantity = own.max_order_quantity.value_or(risk.max_order_quantity);
    if (risk.round_lots_only && quantity != 0 && own.lot.value_or(risk.lot) > quantity) {
      problem(path, ": lot (", std::to_string(own.lot.value_or(risk.lot)),
              ") exceeds max_order_quantity (", std::to_string(quantity), ")");
    }
  }
}

void Rules::paths() {
  if (config_.socket_path().size() > kSocketPathMax) {
    problem(written("control.socket") ? "control.socket" : "appliance.run_folder",
            ": the socket's path '", config_.socket_path(), "' is longer than ",
            std::to_string(kSocketPathMax), " characters");
  }
}

}  // namespace

void check_rules(CheckedConfig& checked, const std::string& file_name) {
  Rules{checked, file_name}.check();
}

}  // namespace ridley::control
