// SPDX-License-Identifier: Apache-2.0
#include "system/simulated_street.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "engine/allocation_watch.hpp"
#include "nic/ethernet.hpp"
#include "wire/itch.hpp"

namespace ridley::test {
namespace {

constexpr std::uint64_t kMidnightNs = 1'700'000'000'000'000'000;  // of a simulated day, UTC
constexpr std::uint64_t kStartNs = 34'200'000'000'000;            // half past nine
constexpr std::uint64_t kMillisecondNs = 1'000'000;
constexpr std::uint32_t kGroup = 0xE936'0C6F;  // 233.54.12.111
constexpr std::uint16_t kGroupPort = 26477;
constexpr char kUser[] = "RIDLEY";
constexpr char kPassword[] = "TURTLE";

nic::UdpRoute route() {
  nic::UdpRoute route;
  route.destination_mac = nic::multicast_mac(kGroup);
  route.source_ip = 0x0A14'1E01;
  route.destination_ip = kGroup;
  route.source_port = 26400;
  route.destination_port = kGroupPort;
  return route;
}

std::vector<std::string> traded_symbols(const SimulatedStreet::Options& options) {
  const venue::Instruments instruments{options.instruments};
  std::vector<std::string> symbols;
  for (std::uint16_t locate = 1; locate <= options.traded; ++locate) {
    const std::string_view padded = instruments.symbol(locate);
    symbols.emplace_back(padded.substr(0, padded.find_last_not_of(' ') + 1));
  }
  return symbols;
}

strategy::InstanceOptions instance_options(const SimulatedStreet::Options& options) {
  strategy::InstanceOptions wanted;
  wanted.symbols = traded_symbols(options);
  wanted.parameters = options.parameters;
  return wanted;
}

std::filesystem::path plugin_path(const std::string& name) {
  const char* build = std::getenv("RIDLEY_BUILD_FOLDER");
  return std::filesystem::path{build != nullptr ? build : "build"} / "src/strategy" /
         ("libridley_" + name + ".so");
}

engine::StreetSettings street_settings(const SimulatedStreet::Options& options) {
  engine::StreetSettings settings;
  (void)settings.filter.add(kGroup, kGroupPort, 0);
  settings.books = {.orders_max = 1U << 16, .levels_max = 1U << 14, .instruments_max = 64};
  settings.limits.version = 1;
  settings.limits.age_ns_max = 2'500 * kMillisecondNs;
  settings.limits.burst_messages_max = 1'000;
  settings.limits.ns_per_message = 100'000;
  settings.limits.gross_max_e4 = 1'000'000'000'000;
  settings.limits.open_orders_max = 100;
  settings.limits.order = {.quantity_max = 1'000,
                           .collar_bps = 500,
                           .notional_max_e4 = 10'000'000'000,
                           .long_max = 2'000,
                           .short_max = 2'000,
                           .short_sales = risk::Permit::Yes};
  settings.orders.orders_max = 1'024;
  for (const std::string& symbol : traded_symbols(options))
    settings.roll.entry(symbol).traded = true;
  return settings;
}

venue::TradingDaySettings day_settings(const SimulatedStreet::Options& options) {
  venue::TradingDaySettings settings;
  settings.exchange.instrument_count = options.instruments;
  settings.exchange.accounts = {{.username = kUser, .password = kPassword, .firm = "RDLY"}};
  settings.exchange.mpids = venue::maker_mpids();
  settings.participants.seed = options.seed;
  settings.participants.messages_per_second = options.messages_per_second;
  settings.start_ns = kStartNs;
  return settings;
}

order::SoupClientSettings client_settings() {
  order::SoupClientSettings settings;
  settings.username = kUser;
  settings.password = kPassword;
  return settings;
}

}  // namespace

SimulatedStreet::SimulatedStreet(const Options& options)
    : now_ns_{kMidnightNs + kStartNs},
      page_{{.path = folder_ / "counters"}},
      instance_{strategy::Plugin::load(plugin_path(options.strategy)), instance_options(options)},
      street_{street_settings(options), instance_.loaded(), page_},
      rooms_{street_.rooms()},
      pipeline_{std::make_unique<Pipeline>(wire_.right(), rooms_, SimulatedClock{&now_ns_})},
      day_{day_settings(options)},
      feed_{{.session = "SIM", .route = route(), .records = {}},
            [this](std::size_t, std::span<const std::byte> frame) {
              if (frames_to_drop_ > 0) return --frames_to_drop_, true;
              return wire_.left().send(frame);
            }},
      client_{client_settings()} {
  engine::prepare_allocation_watch(engine::OnHotAllocation::Stop);
  restore_order_connection();
}

SimulatedStreet::~SimulatedStreet() = default;

std::uint64_t SimulatedStreet::midnight_ns() const noexcept { return now_ns_ - kMidnightNs; }

void SimulatedStreet::run_ms(std::uint64_t milliseconds) {
  for (std::uint64_t i = 0; i < milliseconds; ++i) {
    now_ns_ += kMillisecondNs;
    step();
  }
}

void SimulatedStreet::step() {
  wire_.left().set_send_time(now_ns_);
  (void)day_.advance(midnight_ns(), 1'000'000);
  publish_feed();
  move_order_bytes();
  while (poll() > 0) {
  }
  collect();
}

std::size_t SimulatedStreet::poll() {
  const engine::HotSection watched;
  return pipeline_->poll(now_ns_);
}

void SimulatedStreet::publish_feed() {
  venue::MarketFeed& feed = day_.exchange().feed();
  if (!feed_silent_) {
    if (!feed.published().bytes().empty()) feed_.publish(feed.published().bytes(), midnight_ns());
    feed_.heartbeat_if_silent(midnight_ns());
  }
  feed.clear();
}

// Both directions, until nothing moves: a millisecond is long.
void SimulatedStreet::move_order_bytes() {
  client_sends_orders();
  if (!server_) return;
  client_.poll(now_ns_);
  for (int i = 0; i < 4; ++i) {
    server_->receive(client_.output(), now_ns_);
    client_.sent(client_.output().size());
    serve_client();
    client_.receive(server_->output(), now_ns_);
    server_->sent(server_->output().size());
    client_takes_events();
  }
}

void SimulatedStreet::serve_client() {
  while (const auto event = server_->next(now_ns_)) {
    if (event->kind == order::SoupServerEventKind::Message)
      day_.receive(0, event->payload, midnight_ns());
  }
  venue::Account& account = day_.exchange().accounts().front();
  venue::for_each_message(account.replies.bytes(),
                          [this](std::span<const std::byte> message) { stream_.append(message); });
  account.replies.clear();
  server_->poll(now_ns_);
}

void SimulatedStreet::client_takes_events() {
  while (const auto event = client_.next(now_ns_)) {
    order::Inbound inbound;
    inbound.sequence = event->sequence;
    switch (event->kind) {
      case order::SoupEventKind::LoggedIn:
        inbound.kind = order::InboundKind::LoggedIn;
        inbound.connection = ++connection_;
        break;
      case order::SoupEventKind::Sequenced:
      case order::SoupEventKind::Unsequenced:
        inbound.kind = order::InboundKind::Message;
        inbound.length = static_cast<std::uint16_t>(event->payload.size());
        std::memcpy(inbound.bytes.data(), event->payload.data(), event->payload.size());
        break;
      case order::SoupEventKind::EndOfSession:
        inbound.kind = order::InboundKind::EndOfSession;
        break;
      case order::SoupEventKind::Broken: inbound.kind = order::InboundKind::Disconnected; break;
    }
    (void)street_.inbound().push(inbound);
  }
}

void SimulatedStreet::client_sends_orders() {
  for (order::Outbound slot; street_.outbound().pop(slot);) {
    order_bytes_.insert(order_bytes_.end(), slot.packet().begin(), slot.packet().end());
    if (server_ && client_.logged_in() && slot.connection == connection_)
      client_.send_packet(slot.packet(), now_ns_);
  }
}

void SimulatedStreet::collect() {
  for (event::OrderEvent event{}; street_.side_exit().take(event);) order_events_.push_back(event);
  for (event::RejectRecord reject{}; street_.side_exit().take(reject);) rejects_.push_back(reject);
}

bool SimulatedStreet::command(event::CommandKind kind) {
  event::Command command{};
  command.kind = kind;
  command.sequence = ++command_sequence_;
  (void)street_.commands().push(command);
  (void)poll();
  event::Command answer{};
  const bool answered = street_.answers().pop(answer);
  return answered && answer.sequence == command.sequence && answer.value != 0;
}

void SimulatedStreet::publish_unknown_order(std::uint16_t locate) {
  venue::MessageBuffer forged;
  wire::itch::OrderDeleteWriter{forged.append(wire::itch::OrderDelete::kSize)}
      .stock_locate(locate)
      .timestamp(midnight_ns())
      .order_reference_number(0xDEAD'BEEF'0000);
  feed_.publish(forged.bytes(), midnight_ns());
}

std::size_t SimulatedStreet::orders_open_at_venue(std::uint16_t locate) {
  std::size_t count = 0;
  for (const auto& [number, order] : account().orders()) count += order.locate == locate ? 1 : 0;
  return count;
}

void SimulatedStreet::break_order_connection() {
  server_.reset();
  client_.disconnected();
  order::Inbound lost;
  lost.kind = order::InboundKind::Disconnected;
  (void)street_.inbound().push(lost);
}

void SimulatedStreet::restore_order_connection() {
  order::SoupServerSettings settings;
  settings.username = kUser;
  settings.password = kPassword;
  server_.emplace(stream_, settings, now_ns_);
  client_.connected(now_ns_);
}

std::string SimulatedStreet::position_differences() {
  std::string differences;
  for (const engine::RollEntry& entry : rooms_.roll.entries()) {
    const auto& positions = account().positions();
    const auto found = positions.find(entry.locate);
    const std::int64_t theirs = found == positions.end() ? 0 : found->second;
    const std::int64_t ours = gate().position(entry.locate);
    if (ours != theirs)
      differences += "locate " + std::to_string(entry.locate) + ": ours " + std::to_string(ours) +
                     ", theirs " + std::to_string(theirs) + "; ";
  }
  return differences;
}

std::string SimulatedStreet::reservations_left() const {
  const risk::Exposure& firm = gate().exposure();
  if (firm.open_buys() == 0 && firm.open_sells() == 0 && firm.open_orders() == 0) return {};
  return "buys " + std::to_string(firm.open_buys()) + ", sells " +
         std::to_string(firm.open_sells()) + ", orders " + std::to_string(firm.open_orders());
}

}  // namespace ridley::test
