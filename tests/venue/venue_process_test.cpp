// SPDX-License-Identifier: Apache-2.0
#include "venue/venue_process.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::venue {
namespace {

Options options(double seconds) {
  Options result;
  result.instruments = 4;
  result.seconds = seconds;
  return result;
}

nlohmann::json run(Options wanted, bool stopped = false) {
  const std::atomic<bool> stop{stopped};
  VenueProcess venue{std::move(wanted)};
  venue.run(stop, [](const Progress&) {});
  return nlohmann::json::parse(venue.summary());
}

TEST(VenueProcess, MakesTheSameDayTwiceWhenNobodyListens) {
  const auto first = run(options(0.5));
  EXPECT_EQ(first["digest"], run(options(0.5))["digest"]);
  EXPECT_EQ(first["session"], "RIDLEY0001");
  EXPECT_DOUBLE_EQ(first["seconds"].get<double>(), 0.5);
  Options other = options(0.5);
  other.seed = 2;
  EXPECT_NE(first["digest"], run(other)["digest"]);
}

TEST(VenueProcess, PublishesTheSameMessagesInRealTimeAsAtOnce) {
  Options paced = options(0.2);
  paced.order_port = 0;
  const auto live = run(paced);
  EXPECT_EQ(live["digest"], run(options(0.2))["digest"]);
  EXPECT_NE(live["session"], "RIDLEY0001");
}

TEST(VenueProcess, EndsAtOnceWhenItIsToldToStop) {
  Options endless = options(1);
  endless.seconds.reset();
  endless.order_port = 0;
  EXPECT_EQ(run(endless, true)["messages"], 0);
}

TEST(VenueProcess, LeavesWhatItPromisedInItsRunFolder) {
  ridley::test::ScratchFolder folder;
  Options wanted = options(0.1);
  wanted.order_port = 0;
  wanted.run_folder = folder / "";
  wanted.records = {folder / "a.itch"};
  (void)run(wanted);
  for (const char* name : {"ready.json", "summary.json", "a.itch"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
  }
}

TEST(VenueProcess, RefusesOptionsThatAreWrong) {
  EXPECT_THROW(VenueProcess{options(0)}, base::Error);
}

}  // namespace
}  // namespace ridley::venue
