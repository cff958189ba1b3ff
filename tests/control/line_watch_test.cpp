// SPDX-License-Identifier: Apache-2.0
#include "control/line_watch.hpp"

#include <gtest/gtest.h>

#include "support/scratch_folder.hpp"

namespace ridley::control {

TEST(LineWatch, SaysWhichLineIsAlive) {
  test::ScratchFolder folder;
  telemetry::CounterPage page{{.path = folder / "counters"}};
  telemetry::Counter a = page.counter("feed.a.packets");
  telemetry::Counter b = page.counter("feed.b.packets");
  LineWatch watch{page, 2};
  telemetry::CounterReader reader{folder / "counters"};
  const auto alive = [&](const char* name) { return reader.number(name); };
  std::uint64_t now = 1'000'000'000'000;
  watch.look(reader, now);
  EXPECT_EQ(alive("feed.a.alive"), 0) << "never heard";
  a.add(3);
  b.add(1);
  watch.look(reader, now += 1'000'000'000);
  EXPECT_EQ(alive("feed.a.alive"), 1);
  EXPECT_EQ(alive("feed.b.alive"), 1);
  a.add();
  watch.look(reader, now += kLineSilentNs - 1);
  EXPECT_EQ(alive("feed.b.alive"), 1);
  watch.look(reader, now += 1);
  EXPECT_EQ(alive("feed.a.alive"), 1);
  EXPECT_EQ(alive("feed.b.alive"), 0);
  b.add();
  watch.look(reader, now);
  EXPECT_EQ(alive("feed.b.alive"), 1) << "it has come back";
}

}  // namespace ridley::control
