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
  (void)watch.look(reader, now);
  EXPECT_EQ(alive("feed.a.alive"), 0) << "never heard";
  a.add(3);
  b.add(1);
  (void)watch.look(reader, now += 1'000'000'000);
  EXPECT_EQ(alive("feed.a.alive"), 1);
  EXPECT_EQ(alive("feed.b.alive"), 1);
  a.add();
  (void)watch.look(reader, now += kLineSilentNs - 1);
  EXPECT_EQ(alive("feed.b.alive"), 1);
  (void)watch.look(reader, now += 1);
  EXPECT_EQ(alive("feed.a.alive"), 1);
  EXPECT_EQ(alive("feed.b.alive"), 0);
  b.add();
  (void)watch.look(reader, now);
  EXPECT_EQ(alive("feed.b.alive"), 1) << "it has come back";
}

TEST(LineWatch, TellsTheOperatorWhenALineDiesAndComesBack) {
  test::ScratchFolder folder;
  telemetry::CounterPage page{{.path = folder / "counters"}};
  telemetry::Counter a = page.counter("feed.a.packets");
  telemetry::Counter b = page.counter("feed.b.packets");
  LineWatch watch{page, 2};
  telemetry::CounterReader reader{folder / "counters"};
  using Sentences = std::vector<std::string>;
  std::uint64_t now = 1'000'000'000'000;
  EXPECT_EQ(watch.look(reader, now), Sentences{});
  a.add(3);
  EXPECT_EQ(watch.look(reader, now += kLineSilentNs), Sentences{"line B was not heard yet"});
  EXPECT_EQ(reader.number("feed.b.silences"), 1);
  a.add();
  b.add();
  EXPECT_EQ(watch.look(reader, now += 1'500'000'000),
            Sentences{"line B speaks again, after 4.5 s"});
  EXPECT_EQ(watch.look(reader, now += kLineSilentNs - 1), Sentences{});
  EXPECT_EQ(watch.look(reader, now += 1),
            (Sentences{"line A is silent, after 4 packets", "line B is silent, after 1 packets"}));
  EXPECT_EQ(watch.look(reader, now += kLineSilentNs), Sentences{}) << "once";
  EXPECT_EQ(reader.number("feed.a.silences"), 1);
  EXPECT_EQ(reader.number("feed.b.silences"), 2);
}

}  // namespace ridley::control
