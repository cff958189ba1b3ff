// SPDX-License-Identifier: Apache-2.0
#include "simulation/session_link.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "simulation/scratch_path.hpp"

namespace ridley::simulation {
namespace {

class SessionLinkTest : public testing::Test {
 protected:
  SessionLinkTest() { start(); }
  void start() {
    SessionLinkSettings settings;
    settings.login.username = kUser;
    settings.login.password = kPassword;
    settings.place = place_.path();
    link_.emplace(market_, settings, now_ns_);
  }
  void run_ms(std::uint64_t milliseconds) {
    const std::uint64_t until_ns = now_ns_ + milliseconds * kMillisecondNs;
    while (now_ns_ < until_ns) {
      now_ns_ = std::min({until_ns, market_.next_ns(), std::max(link_->next_ns(), now_ns_ + 1)});
      market_.advance(now_ns_);
      link_->move(now_ns_);
    }
  }
  // How many messages there were, of the exchange.
  std::uint64_t hear() {
    std::uint64_t heard = 0;
    for (order::Inbound message; link_->heard().pop(message);)
      heard += message.kind == order::InboundKind::Message ? 1U : 0U;
    return heard;
  }

  std::uint64_t now_ns_ = kStartNs;
  ScratchFile place_;
  Market market_{{.seed = 3, .instruments = 4}, [](std::span<const std::byte>) {}};
  std::optional<SessionLink> link_;
};

}  // namespace

TEST_F(SessionLinkTest, LogsInAndHearsTheStream) {
  run_ms(20);
  EXPECT_TRUE(link_->is_connected());
  EXPECT_EQ(hear(), market_.stream().next_sequence() - 1);
  EXPECT_GT(link_->next_sequence(), 1u);
}

TEST_F(SessionLinkTest, ComesBackWhenItMay) {
  run_ms(20);
  link_->lose(now_ns_, now_ns_ + 30 * kMillisecondNs);
  run_ms(29);
  EXPECT_FALSE(link_->is_connected());
  run_ms(5);
  EXPECT_TRUE(link_->is_connected());
}

TEST_F(SessionLinkTest, AnotherProcessGoesOnWhereTheLastHasSaidThatItWas) {
  run_ms(20);
  const std::uint64_t heard = hear();
  ASSERT_GT(heard, 0u);
  link_->keep_place();
  start();
  EXPECT_EQ(link_->next_sequence(), heard + 1);
  run_ms(20);
  EXPECT_EQ(heard + hear(), market_.stream().next_sequence() - 1);
}

TEST_F(SessionLinkTest, WhatWasNotActedOnIsHeardAgain) {
  run_ms(20);
  link_->keep_place();
  EXPECT_GT(link_->heard().size(), 0u);
  start();
  run_ms(20);
  EXPECT_EQ(hear(), market_.stream().next_sequence() - 1);
}

}  // namespace ridley::simulation
