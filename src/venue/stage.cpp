// SPDX-License-Identifier: Apache-2.0
#include "venue/stage.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace ridley::venue {
namespace {

constexpr std::string_view kLines[] = {"A", "B", "C"};
constexpr std::uint64_t kWholeDay_ns = 86'400 * kSecond_ns;

bool is_of_line(Trouble trouble) noexcept { return trouble <= Trouble::DuplicateSession; }
bool is_of_stream(Trouble trouble) noexcept {
  return trouble == Trouble::SlowReads || trouble == Trouble::SlowStream ||
         trouble == Trouble::Pieces;
}
bool is_of_account(Trouble trouble) noexcept {
  return trouble >= Trouble::SlowReads && trouble <= Trouble::UnsolicitedCancels;
}

bool concerns(const ScenarioEvent& event, std::string_view target) noexcept {
  return event.target.empty() || event.target == target;
}

void add(const ScenarioEvent& event, PacketFaults& faults) noexcept {
  switch (event.trouble) {
    case Trouble::Dead: faults.dead = true; break;
    case Trouble::Loss: faults.loss = event.share; break;
    case Trouble::BurstLoss:
      faults.burst_loss = event.share;
      faults.burst_packets = event.packets;
      break;
    case Trouble::Reorder:
      faults.reorder = event.share;
      faults.reorder_packets = event.packets;
      break;
    case Trouble::Duplicate: faults.duplicate = event.share; break;
    case Trouble::Corrupt: faults.corrupt = event.share; break;
    case Trouble::Truncate: faults.truncate = event.share; break;
    case Trouble::Delay:
      faults.delay_ns = event.delay_ns;
      faults.jitter_ns = event.jitter_ns;
      break;
    case Trouble::WrongSession: faults.wrong_session = event.share; break;
    case Trouble::SequenceReset: faults.sequence_reset = true; break;
    case Trouble::DuplicateSession:
      faults.duplicate_session = event.share;
      faults.late_packets = event.packets;
      break;
    default: break;
  }
}

void add(const ScenarioEvent& event, StreamFaults& faults, Direction direction) noexcept {
  if (event.trouble == Trouble::Pieces) faults.pieces = true;
  if (event.trouble == Trouble::SlowReads && direction == Direction::Up)
    faults.bytes_a_second = event.bytes_a_second;
  const bool goes_there = event.direction == Direction::Both || event.direction == direction;
  if (event.trouble != Trouble::SlowStream || !goes_there) return;
  faults.delay_ns = event.delay_ns;
  faults.jitter_ns = event.jitter_ns;
}

template <typename... Parts>
[[noreturn]] void refuse(const Scenario& scenario, const Parts&... parts) {
  throw base::Error::with_exit(EX_USAGE, "scenario ", scenario.name, ": ", parts...);
}

}  // namespace

Stage::Stage(Scenario scenario, std::uint64_t start_ns, Cast cast)
    : scenario_{std::move(scenario)},
      cast_{std::move(cast)},
      active_(scenario_.events.size(), false) {
  for (std::size_t i = 0; i < scenario_.events.size(); ++i) plan(i, start_ns);
  std::ranges::stable_sort(actions_, {}, &Action::ns);
}

void Stage::plan(std::size_t index, std::uint64_t start_ns) {
  const ScenarioEvent& event = scenario_.events[index];
  const std::string& target = event.target;
  const bool of_feed = is_of_line(event.trouble) && target != kRequests && target != kAnswers;
  if (of_feed && !target.empty()) {
    const auto line = static_cast<std::size_t>(std::ranges::find(kLines, target) - kLines);
    if (line >= cast_.output.line_count()) refuse(scenario_, "there is no line ", target);
  }
  if (is_of_account(event.trouble) && !target.empty()) {
    const auto& accounts = named_at(event.port);
    const bool known = std::ranges::any_of(
        accounts, [&](const AccountStream& each) { return each.settings.username == target; });
    if (!known) refuse(scenario_, "there is no account ", target);
  }
  const Instruments& instruments = cast_.day.exchange().instruments();
  const bool of_symbol = event.trouble == Trouble::Halt || event.trouble == Trouble::Shock;
  if (of_symbol && !target.empty() && instruments.locate(target) == 0)
    refuse(scenario_, "there is no instrument ", target);

  actions_.push_back({start_ns + event.at_ns, index, true});
  if (event.for_ns > 0) actions_.push_back({start_ns + event.at_ns + event.for_ns, index, false});
  if (event.trouble != Trouble::Halt) return;
  for (std::uint32_t locate = 1; locate <= instruments.count(); ++locate) {
    const std::string_view symbol = instruments.symbol(static_cast<std::uint16_t>(locate));
    const std::string name{symbol.substr(0, symbol.find_last_not_of(' ') + 1)};
    if (!concerns(event, name)) continue;
    cast_.day.schedule({.symbol = name,
                        .after_ns = event.at_ns,
                        .for_ns = event.for_ns > 0 ? event.for_ns : kWholeDay_ns});
  }
}

