// SPDX-License-Identifier: Apache-2.0
#include "control/dispatcher.hpp"

#include <exception>

#include "base/error.hpp"

namespace ridley::control {
namespace {

template <typename Operation, typename... Arguments>
auto call(const Operation& operation, Verb verb, const Arguments&... arguments) {
  if (!operation) {
    throw base::Error::with_exit(EX_UNAVAILABLE, "this appliance cannot ", name_of(verb));
  }
  return operation(arguments...);
}

// The result is JSON, empty where there is none.
std::string carry_out(const Operations& operations, const Request& request) {
  const Verb verb = request.verb;
  switch (verb) {
    case Verb::Status: return call(operations.status, verb);
    case Verb::Limits: return call(operations.limits, verb, request.scope);
    case Verb::Arm: call(operations.arm, verb); break;
    case Verb::Disarm: call(operations.disarm, verb); break;
    case Verb::Kill: call(operations.kill, verb, request.scope); break;
    case Verb::Rearm: call(operations.rearm, verb, request.scope); break;
    case Verb::CancelAll: call(operations.cancel_all, verb, request.scope); break;
    case Verb::SetLimits: call(operations.set_limits, verb, request.scope, request.changes); break;
    case Verb::ReloadStrategy: call(operations.reload_strategy, verb, request.object); break;
    case Verb::RenewBooks: call(operations.renew_books, verb); break;
    case Verb::ReopenCard: call(operations.reopen_card, verb); break;
    case Verb::CardStep: return call(operations.card_step, verb, request.step, request.object);
    case Verb::Stop: call(operations.stop, verb); break;
  }
  return {};
}

// Log lines are one line each, whatever a sender writes.
std::string one_line(std::string_view text) {
  constexpr std::size_t kLogLettersMax = 512;
  std::string line{text.substr(0, kLogLettersMax)};
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '?';
  }
  return line;
}

}  // namespace

std::string dispatch(const Operations& operations, std::string_view request_line,
                     std::string_view sender) {
  Answer answer;
  std::string line;
  bool only_looked = false;
  try {
    const Request request = parse_request(request_line);
    answer = {true, 0, {}, carry_out(operations, request)};
    only_looked = request.verb == Verb::Status || request.verb == Verb::Limits ||
                  (request.verb == Verb::CardStep && request.step.empty());
    line = answer_line(answer);
  } catch (const base::Error& error) {
    answer = {false, error.exit_code(), error.what(), {}};
    line = answer_line(answer);
  } catch (const std::exception& error) {
    answer = {false, EX_SOFTWARE, error.what(), {}};
    line = answer_line(answer);
  }
  if (operations.audit && !only_looked) {
    operations.audit(std::string{sender} + ": " + one_line(request_line) + ": " +
                     (answer.ok ? "done" : one_line(answer.error)));
  }
  return line;
}

}  // namespace ridley::control
