// SPDX-License-Identifier: Apache-2.0
#include "simulation/market.hpp"

#include <gtest/gtest.h>

namespace ridley::simulation {
namespace {

class MarketTest : public testing::Test {
 protected:
  void run_ms(std::uint64_t milliseconds) {
    const std::uint64_t until_ns = now_ns_ + milliseconds * kMillisecondNs;
    while (now_ns_ < until_ns) {
      now_ns_ = std::min(until_ns, market_.next_ns());
      market_.advance(now_ns_);
    }
  }

  std::uint64_t now_ns_ = kStartNs;
  std::size_t frames_ = 0;
  Market market_{{.seed = 3,
                  .instruments = 4,
                  .plan = {{.at_ns = 100 * kMillisecondNs,
                            .deed = Deed::VenueCrash,
                            .first = 10 * kMillisecondNs}}},
                 [this](std::span<const std::byte>) { ++frames_; }};
};

}  // namespace

TEST_F(MarketTest, PublishesWhatItDisplays) {
  run_ms(200);
  EXPECT_GT(frames_, 100u);
  const PublishedSession* session = market_.published().find("SIM1");
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->next_sequence(), market_.exchange().feed().message_count() + 1);
  for (std::uint16_t locate = 1; locate <= 4; ++locate) {
    EXPECT_EQ(market_.books().book(locate).best_bid_e4(),
              market_.exchange().engine().displayed_best_e4(locate, event::Side::Buy));
    EXPECT_EQ(market_.books().book(locate).state, 'T');
  }
}

TEST_F(MarketTest, ANewSessionTellsTheWholeBookAgain) {
  run_ms(200);
  const NaiveBooks before = market_.books();
  market_.restart_session();
  for (std::uint16_t locate = 1; locate <= 4; ++locate) {
    for (const std::size_t side : {0u, 1u})
      EXPECT_EQ(market_.books().book(locate).levels[side], before.book(locate).levels[side]);
    EXPECT_EQ(market_.books().book(locate).symbol, before.book(locate).symbol);
  }
  NaiveBooks heard;
  const PublishedSession* session = market_.published().find("SIM2");
  ASSERT_NE(session, nullptr);
  for (std::uint64_t i = 1; i < session->next_sequence(); ++i)
    (void)heard.apply(session->message(i));
  EXPECT_EQ(heard.book(2).levels[0], before.book(2).levels[0]);
  run_ms(50);
  EXPECT_GT(market_.published().find("SIM2")->next_sequence(), session->next_sequence() - 1);
}

TEST_F(MarketTest, NobodyAnswersWhileItIsDown) {
  run_ms(90);
  ASSERT_TRUE(market_.connect(now_ns_));
  run_ms(11);
  EXPECT_TRUE(market_.is_down());
  EXPECT_TRUE(market_.hung_up());
  EXPECT_FALSE(market_.connect(now_ns_));
  const std::size_t frames = frames_;
  run_ms(8);
  EXPECT_EQ(frames_, frames);
  run_ms(10);
  EXPECT_TRUE(market_.connect(now_ns_));
  EXPECT_GT(frames_, frames);
}

TEST_F(MarketTest, HasNothingLeftToSayOfAConnectionThatIsGone) {
  run_ms(20);
  ASSERT_TRUE(market_.connect(now_ns_));
  run_ms(5);
  market_.disconnect();
  EXPECT_TRUE(market_.hung_up());
  EXPECT_TRUE(market_.exchange().feed().published().bytes().empty());
}

TEST_F(MarketTest, SaysNothingWhileItIsSilent) {
  run_ms(20);
  market_.silence(true);
  const std::size_t frames = frames_;
  run_ms(100);
  EXPECT_EQ(frames_, frames);
}

}  // namespace ridley::simulation
