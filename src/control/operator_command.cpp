// SPDX-License-Identifier: Apache-2.0
#include "control/operator_command.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "control/config.hpp"
#include "control/control_client.hpp"

namespace ridley::control {

Request request_of(Verb verb, const OperatorOptions& options) {
  Request request;
  request.verb = verb;
  request.object = options.object;
  if (!options.symbol.empty() && options.strategy) {
    throw base::Error::with_exit(EX_USAGE, "--symbol and --strategy exclude each other");
  }
  if (!options.symbol.empty()) request.scope = {Reach::Symbol, options.symbol, 0};
  if (options.strategy) request.scope = {Reach::Strategy, {}, *options.strategy};
  for (const std::string& change : options.changes) {
    request.changes.push_back(limit_change(change));
    check_change(request.changes.back(), request.scope);
  }
  if (verb == Verb::Limits && !request.changes.empty()) request.verb = Verb::SetLimits;
  return request;
}

std::string socket_of(const OperatorOptions& options) {
  if (!options.socket.empty()) return options.socket;
  if (options.config.empty()) {
    const char* socket = std::getenv(kSocketVariable);
    return socket != nullptr ? socket : Config{}.socket_path();
  }
  std::ifstream stream{options.config};
  if (!stream) {
    throw base::Error::with_exit(EX_NOINPUT, options.config, ": cannot be read");
  }
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  // A configuration that has been spoilt since must not keep anybody from a running appliance.
  return check_config(text, options.config).config.socket_path();
}

int operator_command(Verb verb, const OperatorOptions& options) {
  const Request request = request_of(verb, options);
  const Answer answer =
      ask(socket_of(options), request, std::chrono::milliseconds{options.timeout_ms});
  if (!answer.ok) throw base::Error::with_exit(answer.exit_code, answer.error);
  const bool has_data = request.verb == Verb::Status || request.verb == Verb::Limits;
  if (options.json) {
    fmt::print("{}\n", answer.result);
  } else if (has_data) {
    fmt::print("{}", plain_text(answer.result));
  } else {
    fmt::print(stderr, "{}: done\n", name_of(request.verb));
  }
  return EX_OK;
}

}  // namespace ridley::control
