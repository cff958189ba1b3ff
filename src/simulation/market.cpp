// SPDX-License-Identifier: Apache-2.0
#include "simulation/market.hpp"

#include <algorithm>
#include <utility>

#include "nic/ethernet.hpp"
#include "simulation/fate.hpp"
#include "venue/drop_copy_port.hpp"
#include "wire/itch.hpp"

namespace ridley::simulation {
namespace {

// As often as the order port looks whether anything is due.
constexpr std::uint64_t kLookNs = 5 * kMillisecondNs;
constexpr std::uint32_t kStepsMax = 1'000'000;

nic::UdpRoute route(std::uint32_t line) {
  nic::UdpRoute route;
  route.destination_ip = kFeedGroup + line;
  route.destination_mac = nic::multicast_mac(route.destination_ip);
  route.source_ip = 0x0A14'1E01;
  route.source_port = 26400;
  route.destination_port = kFeedPort;
  return route;
}

std::vector<venue::AccountSettings> accounts(bool cancel_on_disconnect) {
  return {{.username = kUser,
           .password = kPassword,
           .firm = "RDLY",
           .cancel_on_disconnect = cancel_on_disconnect}};
}

std::vector<venue::AccountSettings> drop_copies() {
  return {{.username = kCopyUser, .password = kPassword, .firm = "RDLY"}};
}

venue::TradingDaySettings day_settings(const MarketSettings& settings) {
  venue::TradingDaySettings day;
  day.exchange.instrument_count = settings.instruments;
  day.exchange.accounts = accounts(settings.cancel_on_disconnect);
  day.exchange.mpids = venue::maker_mpids();
  day.participants.seed = settings.seed;
  day.participants.messages_per_second = settings.messages_per_second;
  day.start_ns = kOpeningNs;
  return day;
}

// Both clocks; never where there is nothing to come.
std::uint64_t since_epoch(std::uint64_t midnight_ns) noexcept {
  return midnight_ns > kNeverNs - kMidnightNs ? kNeverNs : kMidnightNs + midnight_ns;
}

std::uint64_t harmed(const venue::FeedOutput& feed) noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < feed.line_count(); ++i) {
    const venue::FaultyLine* line = feed.faulty_line(i);
    if (line == nullptr) continue;
    const venue::PacketCounts& counts = line->counts();
    sum += counts.lost + counts.reordered + counts.duplicated + counts.corrupted +
           counts.truncated + counts.wrong_session + counts.sequence_reset +
           counts.duplicate_session;
  }
  return sum;
}

Distances distances(const MarketSettings& settings) {
  return {.order_latency_ns = settings.order_latency_ns,
          .lines = settings.lines,
          .line_latency_ns = settings.line_latency_ns};
}

}  // namespace

Market::Market(const MarketSettings& settings, SendFrame send)
    : day_{day_settings(settings)},
      send_{std::move(send)},
      seed_{settings.seed},
      lines_{settings.lines},
      act_every_ns_{settings.act_every_ns},
      repairs_{accounts(false), settings.seed, settings.order_latency_ns},
      streams_{"SIM", accounts(settings.cancel_on_disconnect), drop_copies(), settings.seed},
      stage_{scenario_of(settings.plan, day_.exchange().instruments(), distances(settings)),
             kOpeningNs,
             {.day = day_,
              .output = (begin_session(), *feed_),
              .streams = streams_,
              .gateways = {&gateway_},
              .rerequests = &repairs_.line()}} {}

// The stage knows the feed by its place.
void Market::begin_session() {
  if (feed_) harmed_before_ += harmed(*feed_);
  const std::string name = "SIM" + std::to_string(++sessions_);
  published_.begin_session(name);
  repairs_.begin_session(name);
  day_.exchange().feed().begin_session();
  venue::FeedOutputSettings settings{
      .session = name, .route = route(0), .records = {}, .seed = seed_ + 8 * sessions_};
  for (std::uint32_t line = 1; line < lines_; ++line) settings.more_routes.push_back(route(line));
  feed_.emplace(settings, [this](std::size_t line, std::span<const std::byte> frame) {
    if (frames_to_lose_[line] > 0) return --frames_to_lose_[line], true;
    return send_(frame), true;
  });
}

std::uint64_t Market::next_ns() const noexcept {
  std::uint64_t next_ns = std::min(
      {now_ns_ + kLookNs, std::max(since_epoch(stage_.next_ns()), act_ns_),
       since_epoch(feed_->next_ns()), since_epoch(streams_.next_ns()), repairs_.next_ns()});
  for (const Client& client : clients_)
    if (client) next_ns = std::min(next_ns, client->next_ns());
  return std::max(next_ns, now_ns_ + 1);
}

