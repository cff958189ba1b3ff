// SPDX-License-Identifier: Apache-2.0
#include "simulation/appliance.hpp"

#include <gtest/gtest.h>

#include "simulation/limit_changes.hpp"
#include "simulation/restless.hpp"

namespace ridley::simulation {
namespace {

class ApplianceTest : public testing::Test {
 protected:
  std::uint64_t now_ns_ = kStartNs;
  Restless strategy_{1, {"AAPL"}};
  Appliance appliance_{{.traded = {"AAPL"}, .limits = kFirmLimits}, strategy_.loaded(), now_ns_};
};

}  // namespace

TEST_F(ApplianceTest, AnswersACommandInItsTurn) {
  event::Command command{};
  command.kind = event::CommandKind::Arm;
  const Turn& refused = appliance_.turn(&command);
  EXPECT_EQ(refused.command, &command);
  EXPECT_FALSE(refused.command_done) << "there is no connection";
  command.kind = event::CommandKind::Disarm;
  EXPECT_TRUE(appliance_.turn(&command).command_done);
  EXPECT_EQ(appliance_.turn().command, nullptr);
}

TEST_F(ApplianceTest, AsksForTheAccountAfterALogin) {
  order::Inbound login;
  login.kind = order::InboundKind::LoggedIn;
  login.connection = 1;
  appliance_.tell(login);
  const Turn& turn = appliance_.turn();
  ASSERT_EQ(turn.messages.size(), 1u);
  ASSERT_EQ(turn.packets.size(), 1u);
  EXPECT_EQ(turn.packets[0].connection, 1);
  EXPECT_TRUE(appliance_.turn().packets.empty());
}

TEST_F(ApplianceTest, CountsTheFramesOfATurn) {
  const std::vector<std::byte> frame(60);
  appliance_.receive(frame);
  appliance_.receive(frame);
  EXPECT_EQ(appliance_.frames_waiting(), 2u);
  EXPECT_EQ(appliance_.turn().frames, 2u);
  EXPECT_EQ(appliance_.frames_waiting(), 0u);
  EXPECT_EQ(appliance_.rooms().counters.frames, 2u);
  EXPECT_EQ(appliance_.turn().frames, 0u);
}

}  // namespace ridley::simulation
