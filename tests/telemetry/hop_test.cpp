// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hop.hpp"

#include <gtest/gtest.h>

namespace ridley::telemetry {

TEST(Hop, NamesEveryHopOnce) {
  for (const Hop hop : kHops) EXPECT_FALSE(name(hop).empty());
  EXPECT_EQ(name(Hop::RxStamp), "rx_stamp");
  EXPECT_EQ(name(Hop::Sent), "sent");
}

}  // namespace ridley::telemetry
