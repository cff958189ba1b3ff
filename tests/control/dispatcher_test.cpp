// SPDX-License-Identifier: Apache-2.0
#include "control/dispatcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "base/error.hpp"

namespace ridley::control {
namespace {

Answer ask_for(const Operations& operations, const Request& request) {
  return parse_answer(dispatch(operations, request_line(request), "a test"));
}

TEST(Dispatcher, CallsTheOperationOfEachVerb) {
  std::string called;
  Operations operations;
  operations.status = [&] {
    called += "status ";
    return std::string{"{}"};
  };
  operations.arm = [&] { called += "arm "; };
  operations.disarm = [&] { called += "disarm "; };
  operations.kill = [&](const Scope& scope) {
    called.append("kill:").append(scope.symbol).append(" ");
  };
  operations.rearm = [&](const Scope& scope) {
    called.append("rearm:").append(scope.symbol).append(" ");
  };
  operations.cancel_all = [&](const Scope&) { called += "cancel_all "; };
  operations.limits = [&](const Scope&) {
    called += "limits ";
    return std::string{"{}"};
  };
  operations.set_limits = [&](const Scope&, const std::vector<LimitChange>& changes) {
    called.append("set:").append(changes.at(0).key).append(" ");
  };
  operations.reload_strategy = [&](const std::string& object) {
    called.append("reload:").append(object).append(" ");
  };
  operations.renew_books = [&] { called += "renew "; };
  operations.reopen_card = [&] { called += "reopen "; };
  operations.card_step = [&](const std::string& step, const std::string& digest) {
    called.append("step:").append(step).append(":").append(digest).append(" ");
    return std::string{"{}"};
  };
  operations.stop = [&] { called += "stop"; };

  for (std::size_t i = 0; i < kVerbNames.size(); ++i) {
    Request request;
    request.verb = static_cast<Verb>(i);
    if (request.verb == Verb::Kill) request.scope = {Reach::Symbol, "AAPL", 0};
    if (request.verb == Verb::SetLimits) request.changes = {{"lot", 1}};
    request.object = "o";
    if (request.verb == Verb::CardStep) request.step = "load";
    EXPECT_TRUE(ask_for(operations, request).ok) << kVerbNames[i];
  }
  EXPECT_EQ(called,
            "status arm disarm kill:AAPL rearm: cancel_all limits set:lot reload:o renew "
            "reopen step:load:o stop");
}

TEST(Dispatcher, AnswersWhatAnOperationThrows) {
  Operations operations;
  operations.arm = [] { throw base::Error::with_exit(EX_TEMPFAIL, "the feed is stale"); };
  operations.disarm = [] { throw std::runtime_error{"broken"}; };
  operations.status = [] { return std::string{"this is no JSON"}; };

  const Answer arm = ask_for(operations, {Verb::Arm, {}, {}, {}});
  EXPECT_FALSE(arm.ok);
  EXPECT_EQ(arm.exit_code, EX_TEMPFAIL);
  EXPECT_EQ(arm.error, "the feed is stale");
  const Answer disarm = ask_for(operations, {Verb::Disarm, {}, {}, {}});
  EXPECT_EQ(disarm.exit_code, EX_SOFTWARE);
  EXPECT_EQ(disarm.error, "broken");
  EXPECT_EQ(ask_for(operations, {Verb::Status, {}, {}, {}}).exit_code, EX_SOFTWARE);
}

TEST(Dispatcher, AnswersForOperationsThatAreNotThere) {
  const Answer answer = ask_for({}, {Verb::Kill, {}, {}, {}});
  EXPECT_EQ(answer.exit_code, EX_UNAVAILABLE);
  EXPECT_EQ(answer.error, "this appliance cannot kill");
}

TEST(Dispatcher, TellsTheLogWhoWantedWhatOnOneLine) {
  std::string log;
  Operations operations;
  operations.audit = [&](const std::string& line) { log += line + "\n"; };
  operations.arm = [] {};
  operations.status = [] { return "{}"; };
  (void)dispatch(operations, R"({"verb":"status"})", "uid 7 pid 8");  // only looked
  (void)dispatch(operations, R"({"verb":"arm"})", "uid 7 pid 8");
  (void)dispatch(operations, "two\rlines", "uid 7 pid 8");
  EXPECT_TRUE(log.starts_with("uid 7 pid 8: {\"verb\":\"arm\"}: done\nuid 7 pid 8: two?lines: not"))
      << log;
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2);
}

}  // namespace
}  // namespace ridley::control
