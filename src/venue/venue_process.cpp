// SPDX-License-Identifier: Apache-2.0
#include "venue/venue_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <time.h>

#include <algorithm>
#include <bit>
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
  const bool live = !options.feed_ports.empty() || options.order_port || options.glimpse_port ||
                    options.rerequest_port || options.drop_copy_port;
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

std::vector<AccountSettings> drop_copies_of(const Options& options) {
  std::vector<AccountSettings> readers;
  for (const std::string& reader : options.drop_copies) readers.push_back(parse_account(reader));
  return readers;
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
  choose_flow(options, settings);
  return settings;
}

nic::UdpRoute route_to(const std::string& group_text, const Options& options) {
  const nic::SocketAddress group = *nic::parse_socket_address(group_text);
  const nic::SocketAddress source = *nic::parse_socket_address(options.source);
  nic::UdpRoute route;
  route.source_mac = {0x02, 0x52, 0x44, 0x4C, 0x59, 0x01};  // locally administered
  route.destination_mac = nic::multicast_mac(group.ip);
  route.source_ip = source.ip;
  route.source_port = source.port;
  route.destination_ip = group.ip;
  route.destination_port = group.port;
  return route;
}

FeedOutputSettings output_settings(const Options& options) {
  FeedOutputSettings settings;
  settings.session = options.session;
  settings.seed = options.seed;
  settings.records = options.records;
  settings.route = route_to(options.group, options);
  for (const std::string& group : options.more_groups)
    settings.more_routes.push_back(route_to(group, options));
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
      streams_{options_.session, accounts_of(options_), drop_copies_of(options_), options_.seed},
      rerequests_{options_.session, options_.seed},
      history_{std::size_t{options_.history_mb} << 20},
      output_{output_settings(options_),
              [this](std::size_t line, std::span<const std::byte> frame) {
                return send(line, frame);
              }} {
  if (!options_.feed_ports.empty()) wire_.emplace(options_.feed_ports);
  for (std::uint32_t i = 0; options_.order_port && i < options_.order_ports; ++i) {
    const std::uint16_t first = *options_.order_port;
    const auto port = static_cast<std::uint16_t>(first == 0 ? 0 : first + i);
    listeners_.push_back(std::make_unique<OrderListener>(
        ListenerSettings{
            .address = options_.order_address, .port = port, .index = i, .seed = options_.seed},
        streams_));
  }
  open_ports();
  Cast cast{.day = day_, .output = output_, .streams = streams_};
  if (options_.rerequest_port) cast.rerequests = &rerequests_;
  cast.snapshots = &snapshots_;
  cast.drop_copies = &drop_copies_;
  for (const auto& listener : listeners_) cast.gateways.push_back(&listener->gateway());
  stage_.emplace(options_.scenario, start_ns_, std::move(cast));
}

// Those that have nothing to remember.
void VenueProcess::open_ports() {
  const std::string& address = options_.order_address;
  if (options_.drop_copy_port)
    drop_copy_.emplace(address, *options_.drop_copy_port, streams_, drop_copies_);
  if (options_.glimpse_port) {
    glimpse_.emplace(address, *options_.glimpse_port, options_.session, accounts_of(options_),
                     snapshots_);
  }
  if (options_.rerequest_port) {
    rerequest_.emplace(address, *options_.rerequest_port, rerequests_);
  }
}

bool VenueProcess::send(std::size_t line, std::span<const std::byte> frame) {
  return !wire_ || wire_->send(line, frame);
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
  const bool wants_login = !listeners_.empty() && options_.wait_for_login_s > 0;
  const auto patience_ns = static_cast<std::uint64_t>(options_.wait_for_login_s * 1e9);
  std::uint64_t link_up_ns = 0;
  while (!stop) {
    Moment now{monotonic_ns(), start_ns_};
    (void)poll_ports(now);
    if (wire_) wire_->drain();
    const bool linked = !wire_ || !options_.wait_for_link || wire_->up();
    if (linked && link_up_ns == 0) link_up_ns = now.monotonic_ns;
    const bool logged_in =
        !wants_login || logins() > 0 || (linked && now.monotonic_ns > link_up_ns + patience_ns);
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
             day_.exchange().feed().message_count(), logins()});
  }
}

