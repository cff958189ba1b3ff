// SPDX-License-Identifier: Apache-2.0
// What an operator can ask of the appliance: each request becomes a command of the hot core.
#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "control/appliance.hpp"
#include "control/appliance_settings.hpp"

namespace ridley::control {
namespace {

// The hot core answers within a turn, microseconds; a core that does not is in trouble.
constexpr std::uint64_t kAnswerTimeoutNs = 1'000'000'000;

std::string_view why_not_armed() {
  return "not armed: the order connection is not ready, or a kill has not been taken back";
}

}  // namespace

Operations Appliance::operations() {
  Operations operations;
  const auto without_scope = [this](event::CommandKind kind) { return scoped(kind, {}); };
  operations.status = [this] {
    publish_slow_numbers();
    if (card_)
      facts_.card = {.bitstream = card_->digest(),
                     .trial = card_trial_->view(),
                     .difference = card_->difference()};
    return status_json(reader_, facts_);
  };
  operations.arm = [this, without_scope] {
    demand(without_scope(event::CommandKind::Arm), std::string{why_not_armed()});
  };
  operations.disarm = [this, without_scope] {
    demand(without_scope(event::CommandKind::Disarm), "not disarmed");
  };
  operations.kill = [this](const Scope& scope) {
    demand(scoped(event::CommandKind::Kill, scope), "the kill was refused");
  };
  operations.rearm = [this](const Scope& scope) {
    demand(scoped(event::CommandKind::Rearm, scope), "the kill stays");
  };
  operations.cancel_all = [this](const Scope& scope) {
    demand(scoped(event::CommandKind::CancelAll, scope), "too many cancels are pending already");
  };
  operations.limits = [this](const Scope& scope) {
    return limits_json(config_.risk, scope.symbol);
  };
  operations.set_limits = [this](const Scope& scope, const std::vector<LimitChange>& changes) {
    set_limits(scope, changes);
  };
  operations.reload_strategy = [this](const std::string& object) { reload_strategy(object); };
  if (!config_.recovery.glimpse.empty()) operations.renew_books = [this] { renew_books(); };
  if (card_) operations.reopen_card = [this] { reopen_card(); };
  operations.card_step = [this](const std::string& step, const std::string& digest) {
    return card_step(step, digest);
  };
  operations.stop = [this] { stop_requested_ = true; };
  operations.audit = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  return operations;
}

void Appliance::renew_books() {
  if (reader_.number("feed.packets").value_or(0) == 0)
    throw base::Error::with_exit(EX_TEMPFAIL, "no feed was heard yet that a snapshot could join");
  recovery_->renew_books();
}

void Appliance::reopen_card() {
  if (card_trial_->busy() || card_trial_->is_open())
    throw base::Error::with_exit(EX_TEMPFAIL, "a bitstream is being tried on the card");
  card_->reopen();
}

std::string Appliance::card_step(const std::string& step, const std::string& digest) {
  if (!card_trial_)
    throw base::Error::with_exit(EX_UNAVAILABLE,
                                 "the appliance has no card: card.bitstream is empty");
  if (!step.empty()) card_trial_->begin(control::card_step(step), digest);
  return view_json(card_trial_->ask());
}

event::Command Appliance::answer_to(event::Command command) {
  event::Command answer{};
  while (street_->answers().pop(answer)) {
    // Answers that came too late for whoever waited for them.
  }
  command.sequence = ++command_sequence_;
  if (!street_->commands().push(command))
    throw base::Error::with_exit(EX_TEMPFAIL, "the hot core takes no commands");
  const std::uint64_t give_up_ns = now_ns() + kAnswerTimeoutNs;
  // A hot core that has answered and ended is looked at once more.
  for (bool last_look = false; !last_look;) {
    last_look = now_ns() >= give_up_ns || finished_;
    while (street_->answers().pop(answer))
      if (answer.sequence == command.sequence) return answer;
    std::this_thread::yield();
  }
  throw base::Error::with_exit(EX_TEMPFAIL, "no answer of the hot core within 1 s");
}

void Appliance::demand(const event::Command& command, const std::string& why_not) {
  if (!obeyed(command)) throw base::Error::with_exit(EX_TEMPFAIL, why_not);
}

event::Command Appliance::scoped(event::CommandKind kind, const Scope& scope) const {
  event::Command command{};
  command.kind = kind;
  switch (scope.reach) {
    case Reach::Firm: command.scope = static_cast<std::uint8_t>(risk::Scope::Firm); break;
    case Reach::Symbol:
      command.scope = static_cast<std::uint8_t>(risk::Scope::Symbol);
      command.locate = locate_of(scope.symbol);
      break;
    case Reach::Strategy:
      command.scope = static_cast<std::uint8_t>(risk::Scope::Strategy);
      command.value = scope.strategy;
      break;
  }
  return command;
}

std::uint16_t Appliance::locate_of(const std::string& symbol) const {
  const auto locate = reader_.number("locate." + symbol);
  if (!locate)
    throw base::Error::with_exit(EX_DATAERR, symbol, " is not a symbol of this appliance");
  if (*locate == 0)
    throw base::Error::with_exit(EX_TEMPFAIL, symbol, " was not named by the feed yet");
  return static_cast<std::uint16_t>(*locate);
}

std::string Appliance::symbol_of(std::uint16_t locate) const {
  return control::symbol_of(reader_, config_.strategy.symbols, locate);
}

void Appliance::set_limits(const Scope& scope, const std::vector<LimitChange>& changes) {
  const bool symbol = scope.reach == Reach::Symbol;
  const std::uint16_t locate = symbol ? locate_of(scope.symbol) : std::uint16_t{0};
  // Every key is looked at before the first command leaves: all of them or none.
  const auto commands = limit_commands(changes, scope, locate, config_.risk.limits_version + 1);
  for (const event::Command& command : commands) demand(command, "the gate refused the limit");
  note_limits(config_, scope, changes);
}

void Appliance::reload_strategy(const std::string& object) {
  const std::string& wanted = object.empty() ? config_.strategy.object : object;
  // A member: should the answer be late, the hot core still finds what the command points to.
  reload_ = std::make_unique<strategy::PreparedReload>(
      strategy::Plugin::load(find_strategy(wanted)), instance_options(config_), instance_->loaded(),
      true);
  event::Command command = scoped(event::CommandKind::ReloadStrategy, {});
  command.pointer = reinterpret_cast<std::uint64_t>(&reload_->reload());
  demand(command, "the new strategy cannot take over the state of the running one, which stays");
  instance_ = reload_->take_instance();
  config_.strategy.object = wanted;
}

}  // namespace ridley::control
