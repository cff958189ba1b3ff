// SPDX-License-Identifier: Apache-2.0
#include "control/appliance_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/allocation_watch.hpp"
#include "engine/card_feed.hpp"
#include "engine/recovery.hpp"
#include "engine/street.hpp"
#include "order/doubts.hpp"
#include "order/handover.hpp"
#include "risk/controls.hpp"
#include "telemetry/hop.hpp"

namespace ridley::control {
namespace {

using Json = nlohmann::ordered_json;

class Page {
 public:
  explicit Page(const telemetry::CounterReader& reader) : reader_{reader} {}
  std::int64_t operator[](std::string_view name) const { return reader_.number(name).value_or(0); }

 private:
  const telemetry::CounterReader& reader_;
};

bool feed_is_live(const Page& page) {
  return page["feed.packets"] > 0 && page["book.all_stale"] == 0;
}

Json counts(const Page& page) {
  Json json;
  json["orders_approved"] = page["risk.approved"];
  json["orders_sent"] = page["order.orders_sent"];
  json["cancels_sent"] = page["order.cancels_sent"];
  json["orders_acknowledged"] = page["order.acknowledged"];
  json["orders_rejected"] = page["order.rejected"];
  json["orders_filled"] = page["order.orders_filled"];
  json["shares_filled"] = page["order.shares_filled"];
  json["orders_canceled"] = page["order.canceled"];
  json["orders_lost"] = page["order.lost"];
  json["rejected_by_gate"] = page["risk.rejected_by_gate"];
  json["order_logins"] = page["order.logins"];
  json["open_orders"] = page["order.open"];
  json["frames"] = page["engine.frames"];
  json["messages"] = page["feed.messages"];
  json["gaps"] = page["feed.gaps"];
  json["gaps_filled"] = page["feed.gaps_filled"];
  json["missing_messages"] = page["feed.missing_messages"];
  json["unknown_orders"] = page["book.unknown_orders"];
  json["crossed"] = page["book.crossed"];
  json["records_lost"] = page["engine.records_lost"];
  json["hot_allocations"] = engine::hot_allocation_count();
  return json;
}

Json rejects(const Page& page) {
  Json rows = Json::array();
  for (const risk::ControlDescription& control : risk::kControls) {
    const std::int64_t count = page["risk.rejected." + std::string{control.name}];
    if (count > 0)
      rows.push_back({{"control", control.number}, {"name", control.title}, {"count", count}});
  }
  return rows;
}

Json percentiles(const telemetry::HistogramValues& values) {
  return {{"p50", values.value_at_percentile(50)},
          {"p99", values.value_at_percentile(99)},
          {"p999", values.value_at_percentile(99.9)},
          {"max", values.max()},
          {"count", values.count()}};
}

Json hops(const telemetry::CounterReader& reader) {
  Json json = Json::object();
  for (const telemetry::Hop hop : telemetry::kHops) {
    const auto values = reader.histogram("hop." + std::string{telemetry::name(hop)});
    if (!values || values->count() == 0) continue;
    json[std::string{telemetry::name(hop)}] = percentiles(*values);
  }
  return json;
}

void add_positions(Json& json, const Page& page, const std::vector<std::string>& symbols) {
  Json positions = Json::object();
  std::int64_t cash_e4 = 0;
  std::int64_t profit_e4 = 0;
  for (const std::string& symbol : symbols) {
    const std::int64_t position = page["position." + symbol];
    const std::int64_t cash = page["cash_e4." + symbol];
    if (position != 0) positions[symbol] = position;
    cash_e4 += cash;
    profit_e4 += cash + position * page["mark_e4." + symbol];
  }
  json["positions"] = positions;
  json["cash_e4"] = cash_e4;
  json["profit_e4"] = profit_e4;
}

// Instruments for which no new order leaves, because it is not known what became of the last ones.
Json in_doubt(const Page& page, const std::vector<std::string>& symbols) {
  Json rows = Json::array();
  for (const std::string& symbol : symbols) {
    const auto bits = static_cast<order::DoubtBits>(page["doubts." + symbol]);
    if (bits == 0) continue;
    Json why = Json::array();
    for (const order::Doubt doubt : order::kDoubts)
      if (has(bits, doubt)) why.push_back(name_of(doubt));
    rows.push_back({{"symbol", symbol}, {"why", why}});
  }
  return rows;
}

// Absent where the kernel alone sends the orders.
void add_delegated(Json& json, const Page& page, const telemetry::CounterReader& reader) {
  if (!reader.number("order.hot.packets")) return;
  Json through_kernel = Json::object();
  for (std::size_t i = 1; i < order::kFallbacks; ++i) {
    const std::string why{name_of(static_cast<order::Fallback>(i))};
    if (const std::int64_t count = page["order.kernel." + why]; count > 0)
      through_kernel[why] = count;
  }
  Json delegated;
  delegated["hot"] = page["order.hot.packets"];
  delegated["through_kernel"] = through_kernel;
  delegated["leases"] = page["order.hot.leases"];
  delegated["copies_dropped"] = page["order.wire.copies_dropped"];
  delegated["retransmissions"] = page["order.wire.retransmissions"];
  delegated["broken_frames"] = page["order.wire.broken_frames"];
  delegated["frames_lost"] = page["order.wire.frames_lost"];
  json["delegated"] = delegated;
}

// Absent without a drop copy.
void add_drop_copy(Json& json, const Page& page, const telemetry::CounterReader& reader) {
  if (!reader.number("drop_copy.connected")) return;
  Json copy;
  copy["connected"] = page["drop_copy.connected"] != 0;
  for (const char* name : {"matched", "unmatched", "alerts", "of_others", "malformed"})
    copy[name] = page[fmt::format("drop_copy.{}", name)];
  json["drop_copy"] = copy;
}

// How each line of the feed does. late_ns: behind the line that was first, where there are several.
Json lines(const Page& page, const telemetry::CounterReader& reader) {
  Json rows = Json::array();
  for (std::size_t i = 0; reader.number(engine::line_counters(i) + "packets"); ++i) {
    const std::string counters = engine::line_counters(i);
    Json row;
    row["line"] = std::string(1, static_cast<char>('A' + i));
    row["alive"] = page[counters + "alive"] != 0;
    for (const char* name :
         {"packets", "messages", "won", "duplicates", "lost", "malformed", "silences"})
      row[name] = page[counters + name];
    const auto late = reader.histogram(counters + "late");
    if (late && late->count() > 0) row["late_ns"] = percentiles(*late);
    rows.push_back(row);
  }
  return rows;
}

// Absent where nothing recovers. Each server's counts, and what all of them come to.
void add_recovery(Json& json, const Page& page, const telemetry::CounterReader& reader,
                  const ApplianceFacts& facts) {
  const auto state = reader.number("recovery.snapshot_state");
  if (!state) return;
  Json recovery;
  recovery["snapshot_state"] = engine::name_of(static_cast<engine::SnapshotState>(*state));
  recovery["snapshot_failure"] =
      engine::name_of(static_cast<engine::SnapshotFailure>(page["recovery.snapshot_failure"]));
  Json servers = Json::array();
  for (const std::string& server : facts.rerequest_servers) servers.push_back({{"server", server}});
  for (const char* name : {"requests", "answers", "timeouts"}) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const std::int64_t count = page[fmt::format("recovery.{}.{}", i, name)];
      servers[i][name] = count;
      sum += count;
    }
    recovery[name] = sum;
  }
  for (const char* name :
       {"useless", "exhausted", "snapshots", "snapshots_failed", "snapshot_messages"})
    recovery[name] = page[fmt::format("recovery.{}", name)];
  recovery["servers"] = servers;
  json["recovery"] = recovery;
}

