// SPDX-License-Identifier: Apache-2.0
#include "control/appliance_settings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "control/config_table.hpp"
#include "control/recovery_side.hpp"
#include "nic/address.hpp"
#include "risk/controls.hpp"

namespace ridley::control {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;
constexpr std::uint64_t kMillisecondNs = 1'000'000;
// Of a day, for each order that may be open at a time: whoever keeps few open trades little.
constexpr std::size_t kExecutionsPerOrder = 64;

std::uint32_t ip_of(const FeedGroup& group) {
  const auto ip = nic::parse_ipv4(group.group);
  if (!ip) throw base::Error::with_exit(EX_CONFIG, "'", group.group, "' is not an address");
  return *ip;
}

nic::MulticastFilter filter_of(const FeedConfig& feed) {
  nic::MulticastFilter filter;
  nic::Line line = 0;
  for (const FeedGroup& group : feed.groups) {
    if (!filter.add(ip_of(group), group.port, line++))
      throw base::Error::with_exit(EX_CONFIG, "more than ", nic::kFilterAddressesMax,
                                   " feed groups");
  }
  return filter;
}

risk::Permit permit(bool yes) { return yes ? risk::Permit::Yes : risk::Permit::No; }

risk::Reference reference_of(CollarReference reference) {
  switch (reference) {
    case CollarReference::OppositeTouch: return risk::Reference::OppositeTouch;
    case CollarReference::Mid: return risk::Reference::Mid;
    case CollarReference::Last: return risk::Reference::Last;
  }
  return risk::Reference::OppositeTouch;
}

risk::Limits limits_of(const RiskConfig& risk) {
  risk::Limits limits;
  limits.version = risk.limits_version;
  limits.reference = reference_of(risk.collar_reference);
  limits.age_ns_max = risk.stale_after_ms * kMillisecondNs;
  limits.burst_messages_max = risk.message_burst;
  limits.ns_per_message = risk.message_rate == 0 ? std::numeric_limits<std::uint64_t>::max()
                                                 : kSecondNs / risk.message_rate;
  limits.gross_max_e4 = risk.max_gross_notional_usd * risk::kDollarE4;
  limits.open_orders_max = risk.max_open_orders;
  limits.order.quantity_max = risk.max_order_quantity;
  limits.order.collar_bps = risk.collar_basis_points;
  limits.order.notional_max_e4 = risk.max_order_notional_usd * risk::kDollarE4;
  limits.order.long_max = risk.position_limit_long;
  limits.order.short_max = risk.position_limit_short;
  limits.order.tick_e4 = risk.tick_e4;
  limits.order.sub_dollar_tick_e4 = risk.sub_dollar_tick_e4;
  limits.order.round_lot = risk.lot;
  limits.order.round_lots_only = permit(risk.round_lots_only);
  limits.order.short_sales = permit(risk.short_sales);
  return limits;
}

risk::OrderLimits limits_of(const InstrumentLimits& own) {
  risk::OrderLimits limits = risk::kAllAsFirm;
  limits.quantity_max = own.max_order_quantity.value_or(limits.quantity_max);
  limits.collar_bps = own.collar_basis_points.value_or(limits.collar_bps);
  if (own.max_order_notional_usd)
    limits.notional_max_e4 = *own.max_order_notional_usd * risk::kDollarE4;
  limits.long_max = own.position_limit_long.value_or(limits.long_max);
  limits.short_max = own.position_limit_short.value_or(limits.short_max);
  limits.tick_e4 = own.tick_e4.value_or(limits.tick_e4);
  limits.round_lot = own.lot.value_or(limits.round_lot);
  return limits;
}

char letter(Capacity capacity) {
  switch (capacity) {
    case Capacity::Agency: return 'A';
    case Capacity::Principal: return 'P';
    case Capacity::Riskless: return 'R';
    case Capacity::Other: return 'O';
  }
  return 'O';
}

struct ChangeableLimit {
  std::string_view key;
  risk::Control control;
  std::int64_t gate_units;  // the gate's units in one of the key's
};

constexpr std::array<ChangeableLimit, 7> kChangeableLimits{{
    {"stale_after_ms", risk::Control::StaleMarket, 1'000'000},
    {"collar_basis_points", risk::Control::PriceCollar, 1},
    {"max_order_quantity", risk::Control::MaximumQuantity, 1},
    {"max_order_notional_usd", risk::Control::MaximumNotional, risk::kDollarE4},
    {"message_rate", risk::Control::MessageRate, 1},
    {"max_gross_notional_usd", risk::Control::GrossNotional, risk::kDollarE4},
    {"max_open_orders", risk::Control::OpenOrders, 1},
}};

const ChangeableLimit& changeable_limit(std::string_view key) {
  const auto found = std::find_if(kChangeableLimits.begin(), kChangeableLimits.end(),
                                  [key](const ChangeableLimit& limit) { return limit.key == key; });
  if (found == kChangeableLimits.end())
    throw base::Error::with_exit(EX_DATAERR, key, " changes with a restart only");
  return *found;
}

InstrumentLimits& limits_entry(RiskConfig& risk, const std::string& symbol) {
  for (InstrumentLimits& own : risk.instruments)
    if (own.symbol == symbol) return own;
  risk.instruments.emplace_back().symbol = symbol;
  return risk.instruments.back();
}

// Of the settings, only numbers are limits.
void store(const Slot& slot, std::int64_t value) {
  if (auto* const* narrow = std::get_if<std::uint32_t*>(&slot))
    **narrow = static_cast<std::uint32_t>(value);
  if (auto* const* wide = std::get_if<std::uint64_t*>(&slot))
    **wide = static_cast<std::uint64_t>(value);
  if (auto* const* narrow = std::get_if<std::optional<std::uint32_t>*>(&slot))
    **narrow = static_cast<std::uint32_t>(value);
  if (auto* const* wide = std::get_if<std::optional<std::uint64_t>*>(&slot))
    **wide = static_cast<std::uint64_t>(value);
}

// The gate has one command for both position limits.
bool both_sides_alike(std::span<const LimitChange> changes) {
  std::optional<std::int64_t> long_max;
  std::optional<std::int64_t> short_max;
  for (const LimitChange& change : changes) {
    if (change.key == "position_limit_long") long_max = change.value;
    if (change.key == "position_limit_short") short_max = change.value;
  }
  return long_max && long_max == short_max;
}

}  // namespace

