// SPDX-License-Identifier: Apache-2.0
#include "simulation/market.hpp"

#include <algorithm>
#include <utility>

#include "nic/ethernet.hpp"
#include "simulation/ack_order.hpp"
#include "wire/itch.hpp"

namespace ridley::simulation {
namespace {

// As often as the order port looks whether anything is due.
constexpr std::uint64_t kLookNs = 5 * kMillisecondNs;
// Answers wait so long for others to change places with.
constexpr std::size_t kHeldAcksMax = 6;
constexpr std::uint32_t kStepsMax = 1'000'000;

nic::UdpRoute route() {
  nic::UdpRoute route;
  route.destination_mac = nic::multicast_mac(kFeedGroup);
  route.source_ip = 0x0A14'1E01;
  route.destination_ip = kFeedGroup;
  route.source_port = 26400;
  route.destination_port = kFeedPort;
  return route;
}

venue::TradingDaySettings day_settings(const MarketSettings& settings) {
  venue::TradingDaySettings day;
  day.exchange.instrument_count = settings.instruments;
  day.exchange.accounts = {{.username = kUser, .password = kPassword, .firm = "RDLY"}};
  day.exchange.mpids = venue::maker_mpids();
  day.participants.seed = settings.seed;
  day.participants.messages_per_second = settings.messages_per_second;
  day.start_ns = kOpeningNs;
  return day;
}

order::SoupServerSettings session_settings(const MarketSettings& settings) {
  order::SoupServerSettings session;
  session.username = kUser;
  session.password = kPassword;
  session.heartbeat_ns = settings.heartbeat_ns;
  session.dead_peer_ns = settings.dead_peer_ns;
  return session;
}

}  // namespace

Market::Market(const MarketSettings& settings, SendFrame send)
    : day_{day_settings(settings)},
      send_{std::move(send)},
      session_{session_settings(settings)},
      random_{settings.seed} {
  begin_session();
}

void Market::begin_session() {
  const std::string name = "SIM" + std::to_string(++sessions_);
  published_.begin_session(name);
  feed_.emplace(
      venue::FeedOutputSettings{.session = name, .route = route(), .records = {}},
      [this](std::size_t, std::span<const std::byte> frame) { return send_(frame), true; });
}

std::uint64_t Market::next_ns() const noexcept {
  if (is_down()) return down_until_ns_;
  std::uint64_t next_ns = now_ns_ + kLookNs;
  if (day_.next_ns() != venue::Participants::kNever)
    next_ns = std::min(next_ns, std::max(now_ns_ + 1, kMidnightNs + day_.next_ns()));
  for (const auto& [locate, until_ns] : halted_until_ns_) next_ns = std::min(next_ns, until_ns);
  return std::max(next_ns, now_ns_ + 1);
}

void Market::advance(std::uint64_t now_ns) {
  now_ns_ = now_ns;
  if (is_down()) return;
  (void)day_.advance(since_midnight(now_ns), kStepsMax);
  resume_halted();
  publish();
  answer();
}

void Market::resume_halted() {
  for (auto at = halted_until_ns_.begin(); at != halted_until_ns_.end();) {
    if (now_ns_ < at->second) {
      ++at;
      continue;
    }
    day_.exchange().at(since_midnight(now_ns_));
    day_.exchange().set_trading_state(at->first, venue::TradingState::Trading, "");
    at = halted_until_ns_.erase(at);
  }
}

void Market::publish() {
  venue::MarketFeed& feed = day_.exchange().feed();
  if (!silent_) {
    const std::span<const std::byte> framed = feed.published().bytes();
    venue::for_each_message(framed, [this](std::span<const std::byte> message) {
      published_.append(message);
      (void)books_.apply(message);
    });
    if (!framed.empty()) feed_->publish(framed, since_midnight(now_ns_));
    feed_->heartbeat_if_silent(since_midnight(now_ns_));
  }
  feed.clear();
}

void Market::publish_unknown_order(std::uint16_t locate) {
  venue::MessageBuffer forged;
  wire::itch::OrderDeleteWriter{forged.append(wire::itch::OrderDelete::kSize)}
      .stock_locate(locate)
      .timestamp(since_midnight(now_ns_))
      .order_reference_number(0xDEAD'BEEF'0000);
  published_.append(venue::first_message(forged.bytes()));
  feed_->publish(forged.bytes(), since_midnight(now_ns_));
}

void Market::restart_session() {
  publish();
  begin_session();
  spin();
  publish();
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

bool Market::connect(std::uint64_t now_ns) {
  if (is_down()) return false;
  server_.emplace(stream_, session_, now_ns);
  return true;
}

void Market::receive(std::span<const std::byte> bytes, std::uint64_t now_ns) {
  if (!server_) return;
  now_ns_ = now_ns;
  server_->receive(bytes, now_ns);
  answer();
  publish();
}

void Market::answer() {
  venue::Account& account = day_.exchange().accounts().front();
  account.entry_enabled = now_ns_ >= rejecting_until_ns_;
  while (server_) {
    const auto event = server_->next(now_ns_);
    if (!event) break;
    if (event->kind != order::SoupServerEventKind::Message) continue;
    const std::uint64_t rejected = account.counts.rejected;
    day_.receive(0, event->payload, since_midnight(now_ns_));
    if (!account.entry_enabled) counts_.rejected += account.counts.rejected - rejected;
  }
  collect_replies();
  if (server_) server_->poll(now_ns_);
}

void Market::collect_replies() {
  venue::Account& account = day_.exchange().accounts().front();
  venue::for_each_message(account.replies.bytes(), [this](std::span<const std::byte> message) {
    held_.emplace_back(message.begin(), message.end());
  });
  account.replies.clear();
  if (now_ns_ < shuffling_until_ns_ && held_.size() < kHeldAcksMax) return;
  release_acks();
}

void Market::release_acks() {
  if (now_ns_ < shuffling_until_ns_) counts_.shuffled += shuffle_acks(held_, random_);
  for (const Message& message : held_) stream_.append(message);
  held_.clear();
}

std::vector<std::byte> Market::take_output() {
  if (!server_) return {};
  const std::span<const std::byte> output = server_->output();
  std::vector<std::byte> taken{output.begin(), output.end()};
  server_->sent(taken.size());
  return taken;
}

void Market::cancel_orders() {
  counts_.canceled += account().orders().size();
  day_.cancel_all(0, since_midnight(now_ns_));
  publish();
  answer();
}

// The exchange comes back with what it had: its orders and the numbers of its streams survive.
void Market::crash_until(std::uint64_t ns) {
  down_until_ns_ = std::max(down_until_ns_, ns);
  disconnect();
}

void Market::halt_until(std::uint16_t locate, std::uint64_t ns) {
  if (halted_until_ns_.try_emplace(locate, ns).second) {
    day_.exchange().at(since_midnight(now_ns_));
    day_.exchange().set_trading_state(locate, venue::TradingState::Halted, "T1");
    publish();
  }
}

void Market::heal() {
  rejecting_until_ns_ = shuffling_until_ns_ = down_until_ns_ = 0;
  for (auto& [locate, until_ns] : halted_until_ns_) until_ns = now_ns_;
}

}  // namespace ridley::simulation
