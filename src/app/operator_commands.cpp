// SPDX-License-Identifier: Apache-2.0
#include "app/operator_commands.hpp"

#include <iterator>

namespace ridley::app {
namespace {

using control::OperatorOptions;
using control::Verb;

constexpr std::uint64_t kTimeoutMsMax = 600'000;
constexpr std::uint64_t kStrategyMax = 63;

std::vector<Option> with_connection(OperatorOptions& options, std::vector<Option> own) {
  std::vector<Option> connection{
      {"--socket", &options.socket, "Control socket of the appliance (else $RIDLEY_SOCKET)"},
      {"--config", &options.config, "Configuration of the appliance, which names its socket"},
      {"--timeout-ms",
       &options.timeout_ms,
       "How long to wait for the answer",
       false,
       {},
       1,
       kTimeoutMsMax},
      {"--json", &options.json, "Print the answer as JSON"}};
  own.insert(own.end(), std::make_move_iterator(connection.begin()),
             std::make_move_iterator(connection.end()));
  return own;
}

std::vector<Option> scope(OperatorOptions& options) {
  return {{"--symbol", &options.symbol, "Only this instrument"},
          {"--strategy",
           &options.strategy,
           "Only the strategy with this number",
           false,
           {},
           0,
           kStrategyMax}};
}

Command command(OperatorOptions& options, Verb verb, std::string name, std::string summary,
                std::string example, std::vector<Option> own = {}) {
  return {std::move(name),
          std::move(summary),
          std::move(example),
          with_connection(options, std::move(own)),
          [&options, verb] { return control::operator_command(verb, options); },
          {}};
}

}  // namespace

std::vector<Command> operator_commands(OperatorOptions& options) {
  return {
      command(options, Verb::Status, "status", "What the appliance is doing.",
              "ridley status --json"),
      command(options, Verb::Arm, "arm", "Let the strategy send orders.", "ridley arm"),
      command(options, Verb::Disarm, "disarm", "Let the strategy send no new orders.",
              "ridley disarm"),
      command(options, Verb::Kill, "kill",
              "Stop all new orders of a scope and cancel the open ones, until re-armed.",
              "ridley kill --symbol AAPL", scope(options)),
      command(options, Verb::Rearm, "rearm", "Take a kill back.", "ridley rearm --symbol AAPL",
              scope(options)),
      command(options, Verb::CancelAll, "cancel-all", "Cancel the open orders of a scope.",
              "ridley cancel-all", scope(options)),
      command(options, Verb::Limits, "limits",
              "Show the risk limits, or set those that are given as key=value.",
              "ridley limits --symbol AAPL max_order_quantity=100",
              {{"--symbol", &options.symbol, "The limits of this instrument, not the firm's"},
               {"changes", &options.changes, "Limits to set, as max_open_orders=20"}}),
      command(options, Verb::ReloadStrategy, "reload-strategy",
              "Swap the strategy for another object, or for a new build of the same one.",
              "ridley reload-strategy /opt/ridley/libmy_strategy.so",
              {{"object", &options.object, "Path or shipped name; absent: the same again"}}),
      command(options, Verb::RenewBooks, "renew-books",
              "Take books from a snapshot now; those in use are believed until then.",
              "ridley renew-books"),
      command(options, Verb::ReopenCard, "reopen-card",
              "Load and start the card again, as a shadow: after it hung or was taken out.",
              "ridley reopen-card"),
      command(options, Verb::Stop, "stop", "Cancel the open orders and end the appliance.",
              "ridley stop"),
  };
}

}  // namespace ridley::app