engine::StreetSettings street_settings(const Config& config) {
  engine::StreetSettings settings;
  settings.filter = filter_of(config.feed);
  settings.checks.udp_checksum = config.feed.verify_udp_checksum;
  settings.sequencer.policy = config.feed.session_policy == SessionPolicy::Follow
                                  ? feed::SessionPolicy::Follow
                                  : feed::SessionPolicy::Refuse;
  settings.sequencer.first_sequence = config.feed.first_sequence;
  settings.lines = static_cast<std::uint32_t>(config.feed.groups.size());
  settings.held_packets = config.feed.hold_packets;
  settings.hold_ns = config.feed.hold_ms * kMillisecondNs;
  settings.recovers = recovers(config);
  settings.books = {.orders_max = config.book.orders_max,
                    .levels_max = config.book.levels_max,
                    .instruments_max = config.book.instruments_max};
  settings.limits = limits_of(config.risk);
  std::copy_n(config.order.firm.begin(), std::min<std::size_t>(config.order.firm.size(), 4),
              settings.orders.firm.begin());
  settings.orders.capacity = letter(config.order.capacity);
  settings.orders.cancel_on_disconnect = config.order.cancel_on_disconnect;
  settings.orders.answer_within_ms = config.order.answer_within_ms;
  settings.orders.orders_max = std::bit_ceil(config.order.open_orders_max);
  settings.orders.executions_max =
      std::min(settings.orders.executions_max, kExecutionsPerOrder * settings.orders.orders_max);
  for (const std::string& symbol : config.strategy.symbols)
    settings.roll.entry(symbol).traded = true;
  for (const std::string& symbol : config.risk.restricted)
    settings.roll.entry(symbol).restricted = true;
  for (const InstrumentLimits& own : config.risk.instruments)
    settings.roll.entry(own.symbol).limits = limits_of(own);
  return settings;
}

std::vector<std::uint32_t> feed_groups(const Config& config) {
  std::vector<std::uint32_t> groups;
  for (const FeedGroup& group : config.feed.groups) groups.push_back(ip_of(group));
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

strategy::InstanceOptions instance_options(const Config& config) {
  strategy::InstanceOptions options;
  options.symbols = config.strategy.symbols;
  options.parameters = config.strategy.parameters;
  return options;
}

std::vector<event::Command> limit_commands(std::span<const LimitChange> changes, const Scope& scope,
                                           std::uint16_t locate, std::uint32_t next_version) {
  std::vector<event::Command> commands;
  const auto add = [&](risk::Control control, std::int64_t value) {
    event::Command command{};
    command.kind = event::CommandKind::SetLimit;
    command.scope = static_cast<std::uint8_t>(scope.reach == Reach::Symbol ? risk::Scope::Symbol
                                                                           : risk::Scope::Firm);
    command.locate = locate;
    command.control = static_cast<std::uint32_t>(control);
    command.value = value;
    command.limit_version = next_version;
    commands.push_back(command);
  };
  for (const LimitChange& change : changes) {
    if (change.key == "restricted") {
      add(risk::Control::RestrictedList, 0);
      commands.back().kind = change.value != 0 ? event::CommandKind::RestrictSymbol
                                               : event::CommandKind::UnrestrictSymbol;
    } else if (change.key == "position_limit_long" || change.key == "position_limit_short") {
      if (!both_sides_alike(changes))
        throw base::Error::with_exit(
            EX_DATAERR, "position_limit_long and position_limit_short ",
            "change together, to the same value, while the appliance runs");
      add(risk::Control::PositionLimit, change.value);
    } else {
      const ChangeableLimit& limit = changeable_limit(change.key);
      add(limit.control, change.value * limit.gate_units);
    }
  }
  return commands;
}

void note_limits(Config& config, const Scope& scope, std::span<const LimitChange> changes) {
  ++config.risk.limits_version;
  for (const LimitChange& change : changes) {
    if (change.key == "restricted") {
      auto& restricted = config.risk.restricted;
      std::erase(restricted, scope.symbol);
      if (change.value != 0) restricted.push_back(scope.symbol);
    } else if (scope.reach == Reach::Symbol) {
      InstrumentLimits& own = limits_entry(config.risk, scope.symbol);
      for (const InstrumentSetting& row : instrument_settings())
        if (row.setting.key == change.key) store(row.slot(own), change.value);
    } else {
      for (const ConfigSetting& row : config_settings())
        if (row.setting.table == "risk" && row.setting.key == change.key)
          store(row.slot(config), change.value);
    }
  }
}

}  // namespace ridley::control