void Market::advance(std::uint64_t now_ns) {
  now_ns_ = now_ns;
  if (now_ns >= act_ns_) {
    (void)stage_.advance(moment(), kStepsMax);
    if (act_every_ns_ != 0) act_ns_ = now_ns - (now_ns - kStartNs) % act_every_ns_ + act_every_ns_;
  }
  if (std::exchange(crashes_, stage_.crashes()) != crashes_) {
    gateway_.lose_all();
    for (Client& client : clients_) client.reset();
  }
  serve();
  repairs_.advance(day_.exchange(), is_down(), now_ns);
}

void Market::serve() {
  if (Client& orders = client(Port::Orders)) (void)gateway_.serve(*orders, day_, moment());
  tell();
  if (Client& copy = client(Port::DropCopy)) (void)venue::serve_drop_copy(*copy, streams_, now_ns_);
}

// Everything that is published is remembered before it goes out.
void Market::tell() {
  venue::MarketFeed& feed = day_.exchange().feed();
  if (silent_) {
    feed.clear();
    return streams_.collect(day_.exchange().accounts(), since_midnight(now_ns_));
  }
  venue::for_each_message(feed.published().bytes(), [this](std::span<const std::byte> message) {
    published_.append(message);
    (void)books_.apply(message);
  });
  repairs_.published(feed.published().bytes());
  stage_.tell(since_midnight(now_ns_));
}

void Market::publish_unknown_order(std::uint16_t locate) {
  venue::MessageBuffer forged;
  wire::itch::OrderDeleteWriter{forged.append(wire::itch::OrderDelete::kSize)}
      .stock_locate(locate)
      .timestamp(since_midnight(now_ns_))
      .order_reference_number(0xDEAD'BEEF'0000);
  published_.append(venue::first_message(forged.bytes()));
  repairs_.published(forged.bytes());
  feed_->publish(forged.bytes(), since_midnight(now_ns_));
}

void Market::restart_session() {
  tell();
  begin_session();
  stage_.impair_lines();
  spin();
  tell();
}

// What a reader needs who knows nothing: the directory, every state, every displayed order.
void Market::spin() {
  const NaiveBooks before = std::exchange(books_, {});
  day_.exchange().at(since_midnight(now_ns_));
  venue::MarketFeed& feed = day_.exchange().feed();
  feed.system_event(venue::SystemEvent::StartOfMessages);
  for (std::uint16_t locate = 1; locate < before.books(); ++locate) {
    const NaiveBook& book = before.book(locate);
    feed.directory(locate);
    feed.trading_action(locate, static_cast<venue::TradingState>(book.state), "");
    feed.short_sale_restriction(locate, book.short_sales_restricted ? '1' : '0');
  }
  feed.system_event(venue::SystemEvent::StartOfSystemHours);
  feed.system_event(venue::SystemEvent::StartOfMarketHours);
  for (std::uint16_t locate = 1; locate < before.books(); ++locate) {
    for (const auto& side : before.book(locate).levels) {
      for (const auto& [price_e4, level] : side) {
        for (const std::uint64_t reference : level) {
          const NaiveOrder& order = before.order(reference);
          feed.added({.reference = reference,
                      .locate = locate,
                      .side = order.buys ? event::Side::Buy : event::Side::Sell,
                      .quantity = order.quantity,
                      .price_e4 = price_e4,
                      .attribution = {}});
        }
      }
    }
  }
}

bool Market::connect(std::uint64_t now_ns, Port port) {
  if (is_down()) return false;
  disconnect(port);
  client(port) = std::make_unique<venue::ClientSession>(now_ns, 0, seed_ + 2 * ++connections_);
  if (port == Port::Orders) gateway_.join(*client(port));
  return true;
}

void Market::disconnect(Port port) {
  const bool leaves = client(port) && port == Port::Orders;
  if (leaves) gateway_.leave(*client(port), day_, moment());
  client(port).reset();
  if (leaves) tell();  // orders that were cancelled for it
}

void Market::receive(std::span<const std::byte> bytes, std::uint64_t now_ns, Port port) {
  now_ns_ = now_ns;
  if (client(port)) client(port)->receive(bytes, now_ns);
  serve();
}

std::vector<std::byte> Market::take_output(std::uint64_t now_ns, Port port) {
  std::vector<std::byte> taken;
  venue::ClientSession* const from = client(port).get();
  if (from == nullptr) return taken;
  for (auto output = from->output(now_ns); !output.empty(); output = from->output(now_ns)) {
    taken.insert(taken.end(), output.begin(), output.end());
    from->sent(output.size());
  }
  return taken;
}

bool Market::is_quiet() const noexcept {
  const Client& orders = client(Port::Orders);
  return orders && !orders->dead() && orders->drained() && orders->room() > 0 &&
         orders->next_ns() == venue::FaultyStream::kNever &&
         streams_.next_ns() == venue::FaultyStream::kNever;
}

std::uint64_t Market::frames_harmed() const noexcept { return harmed_before_ + harmed(*feed_); }

}  // namespace ridley::simulation