// Absent without a card.
void add_card(Json& json, const Page& page, const telemetry::CounterReader& reader,
              const ApplianceFacts& facts) {
  const auto state = reader.number("card.state");
  if (!state) return;
  Json card;
  card["state"] = engine::name_of(static_cast<engine::CardState>(*state));
  card["fault"] = engine::name_of(static_cast<engine::CardFault>(page["card.fault"]));
  for (const char* name : {"frames", "packets_dropped", "records", "records_dropped", "events",
                           "software_events", "same", "different", "events_used", "lent"})
    card[name] = page[fmt::format("card.{}", name)];
  card["clock_hz"] = page["card.clock_hz"];
  const auto latency = reader.histogram("card.latency_cycles");
  if (latency && latency->count() > 0) card["latency_cycles"] = percentiles(*latency);
  if (facts.card) {
    card["bitstream"] = facts.card->bitstream;
    card["difference"] = facts.card->difference;
    // One that was never tried has nothing to say.
    const CardTrialView& trial = facts.card->trial;
    if (!trial.digest.empty()) card["trial"] = Json::parse(view_json(trial));
  }
  json["card"] = card;
}

void add_facts(Json& json, const ApplianceFacts& facts) {
  json["timestamp_source"] = facts.time_source;
  json["hot_core"] = facts.hot_core;
  json["huge_pages"] = facts.huge_pages;
  json["startup_ms"] = facts.startup_ms;
  json["connected_ms"] = facts.connected_ms;
  json["rss_mb"] = resident_mb();
  json["warnings"] = facts.warnings;
}

}  // namespace

