// SPDX-License-Identifier: Apache-2.0
#include "venue/venue_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <time.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "nic/address.hpp"
#include "venue/summary.hpp"

namespace ridley::venue {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

// Steps of the market between two looks at the clients, so that none waits for a market that has
// fallen behind.
constexpr std::uint32_t kStepsPerTurn = 64;

// The longest rest: what a client's message may wait in a kernel that does not wake us.
constexpr std::uint64_t kRest_ns = 200'000;

// Unpaced, packets are cut at these times, so that they are the same every time.
constexpr std::uint64_t kUnpacedTurn_ns = 100'000;

// The end of session is repeated for those who miss it.
constexpr int kEndPackets = 5;
constexpr std::uint64_t kBetweenEndPackets_ns = 40'000'000;

// A client that was told of the end has so long to go.
constexpr std::uint64_t kFarewell_ns = 5 * kNsPerSecond;
constexpr std::uint64_t kFarewellStep_ns = 1'000'000;

std::uint64_t monotonic_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * kNsPerSecond +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// A live exchange gets a session of its own each time, so that a reader never mixes two of them.
std::string session_name(const Options& options) {
  if (!options.session.empty()) return options.session;
  const bool live = !options.feed_ports.empty() || options.order_port;
  return live ? fmt::format("V{:09}", std::time(nullptr) % 1'000'000'000) : "RIDLEY0001";
}

std::vector<AccountSettings> accounts_of(const Options& options) {
  std::vector<AccountSettings> accounts;
  for (const std::string& account : options.accounts) accounts.push_back(parse_account(account));
  if (accounts.empty()) accounts.push_back(parse_account(kDefaultAccount));
  for (AccountSettings& account : accounts)
    account.cancel_on_disconnect |= options.cancel_on_disconnect;
  return accounts;
}

TradingDaySettings day_settings(const Options& options) {
  TradingDaySettings settings;
  settings.exchange.instrument_count = static_cast<std::uint16_t>(options.instruments);
  settings.exchange.accounts = accounts_of(options);
  settings.participants.seed = options.seed;
  settings.participants.messages_per_second = options.messages_per_second;
  for (const std::string& halt : options.halts) settings.halts.push_back(parse_halt(halt));
  settings.start_ns = parse_time_of_day_ns(options.start);
  settings.rules = rules_of(options);
  return settings;
}

FeedOutputSettings output_settings(const Options& options) {
  const nic::SocketAddress group = *nic::parse_socket_address(options.group);
  const nic::SocketAddress source = *nic::parse_socket_address(options.source);
  FeedOutputSettings settings;
  settings.session = options.session;
  settings.records = options.records;
  settings.route.source_mac = {0x02, 0x52, 0x44, 0x4C, 0x59, 0x01};  // locally administered
  settings.route.destination_mac = nic::multicast_mac(group.ip);
  settings.route.source_ip = source.ip;
  settings.route.source_port = source.port;
  settings.route.destination_ip = group.ip;
  settings.route.destination_port = group.port;
  return settings;
}

Options checked(Options options) {
  check(options);
  options.session = session_name(options);
  if (!options.run_folder.empty()) {
    if (options.summary.empty()) options.summary = options.run_folder + "/summary.json";
  }
  return options;
}

std::uint64_t end_of(const Options& options, std::uint64_t start_ns) {
  if (!options.seconds) return std::numeric_limits<std::uint64_t>::max();
  return start_ns + static_cast<std::uint64_t>(*options.seconds * 1e9);
}

}  // namespace

VenueProcess::VenueProcess(Options options)
    : options_{checked(std::move(options))},
      start_ns_{parse_time_of_day_ns(options_.start)},
      end_ns_{end_of(options_, start_ns_)},
      day_{day_settings(options_)},
      output_{output_settings(options_),
              [this](std::span<const std::byte> frame) { return !wire_ || wire_->send(frame); }} {
  if (!options_.feed_ports.empty()) wire_.emplace(options_.feed_ports);
  if (options_.order_port) {
    ListenerSettings settings;
    settings.address = options_.order_address;
    settings.port = *options_.order_port;
    settings.session = options_.session;
    listener_.emplace(settings, accounts_of(options_));
  }
}

void VenueProcess::run(const std::atomic<bool>& stop,
                       const std::function<void(const Progress&)>& watcher) {
  if (!options_.run_folder.empty()) tell_ready();
  if (paced()) {
    wait_for_peers(stop);
    run_paced(stop, watcher);
  } else {
    run_unpaced(stop);
  }
  finish();
}

void VenueProcess::wait_for_peers(const std::atomic<bool>& stop) {
  const bool wants_login = listener_ && options_.wait_for_login_s > 0;
  const auto patience_ns = static_cast<std::uint64_t>(options_.wait_for_login_s * 1e9);
  std::uint64_t link_up_ns = 0;
  while (!stop) {
    Moment now{monotonic_ns(), start_ns_};
    if (listener_) (void)listener_->poll(day_, now);
    if (wire_) wire_->drain();
    const bool linked = !wire_ || !options_.wait_for_link || wire_->up();
    if (linked && link_up_ns == 0) link_up_ns = now.monotonic_ns;
    const bool logged_in = !wants_login || listener_->logins() > 0 ||
                           (linked && now.monotonic_ns > link_up_ns + patience_ns);
    if (linked && logged_in) return;
    rest(now);
  }
}

void VenueProcess::run_paced(const std::atomic<bool>& stop,
                             const std::function<void(const Progress&)>& watcher) {
  began_monotonic_ns_ = monotonic_ns();
  std::uint64_t told_ns = began_monotonic_ns_;
  while (!stop) {
    const Moment now = moment();
    const bool idle = turn(now);
    if (now.exchange_ns >= end_ns_ && idle) return;
    if (idle) rest(now);
    if (now.monotonic_ns - told_ns < kNsPerSecond) continue;
    told_ns = now.monotonic_ns;
    watcher({static_cast<double>(now.monotonic_ns - began_monotonic_ns_) / 1e9,
             day_.exchange().feed().message_count(), listener_ ? listener_->logins() : 0});
  }
}

void VenueProcess::run_unpaced(const std::atomic<bool>& stop) {
  for (std::uint64_t ns = start_ns_; !stop; ns += kUnpacedTurn_ns) {
    const std::uint64_t until_ns = std::min(ns, end_ns_);
    (void)day_.advance(until_ns, std::numeric_limits<std::uint32_t>::max());
    flush();
    output_.heartbeat_if_silent(until_ns);
    if (until_ns == end_ns_) return;
  }
}

// True when there is nothing left to do at that moment.
bool VenueProcess::turn(const Moment& now) {
  const std::uint64_t until_ns = std::min(now.exchange_ns, end_ns_);
  const bool caught_up = day_.advance(until_ns, kStepsPerTurn);
  bool moved = false;
  if (listener_) moved = listener_->poll(day_, now);
  if (wire_) wire_->drain();
  flush();
  output_.heartbeat_if_silent(until_ns);
  return caught_up && !moved;
}

// Until something is due or a client speaks.
void VenueProcess::rest(const Moment& now) {
  const std::uint64_t due_ns =
      day_.next_ns() > now.exchange_ns ? day_.next_ns() - now.exchange_ns : 0;
  const std::uint64_t rest_ns = began_monotonic_ns_ == 0 ? kRest_ns : std::min(due_ns, kRest_ns);
  const timespec time{0, static_cast<long>(rest_ns)};
  if (listener_) {
    (void)::ppoll(listener_->waits().data(), listener_->waits().size(), &time, nullptr);
  } else {
    (void)::nanosleep(&time, nullptr);
  }
}

void VenueProcess::flush() {
  MarketFeed& feed = day_.exchange().feed();
  output_.publish(feed.published().bytes(), feed.now_ns());
  feed.clear();
}

void VenueProcess::finish() {
  const std::uint64_t end_ns = paced() ? std::min(moment().exchange_ns, end_ns_) : end_ns_;
  day_.close(end_ns);
  flush();
  if (listener_) listener_->end_session(day_, {monotonic_ns(), end_ns});
  for (int i = 0; i < kEndPackets; ++i) {
    output_.end_of_session(day_.exchange().now_ns() +
                           static_cast<std::uint64_t>(i) * kBetweenEndPackets_ns);
    if (paced()) see_off(kBetweenEndPackets_ns, false);
  }
  if (paced()) see_off(kFarewell_ns, true);
  output_.close_recordings();
  if (!options_.summary.empty()) write_whole(options_.summary, summary());
}

// Listens to the clients for so long, or until the last has gone.
void VenueProcess::see_off(std::uint64_t patience_ns, bool until_all_gone) {
  const std::uint64_t until_ns = monotonic_ns() + patience_ns;
  while (monotonic_ns() < until_ns) {
    const bool anybody = listener_ && listener_->hear_out(monotonic_ns());
    if (!anybody && until_all_gone) return;
    const timespec pause{0, static_cast<long>(kFarewellStep_ns)};
    (void)::nanosleep(&pause, nullptr);
  }
}

std::string VenueProcess::summary() const {
  Traffic traffic;
  traffic.seed = options_.seed;
  traffic.session = options_.session;
  traffic.frames = output_.frames();
  traffic.frames_lost = output_.frames_lost();
  traffic.logins = listener_ ? listener_->logins() : 0;
  const std::uint64_t now_ns = std::max(day_.exchange().now_ns(), start_ns_);
  traffic.seconds = static_cast<double>(now_ns - start_ns_) / 1e9;
  return summary_json(day_.exchange(), traffic);
}

// Who starts us learns here where to connect.
void VenueProcess::tell_ready() const {
  const Meeting meeting{order_port(), options_.order_address, options_.session, options_.group};
  write_whole(options_.run_folder + "/ready.json", ready_json(day_.exchange(), meeting));
}

Moment VenueProcess::moment() const noexcept {
  const std::uint64_t now_ns = monotonic_ns();
  return {now_ns, start_ns_ + (began_monotonic_ns_ == 0 ? 0 : now_ns - began_monotonic_ns_)};
}

}  // namespace ridley::venue