void VenueProcess::run_unpaced(const std::atomic<bool>& stop) {
  for (std::uint64_t ns = start_ns_; !stop; ns += kUnpacedTurn_ns) {
    const std::uint64_t until_ns = std::min(ns, end_ns_);
    const Moment until{until_ns, until_ns};
    (void)stage_->advance(until, std::numeric_limits<std::uint32_t>::max());
    flush(until_ns);
    if (until_ns == end_ns_) return;
  }
}

// True when there is nothing left to do at that moment.
bool VenueProcess::turn(const Moment& now) {
  const std::uint64_t until_ns = std::min(now.exchange_ns, end_ns_);
  const bool caught_up = stage_->advance({now.monotonic_ns, until_ns}, kStepsPerTurn);
  follow_crashes();
  const bool moved = !stage_->down() && poll_ports(now);
  if (wire_) wire_->drain();
  flush(until_ns);
  return caught_up && !moved;
}

// Connections break off, and there is nobody to connect to until the exchange is back.
void VenueProcess::follow_crashes() {
  if (crashes_ != stage_->crashes()) {
    crashes_ = stage_->crashes();
    if (!crashed_) {
      for (const auto& listener : listeners_) listener->crash();
    }
    // Where to find it stays the same.
    if (glimpse_) options_.glimpse_port = glimpse_->port();
    if (rerequest_) options_.rerequest_port = rerequest_->port();
    if (drop_copy_) options_.drop_copy_port = drop_copy_->port();
    glimpse_.reset();
    rerequest_.reset();
    drop_copy_.reset();
    crashed_ = true;
  }
  if (!crashed_ || stage_->down()) return;
  crashed_ = false;
  for (const auto& listener : listeners_) listener->restart();
  open_ports();
}

// Until something is due or a client speaks.
void VenueProcess::rest(const Moment& now) {
  const std::uint64_t due_ns =
      stage_->next_ns() > now.exchange_ns ? stage_->next_ns() - now.exchange_ns : 0;
  const std::uint64_t rest_ns = began_monotonic_ns_ == 0 ? kRest_ns : std::min(due_ns, kRest_ns);
  const timespec time{0, static_cast<long>(rest_ns)};
  if (listeners_.size() == 1) {
    std::vector<pollfd>& waits = listeners_.front()->waits();
    (void)::ppoll(waits.data(), waits.size(), &time, nullptr);
  } else {
    (void)::nanosleep(&time, nullptr);
  }
}

void VenueProcess::flush(std::uint64_t ns) {
  if (options_.rerequest_port) history_.append(day_.exchange().feed().published().bytes());
  stage_->tell(ns);
}

void VenueProcess::finish() {
  const std::uint64_t end_ns = paced() ? std::min(moment().exchange_ns, end_ns_) : end_ns_;
  day_.close(end_ns);
  flush(end_ns);
  for (const auto& listener : listeners_) listener->end_session(day_, {monotonic_ns(), end_ns});
  if (drop_copy_) drop_copy_->end_session(monotonic_ns());
  for (int i = 0; i < kEndPackets; ++i) {
    output_.end_of_session(day_.exchange().now_ns() +
                           static_cast<std::uint64_t>(i) * kBetweenEndPackets_ns);
    if (paced()) see_off(kBetweenEndPackets_ns, false);
  }
  output_.deliver(FaultyLine::kNever);
  if (paced()) see_off(kFarewell_ns, true);
  output_.close_recordings();
  if (!options_.summary.empty()) write_whole(options_.summary, summary());
}

