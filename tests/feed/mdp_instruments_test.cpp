// SPDX-License-Identifier: Apache-2.0
#include "feed/mdp_instruments.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace ridley::feed {
namespace {

std::string text(const event::Symbol& symbol) { return {symbol.begin(), symbol.end()}; }

}  // namespace

TEST(MdpInstruments, HaveTwoLocatesEach) {
  MdpInstruments instruments{8};
  const auto first = instruments.find_or_add(42'005'347);
  ASSERT_TRUE(first.is_new);
  EXPECT_EQ(first.instrument->locate, 1);
  EXPECT_EQ(implied_locate(first.instrument->locate), 2);
  EXPECT_EQ(first.instrument->price_unit_e9, 100'000);
  EXPECT_EQ(instruments.find_or_add(0).instrument->locate, 3);
  EXPECT_FALSE(instruments.find_or_add(0).is_new);
  EXPECT_EQ(instruments.find_or_add(42'005'347).instrument, first.instrument);
  EXPECT_EQ(instruments.all().size(), 2u);
  instruments.clear();
  EXPECT_TRUE(instruments.all().empty());
  EXPECT_TRUE(instruments.find_or_add(9).is_new);
}

TEST(MdpInstruments, HaveNoPlaceWhenTheTableIsFull) {
  MdpInstruments instruments{3};
  EXPECT_NE(instruments.find_or_add(1).instrument, nullptr);
  EXPECT_NE(instruments.find_or_add(2).instrument, nullptr);
  EXPECT_EQ(instruments.find_or_add(3).instrument, nullptr);
  EXPECT_EQ(instruments.refused(), 1u);
}

TEST(MdpInstruments, AreAllThatLocatesAllow) {
  MdpInstruments instruments;
  std::uint16_t last = 0;
  for (std::int32_t id = 1; id < 40'000; ++id) {
    const auto found = instruments.find_or_add(id);
    if (found.instrument == nullptr) break;
    last = implied_locate(found.instrument->locate);
  }
  EXPECT_EQ(last, 65'534);
  EXPECT_GT(instruments.refused(), 0u);
}

TEST(MdpInstruments, AreCalledByTheirNumbers) {
  EXPECT_EQ(text(symbol_of_security(0)), "0       ");
  EXPECT_EQ(text(symbol_of_security(99'999'999)), "99999999");
  EXPECT_EQ(text(symbol_of_security(100'000'000)), "~1NJCHS ");
  EXPECT_EQ(text(symbol_of_security(std::numeric_limits<std::int32_t>::max())), "~ZIK0ZJ ");
  EXPECT_EQ(text(symbol_of_security(-1)), "~1Z141Z3");
}

TEST(MdpInstruments, AreOpenOnceAndClosed) {
  MdpInstruments instruments{8};
  MdpInstrument& one = *instruments.find_or_add(1).instrument;
  MdpInstrument& other = *instruments.find_or_add(2).instrument;
  instruments.open(one, false);
  instruments.open(one, true);
  instruments.open(other, true);
  instruments.close(one);
  std::vector<std::int32_t> closed;
  instruments.close_all([&](MdpInstrument& each) { closed.push_back(each.security_id); });
  EXPECT_EQ(closed, (std::vector<std::int32_t>{2}));
  EXPECT_TRUE(one.in_event && one.implied_in_event);
}

TEST(MdpInstruments, AreCountedWhileTheyWait) {
  MdpInstruments instruments{8};
  MdpInstrument& one = *instruments.find_or_add(1).instrument;
  instruments.wait(one);
  instruments.wait(one);
  EXPECT_EQ(instruments.waiting(), 1u);
  instruments.follow(one, 77);
  instruments.follow(one, 78);
  EXPECT_EQ(instruments.waiting(), 0u);
  EXPECT_FALSE(one.waits);
  EXPECT_EQ(one.follows_after, 78u);
}

}  // namespace ridley::feed
