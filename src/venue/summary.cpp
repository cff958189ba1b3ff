// SPDX-License-Identifier: Apache-2.0
#include "venue/summary.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"

namespace ridley::venue {

namespace {

using Json = nlohmann::ordered_json;

Json counts_json(const AccountCounts& counts) {
  return {{"orders_received", counts.orders_received},
          {"cancels_received", counts.cancels_received},
          {"orders_acknowledged", counts.acknowledged},
          {"orders_accepted", counts.accepted},
          {"orders_replaced", counts.replaced},
          {"orders_modified", counts.modified},
          {"orders_rejected", counts.rejected},
          {"orders_filled", counts.executions},
          {"shares_filled", counts.executed_quantity},
          {"orders_canceled", counts.canceled},
          {"orders_with_fills", counts.orders_executed},
          {"orders_dead_by_cancel", counts.orders_canceled},
          {"messages_ignored", counts.ignored},
          {"messages_malformed", counts.malformed}};
}

void add(AccountCounts& to, const AccountCounts& from) {
  to.orders_received += from.orders_received;
  to.cancels_received += from.cancels_received;
  to.acknowledged += from.acknowledged;
  to.accepted += from.accepted;
  to.replaced += from.replaced;
  to.modified += from.modified;
  to.rejected += from.rejected;
  to.executions += from.executions;
  to.executed_quantity += from.executed_quantity;
  to.canceled += from.canceled;
  to.orders_executed += from.orders_executed;
  to.orders_canceled += from.orders_canceled;
  to.ignored += from.ignored;
  to.malformed += from.malformed;
}

// What an account holds, or all of them together.
struct Holdings {
  std::map<std::string, std::int64_t> positions;
  std::int64_t cash_e4 = 0;
  std::uint64_t open_orders = 0;
  std::uint64_t open_quantity = 0;

  void add(const Account& account, const Instruments& instruments) {
    for (const auto& [locate, quantity] : account.positions()) {
      positions[std::string{instruments.symbol(locate)}] += quantity;
    }
    cash_e4 += account.cash_e4();
    open_orders += account.orders().size();
    for (const auto& [number, order] : account.orders()) open_quantity += order.open_quantity;
  }

  void write(Json& to) const {
    to["orders_open"] = open_orders;
    to["shares_open"] = open_quantity;
    to["positions"] = positions;
    to["cash_e4"] = cash_e4;
  }
};

Json line_json(const LineTraffic& line) {
  const PacketCounts& counts = line.counts;
  return {{"given", counts.given},
          {"passed", counts.passed},
          {"lost", counts.lost},
          {"reordered", counts.reordered},
          {"duplicated", counts.duplicated},
          {"corrupted", counts.corrupted},
          {"truncated", counts.truncated},
          {"delayed", counts.delayed},
          {"wrong_session", counts.wrong_session},
          {"sequence_reset", counts.sequence_reset},
          {"duplicate_session", counts.duplicate_session},
          {"digest", fmt::format("{:016x}", line.digest)}};
}

Json scenario_json(const Traffic& traffic) {
  Json lines = Json::array();
  for (const LineTraffic& line : traffic.lines) lines.push_back(line_json(line));
  return {{"name", traffic.scenario}, {"crashes", traffic.crashes}, {"lines", lines}};
}

Json recorded_json(const RecordedFlow& flow) {
  return {{"played", flow.counts().played},
          {"skipped", flow.counts().skipped},
          {"ended", flow.next_ns() == kNever},
          {"complaints", flow.complaints()}};
}

double resident_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace

std::string summary_json(const Exchange& exchange, const Traffic& traffic) {
  const MarketFeed& feed = exchange.feed();
  AccountCounts total;
  Holdings all;
  Json accounts = Json::object();
  for (const Account& account : exchange.accounts()) {
    add(total, account.counts);
    all.add(account, exchange.instruments());
    Holdings own;
    own.add(account, exchange.instruments());
    Json entry = counts_json(account.counts);
    entry["firm"] = account.settings().firm;
    own.write(entry);
    accounts[account.settings().username] = entry;
  }

  Json summary = {{"seed", traffic.seed},
                  {"session", traffic.session},
                  {"seconds", traffic.seconds},
                  {"instruments", exchange.instruments().count()},
                  {"messages", feed.message_count()},
                  {"frames", traffic.frames},
                  {"frames_lost", traffic.frames_lost},
                  {"digest", fmt::format("{:016x}", feed.digest())},
                  {"published_digest", fmt::format("{:016x}", traffic.published_digest)},
                  {"snapshots", traffic.snapshots},
                  {"rerequests", traffic.rerequests},
                  {"rerequests_answered", traffic.rerequests_answered},
                  {"orders_without_memory", exchange.engine().refused()},
                  {"logins", traffic.logins},
                  {"rss_mb", resident_mb()}};
  summary.update(counts_json(total));
  all.write(summary);
  summary["accounts"] = accounts;
  if (traffic.recorded != nullptr) summary["recorded"] = recorded_json(*traffic.recorded);
  if (!traffic.scenario.empty()) summary["scenario"] = scenario_json(traffic);
  return summary.dump(2) + "\n";
}

std::string ready_json(const Exchange& exchange, const Meeting& meeting) {
  const Instruments& instruments = exchange.instruments();
  const AccountSettings& account = exchange.accounts().front().settings();
  Json symbols = Json::array();
  for (std::uint32_t i = 1; i <= instruments.count(); ++i) {
    symbols.push_back(instruments.symbol(static_cast<std::uint16_t>(i)));
  }
  Json groups = Json::array();
  for (const std::string& group : meeting.groups) {
    const std::size_t colon = group.find(':');
    groups.push_back(
        {{"group", group.substr(0, colon)}, {"port", std::stoi(group.substr(colon + 1))}});
  }
  const Json ready = {{"order_port", meeting.order_port},
                      {"order_address", meeting.order_address},
                      {"username", account.username},
                      {"password", account.password},
                      {"firm", account.firm},
                      {"session", meeting.session},
                      {"symbols", symbols},
                      {"order_ports", meeting.order_ports},
                      {"glimpse_port", meeting.glimpse_port},
                      {"rerequest_port", meeting.rerequest_port},
                      {"drop_copy_port", meeting.drop_copy_port},
                      {"groups", groups}};
  return ready.dump() + "\n";
}

void write_whole(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  {
    std::ofstream file{beside, std::ios::binary};
    file << text;
    file.flush();
    if (!file) {
      throw base::Error::with_exit(EX_CANTCREAT, beside, ": ", std::strerror(errno));
    }
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    throw base::Error::with_exit(EX_CANTCREAT, path, ": ", std::strerror(errno));
  }
}

}  // namespace ridley::venue