double resident_mb() {
  std::ifstream statm{"/proc/self/statm"};
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  const auto bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return static_cast<double>(bytes) / 1e6;
}

std::string symbol_of(const telemetry::CounterReader& reader,
                      const std::vector<std::string>& symbols, std::uint16_t locate) {
  for (const std::string& symbol : symbols)
    if (reader.number("locate." + symbol).value_or(0) == locate) return symbol;
  return "#" + std::to_string(locate);
}

bool is_connected(const telemetry::CounterReader& reader) {
  const Page page{reader};
  return feed_is_live(page) && page["order.ready"] != 0;
}

std::string status_json(const telemetry::CounterReader& reader, const ApplianceFacts& facts) {
  const Page page{reader};
  Json json;
  json["ready"] = is_connected(reader);
  json["armed"] = page["risk.armed"] != 0;
  json["killed"] = page["risk.killed"] != 0;
  json["feed_live"] = feed_is_live(page);
  json["order_ready"] = page["order.ready"] != 0;
  json["link_up"] = page["nic.link_up"] != 0;
  json.update(counts(page));
  json["in_doubt"] = in_doubt(page, facts.symbols);
  json["lines"] = lines(page, reader);
  json["rejects_by_control"] = rejects(page);
  add_positions(json, page, facts.symbols);
  add_delegated(json, page, reader);
  add_drop_copy(json, page, reader);
  add_recovery(json, page, reader, facts);
  add_card(json, page, reader, facts);
  add_facts(json, facts);
  return json.dump();
}

std::string summary_json(const telemetry::CounterReader& reader, const ApplianceFacts& facts) {
  const Page page{reader};
  Json json = counts(page);
  json["lines"] = lines(page, reader);
  json["rejects_by_control"] = rejects(page);
  json["hops"] = hops(reader);
  add_positions(json, page, facts.symbols);
  add_delegated(json, page, reader);
  add_drop_copy(json, page, reader);
  add_recovery(json, page, reader, facts);
  add_card(json, page, reader, facts);
  add_facts(json, facts);
  json["first_hot_allocation"] = engine::first_hot_allocation();
  return json.dump(2);
}

std::string limits_json(const RiskConfig& risk, const std::string& symbol) {
  RiskConfig own = risk;
  const auto found =
      std::find_if(risk.instruments.begin(), risk.instruments.end(),
                   [&](const InstrumentLimits& row) { return row.symbol == symbol; });
  if (!symbol.empty() && found != risk.instruments.end()) {
    own.max_order_quantity = found->max_order_quantity.value_or(risk.max_order_quantity);
    own.max_order_notional_usd =
        found->max_order_notional_usd.value_or(risk.max_order_notional_usd);
    own.collar_basis_points = found->collar_basis_points.value_or(risk.collar_basis_points);
    own.position_limit_long = found->position_limit_long.value_or(risk.position_limit_long);
    own.position_limit_short = found->position_limit_short.value_or(risk.position_limit_short);
    own.tick_e4 = found->tick_e4.value_or(risk.tick_e4);
    own.lot = found->lot.value_or(risk.lot);
  }
  Json json;
  if (!symbol.empty()) json["symbol"] = symbol;
  json["limits_version"] = own.limits_version;
  json["max_order_quantity"] = own.max_order_quantity;
  json["max_order_notional_usd"] = own.max_order_notional_usd;
  json["collar_basis_points"] = own.collar_basis_points;
  json["stale_after_ms"] = own.stale_after_ms;
  json["message_rate"] = own.message_rate;
  json["message_burst"] = own.message_burst;
  json["max_gross_notional_usd"] = own.max_gross_notional_usd;
  json["max_open_orders"] = own.max_open_orders;
  json["position_limit_long"] = own.position_limit_long;
  json["position_limit_short"] = own.position_limit_short;
  json["tick_e4"] = own.tick_e4;
  json["lot"] = own.lot;
  json["restricted"] = own.restricted;
  return json.dump();
}

}  // namespace ridley::control