// Listens to the clients for so long, or until the last has gone.
void VenueProcess::see_off(std::uint64_t patience_ns, bool until_all_gone) {
  const std::uint64_t until_ns = monotonic_ns() + patience_ns;
  while (monotonic_ns() < until_ns) {
    const bool anybody = hear_out();
    if (!anybody && until_all_gone) return;
    const timespec pause{0, static_cast<long>(kFarewellStep_ns)};
    (void)::nanosleep(&pause, nullptr);
  }
}

bool VenueProcess::poll_ports(const Moment& now) {
  bool moved = false;
  for (const auto& listener : listeners_) moved |= listener->poll(day_, now);
  if (drop_copy_) moved |= drop_copy_->poll(now.monotonic_ns);
  // Behind the orders: a snapshot has them, and names the message behind theirs.
  if (glimpse_) moved |= glimpse_->poll(day_.exchange(), now.monotonic_ns);
  if (rerequest_) moved |= rerequest_->poll(history_, now.monotonic_ns);
  return moved;
}

// The end of the session is the last opportunity to ask again.
bool VenueProcess::hear_out() {
  const std::uint64_t now_ns = monotonic_ns();
  bool anybody = false;
  for (const auto& listener : listeners_) anybody |= listener->hear_out(now_ns);
  if (drop_copy_) anybody |= drop_copy_->hear_out(now_ns);
  // Who has begun to read a snapshot gets all of it.
  if (glimpse_) anybody |= glimpse_->poll(day_.exchange(), now_ns) || glimpse_->serves_somebody();
  if (rerequest_) (void)rerequest_->poll(history_, now_ns);
  return anybody;
}

std::uint64_t VenueProcess::logins() const noexcept {
  std::uint64_t all = 0;
  for (const auto& listener : listeners_) all += listener->logins();
  return all;
}

std::uint64_t VenueProcess::digest() const noexcept {
  return day_.exchange().feed().digest() ^ std::rotl(streams_.digest(), 1);
}

std::string VenueProcess::summary() const {
  Traffic traffic;
  traffic.seed = options_.seed;
  traffic.session = options_.session;
  traffic.frames = output_.frames();
  traffic.frames_lost = output_.frames_lost();
  traffic.logins = logins();
  traffic.published_digest = digest();
  traffic.snapshots = glimpse_ ? glimpse_->snapshots() : 0;
  traffic.rerequests = rerequests_.counts().requests;
  traffic.rerequests_answered = rerequests_.counts().answered;
  traffic.scenario = options_.scenario.name;
  traffic.crashes = stage_->crashes();
  traffic.recorded = day_.recorded();
  for (std::size_t i = 0; i < output_.line_count(); ++i) {
    if (const FaultyLine* const line = output_.faulty_line(i))
      traffic.lines.push_back({line->counts(), line->digest()});
  }
  const std::uint64_t now_ns = std::max(day_.exchange().now_ns(), start_ns_);
  traffic.seconds = static_cast<double>(now_ns - start_ns_) / 1e9;
  return summary_json(day_.exchange(), traffic);
}

// Who starts us learns here where to connect.
void VenueProcess::tell_ready() const {
  Meeting meeting{.order_port = order_port(),
                  .order_address = options_.order_address,
                  .session = options_.session,
                  .groups = {options_.group}};
  for (const std::string& group : options_.more_groups) meeting.groups.push_back(group);
  for (const auto& listener : listeners_) meeting.order_ports.push_back(listener->port());
  if (glimpse_) meeting.glimpse_port = glimpse_->port();
  if (rerequest_) meeting.rerequest_port = rerequest_->port();
  if (drop_copy_) meeting.drop_copy_port = drop_copy_->port();
  write_whole(options_.run_folder + "/ready.json", ready_json(day_.exchange(), meeting));
}

Moment VenueProcess::moment() const noexcept {
  const std::uint64_t now_ns = monotonic_ns();
  return {now_ns, start_ns_ + (began_monotonic_ns_ == 0 ? 0 : now_ns - began_monotonic_ns_)};
}

}  // namespace ridley::venue