bool Stage::advance(const Moment& until, std::uint32_t steps_max) {
  while (done_ < actions_.size() && actions_[done_].ns <= until.exchange_ns) {
    const std::uint64_t ns = actions_[done_].ns;
    if (!down_ && !cast_.day.advance(ns, steps_max)) return false;
    act({until.monotonic_ns, ns});
  }
  return down_ || cast_.day.advance(until.exchange_ns, steps_max);
}

std::uint64_t Stage::next_ns() const noexcept {
  const std::uint64_t market_ns = down_ ? kNever : cast_.day.next_ns();
  return done_ < actions_.size() ? std::min(actions_[done_].ns, market_ns) : market_ns;
}

void Stage::tell(std::uint64_t ns) {
  MarketFeed& feed = cast_.day.exchange().feed();
  cast_.output.publish(feed.published().bytes(), feed.now_ns());
  feed.clear();
  cast_.streams.collect(cast_.day.exchange().accounts(), ns);
  if (!down_) cast_.output.heartbeat_if_silent(ns);
  cast_.output.deliver(ns);
}

void Stage::act(const Moment& now) {
  const Action& action = actions_[done_++];
  const ScenarioEvent& event = scenario_.events[action.event];
  active_[action.event] = action.begins;
  if (is_of_line(event.trouble)) {
    impair_lines();
  } else if (is_of_stream(event.trouble)) {
    impair_connections(now);
  } else if (action.begins) {
    begin(event, now);
  } else {
    end(event, now);
  }
}

void Stage::begin(const ScenarioEvent& event, const Moment& now) {
  switch (event.trouble) {
    case Trouble::HalfOpen:
      return for_each_session(event, [](ClientSession& session) { session.go_silent(); });
    case Trouble::Disconnect:
      for_each_session(event, [](ClientSession& session) { session.cut(); });
      return impair_connections(now);
    case Trouble::DuplicateLogin:
      return for_each_session(event, [](ClientSession& session) { session.kill(); });
    case Trouble::RejectStorm:
      return for_each_account(event, [&](std::uint32_t account) {
        cast_.day.exchange().accounts()[account].storm = {event.share,
                                                          static_cast<RejectReason>(event.reason)};
      });
    case Trouble::LateAcknowledgements:
      return for_each_account(event, [&](std::uint32_t account) {
        cast_.streams.delay(account, {event.share, event.delay_ns});
      });
    case Trouble::UnsolicitedCancels:
      return for_each_account(event, [&](std::uint32_t account) {
        cast_.day.cancel_all(account, now.exchange_ns, event.orders);
      });
    case Trouble::Shock: return shock(event, now);
    case Trouble::Rate: return cast_.day.set_rate(event.factor);
    case Trouble::Crash:
      ++crashes_;
      down_ = true;
      return;
    default: return;  // halts are the market's
  }
}

void Stage::end(const ScenarioEvent& event, const Moment& now) {
  switch (event.trouble) {
    case Trouble::RejectStorm:
      return for_each_account(event, [&](std::uint32_t account) {
        cast_.day.exchange().accounts()[account].storm = {};
      });
    case Trouble::LateAcknowledgements:
      return for_each_account(event,
                              [&](std::uint32_t account) { cast_.streams.delay(account, {}); });
    case Trouble::Disconnect: return impair_connections(now);
    case Trouble::Shock: return withdraw(event, now);
    case Trouble::Rate: return cast_.day.set_rate(1);
    case Trouble::Crash: return restart(now);
    default: return;
  }
}

