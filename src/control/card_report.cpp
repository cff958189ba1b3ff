// SPDX-License-Identifier: Apache-2.0
#include "control/card_report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <ostream>

namespace ridley::control {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShortLetters = 12;

void print(const Json& value, std::ostream& out) {
  out << value.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void line(std::ostream& out, std::string_view name, std::string_view value) {
  out << fmt::format("{:<12}{}\n", name, value);
}

Json or_null(const std::string& digest) { return digest.empty() ? Json(nullptr) : Json(digest); }

Json json_of(const card::CardState& state) {
  Json trial = nullptr;
  if (!state.trial.digest.empty()) {
    trial = {{"digest", state.trial.digest}, {"step", state.trial.step}};
  }
  return {{"active", or_null(state.active)},
          {"previous", or_null(state.previous)},
          {"staged", or_null(state.staged)},
          {"counter", state.counter},
          {"trial", std::move(trial)}};
}

std::string time_text(std::uint64_t seconds) {
  // Beyond year 9999 it is no time but what somebody wrote there.
  constexpr std::uint64_t kSecondsMax = 253'402'300'799;
  if (seconds > kSecondsMax) return std::to_string(seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

Json json_of(const card::Xclbin& container) {
  Json sections = Json::array();
  for (const card::XclbinSection& one : container.sections) {
    sections.push_back({{"kind", card::section_kind_name(one.kind)},
                        {"name", one.name},
                        {"at", one.at},
                        {"bytes", one.bytes}});
  }
  Json units = Json::array();
  for (const card::XclbinUnit& one : container.units) {
    units.push_back({{"name", one.name}, {"type", one.type}, {"address", one.address}});
  }
  Json memories = Json::array();
  for (const card::XclbinMemory& one : container.memories) {
    memories.push_back({{"tag", one.tag},
                        {"used", one.is_used},
                        {"address", one.address},
                        {"kibibytes", one.kibibytes}});
  }
  Json clocks = Json::array();
  for (const card::XclbinClock& one : container.clocks) {
    clocks.push_back({{"name", one.name}, {"megahertz", one.megahertz}});
  }
  Json facts = Json::object();
  for (const card::XclbinFact& one : container.facts) facts[one.name] = one.value;
  return {{"uuid", container.uuid},
          {"platform", container.platform},
          {"written_by", container.version},
          {"made", time_text(container.made_at_s)},
          {"mode", card::mode_name(container.mode)},
          {"built_from", std::move(facts)},
          {"bytes", container.bytes},
          {"sections", std::move(sections)},
          {"units", std::move(units)},
          {"memories", std::move(memories)},
          {"clocks", std::move(clocks)}};
}

Json json_of(const std::vector<card::Check>& checks) {
  Json list = Json::array();
  for (const card::Check& one : checks) {
    list.push_back({{"check", one.name},
                    {"ok", one.fault.empty()},
                    {"seen", one.seen},
                    {"fault", or_null(one.fault)}});
  }
  return list;
}

void write_container(const card::Xclbin& container, std::ostream& out) {
  line(out, "uuid", container.uuid);
  line(out, "platform", container.platform);
  line(out, "made",
       fmt::format("{}, xclbin {}, {}", time_text(container.made_at_s), container.version,
                   card::mode_name(container.mode)));
  for (const card::XclbinFact& one : container.facts) {
    line(out, "built from", fmt::format("{} {}", one.name, one.value));
  }
  for (const card::XclbinSection& one : container.sections) {
    line(out, "section",
         fmt::format("{} {} bytes{}{}", card::section_kind_name(one.kind), one.bytes,
                     one.name.empty() ? "" : " ", one.name));
  }
  for (const card::XclbinUnit& one : container.units) {
    line(out, "unit", fmt::format("{} at {:#x}", one.name, one.address));
  }
  for (const card::XclbinMemory& one : container.memories) {
    line(out, "memory",
         fmt::format("{} at {:#x}, {} KiB{}", one.tag, one.address, one.kibibytes,
                     one.is_used ? "" : ", unused"));
  }
  for (const card::XclbinClock& one : container.clocks) {
    line(out, "clock", fmt::format("{} {} MHz", one.name, one.megahertz));
  }
}

void write_words(std::string_view name, const card::Words& words, std::ostream& out) {
  for (const auto& [key, value] : words) line(out, name, fmt::format("{} {}", key, value));
}

void write_checks(const std::vector<card::Check>& checks, std::ostream& out) {
  for (const card::Check& one : checks) {
    out << fmt::format("{:<8}{:<12}{}\n", one.fault.empty() ? "ok" : "refused", one.name,
                       one.fault.empty() ? one.seen : one.fault);
  }
}

}  // namespace

std::string short_digest(std::string_view digest) {
  return std::string{digest.substr(0, kShortLetters)};
}

void print_slots(const card::CardState& state, const std::vector<SlotRow>& rows, bool json,
                 std::ostream& out) {
  if (json) {
    Json slots = Json::array();
    for (const SlotRow& row : rows) {
      Json slot{{"digest", row.digest}, {"roles", row.roles}, {"fault", or_null(row.fault)}};
      if (row.manifest) slot["manifest"] = Json::parse(row.manifest->as_json);
      slots.push_back(std::move(slot));
    }
    Json all = json_of(state);
    all["slots"] = std::move(slots);
    print(all, out);
    return;
  }
  for (const SlotRow& row : rows) {
    const std::string what =
        row.manifest ? fmt::format("{}, version {}, map {}", row.manifest->name,
                                   row.manifest->version, card::hash_text(row.manifest->map_hash))
                     : row.fault;
    out << fmt::format("{}  {:<10}{}\n", short_digest(row.digest), row.roles, what);
  }
  out << fmt::format("{} in use; bitstreams below version {} are refused\n",
                     state.active.empty() ? "none is" : short_digest(state.active) + " is",
                     state.counter);
  if (!state.trial.digest.empty()) {
    out << fmt::format("{} is on trial, in step {}\n", short_digest(state.trial.digest),
                       state.trial.step);
  }
}

void print_bitstream(const card::Bitstream& bitstream, const std::vector<card::Check>& checks,
                     bool json, std::ostream& out) {
  if (json) {
    Json all{{"digest", bitstream.digest}};
    all["manifest"] = bitstream.manifest ? Json::parse(bitstream.manifest->as_json) : Json(nullptr);
    all["container"] = bitstream.container ? json_of(*bitstream.container) : Json(nullptr);
    all["checks"] = json_of(checks);
    print(all, out);
    return;
  }
  line(out, "digest", bitstream.digest);
  if (bitstream.manifest) {
    const card::Manifest& manifest = *bitstream.manifest;
    line(out, "name", manifest.name);
    line(out, "version", std::to_string(manifest.version));
    line(out, "map", card::hash_text(manifest.map_hash));
    line(out, "catalogue", card::hash_text(manifest.catalogue_hash));
    const bool from_a_commit = manifest.rtl_commit.find_first_not_of('0') != std::string::npos;
    line(out, "rtl commit", from_a_commit ? manifest.rtl_commit : "none: not from a commit");
    write_words("schema", manifest.schema, out);
    write_words("tool", manifest.tools, out);
    write_words("report", manifest.report, out);
  }
  if (bitstream.container) write_container(*bitstream.container, out);
  write_checks(checks, out);
}

void print_container(const card::Xclbin& container, bool json, std::ostream& out) {
  if (json) {
    print({{"digest", nullptr}, {"manifest", nullptr}, {"container", json_of(container)}}, out);
  } else {
    write_container(container, out);
  }
}

void print_checks(std::string_view digest, const std::vector<card::Check>& checks, bool json,
                  std::ostream& out) {
  if (!json) {
    write_checks(checks, out);
    return;
  }
  print(
      {{"digest", digest}, {"ok", card::first_fault(checks).empty()}, {"checks", json_of(checks)}},
      out);
}

void print_history(const card::History& history, bool json, std::ostream& out) {
  for (const card::HistoryLine& one : history.lines) {
    if (json) {
      const Json all{{"line", one.line},
                     {"time", one.time},
                     {"user", one.user},
                     {"event", one.event},
                     {"digest", or_null(one.digest)},
                     {"text", one.text},
                     {"state", json_of(one.state)},
                     {"hash", one.hash}};
      out << all.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    } else {
      out << fmt::format("{} {:<12} {:<12} {} [{}]\n", one.time, one.event,
                         short_digest(one.digest), one.text, one.user);
    }
  }
}

void print_result(std::string_view done, const card::TrialResult& result,
                  const card::CardState& state, bool json, std::ostream& out) {
  if (json) {
    Json all{{"ok", result.ok}, {"done", done}, {"text", result.text}};
    all.update(json_of(state));
    print(all, out);
    return;
  }
  out << fmt::format("{}: {}\n", done, result.text);
}

}  // namespace ridley::control
