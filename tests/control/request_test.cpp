// SPDX-License-Identifier: Apache-2.0
#include "control/request.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ridley::control {
namespace {

std::string fault_of(std::string_view line) {
  try {
    (void)parse_request(line);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    return error.what();
  }
  return {};
}

TEST(Request, ComesBackAsItWasSent) {
  std::vector<Request> requests(6);
  requests[0].verb = Verb::Status;
  requests[1].verb = Verb::Kill;
  requests[1].scope = {Reach::Symbol, "AAPL", 0};
  requests[2].verb = Verb::Rearm;
  requests[2].scope = {Reach::Strategy, "", 7};
  requests[3].verb = Verb::SetLimits;
  requests[3].changes = {{"max_open_orders", 20}, {"message_rate", 5}};
  requests[4].verb = Verb::SetLimits;
  requests[4].scope = {Reach::Symbol, "AAPL", 0};
  requests[4].changes = {{"restricted", 1}};
  requests[5].verb = Verb::ReloadStrategy;
  requests[5].object = "/opt/\"odd\"\n.so";
  for (const Request& request : requests) {
    const std::string line = request_line(request);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(parse_request(line), request) << line;
  }
}

TEST(Request, ThatIsNoneIsRefusedWithAReason) {
  EXPECT_NE(fault_of("{").find("not a request"), std::string::npos);
  EXPECT_NE(fault_of("{}").find("not a request"), std::string::npos);
  EXPECT_EQ(fault_of("3"), "a request is a JSON object");
  EXPECT_NE(fault_of(R"({"verb": 3})").find("not a request"), std::string::npos);
  EXPECT_EQ(fault_of(R"({"verb":"kil"})"), "unknown verb 'kil' (did you mean 'kill'?)");
  EXPECT_EQ(fault_of(R"({"verb":"kill","scope":"desk"})"), "unknown scope 'desk'");
  EXPECT_NE(fault_of(R"({"verb":"kill","scope":"symbol"})").find("symbol"), std::string::npos);
  EXPECT_EQ(fault_of(R"({"verb":"kill","scope":"symbol","symbol":"aapl"})"),
            "'aapl' is not a symbol");
  EXPECT_EQ(fault_of(R"({"verb":"kill","scope":"symbol","symbol":"ABCDEFGHI"})"),
            "'ABCDEFGHI' is not a symbol");
  EXPECT_EQ(fault_of(R"({"verb":"set_limits"})"), "set_limits without a limit to set");
  EXPECT_EQ(fault_of(R"({"verb":"set_limits","set":{"max_open_orders":1.5}})"),
            "the limit max_open_orders must be an integer");
}

TEST(Request, HoldsLimitsToTheirNamesAndRanges) {
  EXPECT_EQ(fault_of(R"({"verb":"set_limits","set":{"max_open_orders":1000000}})"), "");
  EXPECT_EQ(fault_of(R"({"verb":"set_limits","set":{"max_open_orders":1000001}})"),
            "max_open_orders is 1000001, must be 1 to 1000000");
  EXPECT_EQ(fault_of(R"({"verb":"set_limits","set":{"max_open_orders":-1}})"),
            "max_open_orders is -1, must be 1 to 1000000");
  EXPECT_EQ(fault_of(R"({"verb":"set_limits","set":{"max_open_order":1}})"),
            "'max_open_order' is not a limit of the firm (did you mean 'max_open_orders'?)");
  // The version is counted, and a restriction is of one symbol.
  EXPECT_NE(fault_of(R"({"verb":"set_limits","set":{"limits_version":1}})"), "");
  EXPECT_NE(fault_of(R"({"verb":"set_limits","set":{"restricted":1}})"), "");
  EXPECT_EQ(fault_of(R"({"verb":"set_limits","scope":"symbol","symbol":"A","set":{"tick_e4":1}})"),
            "");
  EXPECT_NE(
      fault_of(R"({"verb":"set_limits","scope":"symbol","symbol":"A","set":{"message_rate":1}})"),
      "");
}

TEST(Request, TakesLimitsFromTheCommandLine) {
  EXPECT_EQ(limit_change("max_open_orders=20"), (LimitChange{"max_open_orders", 20}));
  EXPECT_EQ(limit_change("restricted=true"), (LimitChange{"restricted", 1}));
  for (const char* wrong : {"", "=", "=3", "a", "a=", "a=3x", "a=x", "a=99999999999999999999"}) {
    EXPECT_THROW((void)limit_change(wrong), base::Error) << wrong;
  }
}

TEST(Answer, ComesBackAsItWasSent) {
  const Answer good = parse_answer(answer_line({true, 0, {}, R"({"armed":true})"}));
  EXPECT_TRUE(good.ok);
  EXPECT_EQ(nlohmann::json::parse(good.result), (nlohmann::json{{"armed", true}}));
  const Answer bad = parse_answer(answer_line({false, EX_NOPERM, "no \xFF\n", {}}));
  EXPECT_FALSE(bad.ok);
  EXPECT_EQ(bad.exit_code, EX_NOPERM);
  EXPECT_EQ(bad.error.substr(0, 3), "no ");
}

TEST(Answer, ThatIsNoneIsAProtocolError) {
  for (const char* wrong : {"", "[]", "{}", R"({"ok":1})", R"({"ok":true})"}) {
    try {
      (void)parse_answer(wrong);
      ADD_FAILURE() << wrong;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_PROTOCOL);
    }
  }
}

TEST(Answer, IsShownAsAlignedLines) {
  EXPECT_EQ(plain_text(R"({"armed":true,"feed":{"packets":12,"gaps":[]},"note":"ok"})"),
            "armed         true\n"
            "feed.packets  12\n"
            "feed.gaps     []\n"
            "note          ok\n");
  EXPECT_EQ(plain_text("{}"), "");
}

}  // namespace
}  // namespace ridley::control