void Stage::shock(const ScenarioEvent& event, const Moment& now) {
  const Instruments& instruments = cast_.day.exchange().instruments();
  for (std::uint32_t i = 1; i <= instruments.count(); ++i) {
    const auto locate = static_cast<std::uint16_t>(i);
    if (!event.target.empty() && instruments.locate(event.target) != locate) continue;
    const std::uint64_t rests = cast_.day.shock(locate,
                                                {.percent = event.percent,
                                                 .believed_percent = event.believed_percent,
                                                 .stays = event.for_ns > 0},
                                                now.exchange_ns);
    if (rests != 0) resting_.emplace_back(&event, rests);
  }
}

void Stage::withdraw(const ScenarioEvent& event, const Moment& now) {
  for (const auto& [of, reference] : resting_) {
    if (of == &event) cast_.day.withdraw(reference, now.exchange_ns);
  }
  std::erase_if(resting_, [&](const auto& order) { return order.first == &event; });
}

// It knows everything that it had said, and nobody's orders live any more.
void Stage::restart(const Moment& now) {
  down_ = false;
  cast_.day.resume(now.exchange_ns);
  for (std::uint32_t i = 0; i < cast_.streams.accounts().size(); ++i)
    cast_.day.cancel_all(i, now.exchange_ns);
}

void Stage::impair_lines() {
  for (std::size_t i = 0; i < cast_.output.line_count(); ++i)
    cast_.output.impair(i, faults_of_line(kLines[i]));
  if (cast_.rerequests != nullptr)
    cast_.rerequests->impair(faults_of_line(kRequests), faults_of_line(kAnswers));
}

PacketFaults Stage::faults_of_line(std::string_view line) const {
  PacketFaults faults;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    const ScenarioEvent& event = scenario_.events[i];
    const bool named = event.target == line;
    // Without a name it is all lines of the feed, and a repair still works.
    const bool any = event.target.empty() && line != kRequests && line != kAnswers;
    if (active_[i] && is_of_line(event.trouble) && (named || any)) add(event, faults);
  }
  return faults;
}

const std::vector<AccountStream>& Stage::named_at(ScenarioPort port) const {
  return port == ScenarioPort::DropCopies ? cast_.streams.drop_copies() : cast_.streams.accounts();
}

// Null: nobody of that name can connect there.
Connections* Stage::connections_at(ScenarioPort port, std::uint32_t account) const {
  if (port == ScenarioPort::Snapshots) return cast_.snapshots;
  if (port == ScenarioPort::DropCopies) return cast_.drop_copies;
  const std::uint32_t index = cast_.streams.accounts()[account].settings.port;
  return index < cast_.gateways.size() ? &cast_.gateways[index]->connections() : nullptr;
}

void Stage::impair_connections(const Moment& now) {
  for (const ScenarioPort port : kScenarioPorts) {
    const auto& names = named_at(port);
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      if (Connections* const there = connections_at(port, i))
        there->impair(i, faults_of(port, names[i].settings.username), now.monotonic_ns);
    }
  }
}

ConnectionFaults Stage::faults_of(ScenarioPort port, const std::string& username) const {
  ConnectionFaults faults;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    const ScenarioEvent& event = scenario_.events[i];
    if (!active_[i] || event.port != port || !concerns(event, username)) continue;
    // That of a moment concerns who is connected then.
    if (event.trouble == Trouble::Disconnect && event.for_ns > 0) faults.cut = true;
    if (!is_of_stream(event.trouble)) continue;
    add(event, faults.up, Direction::Up);
    add(event, faults.down, Direction::Down);
  }
  return faults;
}

template <typename Deed>
void Stage::for_each_account(const ScenarioEvent& event, Deed&& deed) {
  const auto& accounts = cast_.streams.accounts();
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    if (concerns(event, accounts[i].settings.username)) deed(i);
  }
}

template <typename Deed>
void Stage::for_each_session(const ScenarioEvent& event, Deed&& deed) {
  const auto& names = named_at(event.port);
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    if (!concerns(event, names[i].settings.username)) continue;
    if (Connections* const there = connections_at(event.port, i)) there->for_each(i, deed);
  }
}

}  // namespace ridley::venue
