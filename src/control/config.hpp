// SPDX-License-Identifier: Apache-2.0
// In: one TOML file. Out: the operator's choices, checked whole, with their defaults filled in and
// where each came from. Read once before anything starts; set-up and control cores only.
//
// The initial values below are the defaults. What each setting is called, allows and means stands
// in config_table.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "card/state_folder.hpp"

namespace ridley::control {

struct ApplianceConfig {
  std::string name = "ridley";
  std::string run_folder = "/run/ridley";
};

enum class HugePages : std::uint8_t { Auto, Off };
enum class Poll : std::uint8_t { Auto, Spin, Yield };

struct EngineConfig {
  std::optional<std::uint32_t> hot_core;  // nothing: the engine chooses
  HugePages huge_pages = HugePages::Auto;
  Poll poll = Poll::Auto;
};

struct FeedGroup {
  std::string group;
  std::uint16_t port = 0;
  friend bool operator==(const FeedGroup&, const FeedGroup&) = default;
};

// What happens when the feed announces another session than the one being read.
enum class SessionPolicy : std::uint8_t { Follow, Refuse };

struct FeedConfig {
  std::string port;
  std::vector<FeedGroup> groups;
  SessionPolicy session_policy = SessionPolicy::Follow;
  bool verify_udp_checksum = true;
  std::uint64_t first_sequence = 1;  // 0: the number of the first packet
  std::uint32_t hold_ms = 100;
  std::uint32_t hold_packets = 1'024;
};

// Where what is missing is asked for: each "host:port".
struct RecoveryConfig {
  std::vector<std::string> rerequest;
  std::uint32_t timeout_ms = 10;
  std::uint32_t tries = 6;
  std::string glimpse;   // empty: no snapshots
  std::string username;  // empty: the order connection's, with its password
  std::string password;
};

struct BookConfig {
  std::uint32_t orders_max = 4'194'304;
  std::uint32_t levels_max = 2'097'152;
  std::uint32_t instruments_max = 16'384;
};

enum class Capacity : std::uint8_t { Agency, Principal, Riskless, Other };

// Who puts an order on the wire: the kernel, or the hot core before the kernel.
enum class Transport : std::uint8_t { Kernel, Delegated };

// What is spoken on the order connection, and on the layer below.
enum class OrderProtocol : std::uint8_t { Ouch50, Ouch42 };
enum class SessionVersion : std::uint8_t { V3, V4, V41 };

struct OrderConfig {
  std::string host;
  std::uint16_t port = 0;
  std::string username;
  std::string password;       // read from password_file when that is set
  std::string password_file;  // empty: `password` stands in the configuration
  std::string session;        // empty: the one that is active
  std::uint32_t heartbeat_ms = 1'000;
  std::uint32_t dead_after_ms = 15'000;
  std::string firm;
  Capacity capacity = Capacity::Principal;
  std::uint32_t open_orders_max = 16'384;
  Transport transport = Transport::Kernel;
  std::string wire;     // of a delegated connection: its port,
  std::string address;  // its own address on the network there,
  std::string gateway;  // and who knows the way to the host; empty: it is on that network
  std::uint32_t unacknowledged_max = 16'384;
  OrderProtocol protocol = OrderProtocol::Ouch50;
  SessionVersion session_version = SessionVersion::V3;
  bool cancel_on_disconnect = false;
  std::uint32_t answer_within_ms = 1'000;
};

// The exchange's own account of our executions, to hold ours against.
struct DropCopyConfig {
  std::string host;  // empty: there is none
  std::uint16_t port = 0;
  std::string username;
  std::string password;       // read from password_file when that is set
  std::string password_file;  // empty: `password` stands in the configuration
  std::uint32_t match_within_ms = 1'000;
  std::uint32_t kill_after_ms = 1'000;  // behind the alert
};

using Parameter = std::variant<bool, std::int64_t, double, std::string>;
using Parameters = std::map<std::string, Parameter>;

struct StrategyConfig {
  std::string object;
  std::vector<std::string> symbols;
  Parameters parameters;
};

enum class CollarReference : std::uint8_t { OppositeTouch, Mid, Last };

// One instrument's own limits; what is absent follows the firm's.
struct InstrumentLimits {
  std::string symbol;
  std::optional<std::uint32_t> max_order_quantity;
  std::optional<std::uint64_t> max_order_notional_usd;
  std::optional<std::uint32_t> collar_basis_points;
  std::optional<std::uint64_t> position_limit_long;
  std::optional<std::uint64_t> position_limit_short;
  std::optional<std::uint32_t> tick_e4;
  std::optional<std::uint32_t> lot;
};

struct RiskConfig {
  std::uint32_t limits_version = 0;
  std::uint32_t max_order_quantity = 0;
  std::uint64_t max_order_notional_usd = 0;  // whole dollars, as all notionals here
  std::uint32_t collar_basis_points = 500;
  CollarReference collar_reference = CollarReference::OppositeTouch;
  std::uint32_t stale_after_ms = 500;
  std::uint32_t message_rate = 0;  // a second
  std::uint32_t message_burst = 0;
  std::uint64_t max_gross_notional_usd = 0;
  std::uint32_t max_open_orders = 0;
  std::uint64_t position_limit_long = 0;
  std::uint64_t position_limit_short = 0;  // as a positive number of shares
  std::uint32_t tick_e4 = 100;
  std::uint32_t sub_dollar_tick_e4 = 1;
  std::uint32_t lot = 100;
  bool round_lots_only = false;
  bool short_sales = false;
  std::vector<std::string> restricted;
  std::vector<InstrumentLimits> instruments;
};

struct TelemetryConfig {
  std::string folder = "/var/log/ridley";
  std::uint32_t interval_ms = 1'000;
  std::string counters;  // empty: <run_folder>/<name>.counters
  std::uint32_t log_megabytes = 16;
};

enum class Permissions : std::uint8_t { Owner, Group };  // 0600, 0660

struct ControlConfig {
  std::string socket;  // empty: <run_folder>/<name>.sock
  Permissions permissions = Permissions::Owner;
};

enum class CardRole : std::uint8_t { Shadow, Use };
enum class OnCardFault : std::uint8_t { Software, Disarm };
enum class CardInstruments : std::uint8_t { All, Traded };

struct CardConfig {
  std::string bitstream;  // empty: there is no card
  std::string state_folder{card::kStateFolder};
  std::string device = "0";
  CardRole role = CardRole::Shadow;
  std::uint64_t shadow_messages = 10'000;
  OnCardFault on_fault = OnCardFault::Software;
  std::uint32_t hung_after_ms = 5;
  std::uint32_t ring_records = 65'536;
  CardInstruments instruments = CardInstruments::All;
};

struct Config {
  ApplianceConfig appliance;
  EngineConfig engine;
  FeedConfig feed;
  RecoveryConfig recovery;
  CardConfig card;
  BookConfig book;
  OrderConfig order;
  DropCopyConfig drop_copy;
  StrategyConfig strategy;
  RiskConfig risk;
  TelemetryConfig telemetry;
  ControlConfig control;

  [[nodiscard]] std::string socket_path() const;
  [[nodiscard]] std::string counters_path() const;
  // How far the order connection's and the drop copy's streams were delivered.
  [[nodiscard]] std::string sequence_path() const;
  [[nodiscard]] std::string drop_copy_path() const;
};

// Where something stands in the file; line 0 is the file as a whole.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Problem {
  Place place;
  std::string text;
};

struct CheckedConfig {
  Config config;
  // "feed.port" -> where it is written; absent: the default holds. Also "feed", the table itself.
  std::map<std::string, Place> written;
  std::vector<Problem> problems;  // every one, in the order of the file
};

// Looks at all of the text and never throws for what stands in it. `file_name` is for messages, and
// a relative password_file is looked for beside it.
[[nodiscard]] CheckedConfig check_config(std::string_view text, const std::string& file_name);

// Each problem as "file:line:column: text", one a line.
[[nodiscard]] std::string problems_text(const std::vector<Problem>& problems,
                                        const std::string& file_name);

// Reads the file; "-" is standard input. EX_NOINPUT when it cannot be read.
[[nodiscard]] CheckedConfig examine_config(const std::filesystem::path& file);

// As above, and EX_CONFIG with all of the problems when there are any.
[[nodiscard]] CheckedConfig read_config(const std::filesystem::path& file);
[[nodiscard]] inline Config load_config(const std::filesystem::path& file) {
  return read_config(file).config;
}

}  // namespace ridley::control
