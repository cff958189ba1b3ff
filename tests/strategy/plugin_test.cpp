// SPDX-License-Identifier: Apache-2.0
#include "strategy/plugin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <utility>

#include "base/error.hpp"
#include "strategy/plugin_rig.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::strategy {
namespace {

using testing::HasSubstr;
using Refusal = std::pair<int, std::string>;

Refusal refusal_of(const std::filesystem::path& path, const InstanceOptions& options = {}) {
  try {
    const Instance instance{Plugin::load(path), options};
  } catch (const base::Error& error) {
    return {error.exit_code(), error.what()};
  }
  return {};
}

std::string why(std::string_view name) {
  const Refusal refusal = refusal_of(test::plugin_path(name));
  EXPECT_EQ(refusal.first, EX_CONFIG);
  EXPECT_THAT(refusal.second, HasSubstr(test::plugin_path(name).string()));
  return refusal.second;
}

}  // namespace

TEST(Plugin, LoadsTheShippedOnes) {
  for (const char* name : {"imbalance_taker", "two_sided_quoter"}) {
    const auto plugin = Plugin::load(test::plugin_path(name));
    EXPECT_EQ(plugin->name(), name);
    EXPECT_FALSE(plugin->parameters().empty());
    const Instance instance{plugin, {.strategy_id = 4, .symbols = {"AAPL"}, .parameters = {}}};
    EXPECT_EQ(instance.loaded().strategy_id, 4U);
    EXPECT_EQ(instance.loaded().symbols.front(),
              (event::Symbol{'A', 'A', 'P', 'L', ' ', ' ', ' ', ' '}));
    EXPECT_GT(instance.loaded().state_bytes, 0U);
  }
}

TEST(Plugin, MayBeCompiledIn) {
  const auto loaded = Plugin::load(test::plugin_path("two_sided_quoter"));
  const auto plugin = Plugin::linked(&loaded->table());
  EXPECT_EQ(plugin->name(), "two_sided_quoter");
  const Instance instance{plugin, {.strategy_id = 4, .symbols = {"AAPL"}, .parameters = {}}};
  EXPECT_EQ(instance.loaded().strategy_id, 4U);
  ridley_strategy_table nameless = loaded->table();
  nameless.name = nullptr;
  EXPECT_THROW((void)Plugin::linked(&nameless), base::Error);
}

TEST(Plugin, SaysWhatIsWrongWithTheFile) {
  const test::ScratchFolder folder;
  EXPECT_EQ(refusal_of(folder / "absent.so").first, EX_NOINPUT);
  std::ofstream{folder / "text.so"} << "not an object";
  const Refusal refusal = refusal_of(folder / "text.so");
  EXPECT_EQ(refusal.first, EX_CONFIG);
  EXPECT_THAT(refusal.second, HasSubstr("not a shared object"));
  EXPECT_THAT(refusal_of("/").second, HasSubstr("cannot copy"));
}

TEST(Plugin, SaysWhatIsWrongWithTheTable) {
  EXPECT_THAT(why("broken_version"), HasSubstr("ABI version 2, this is 1"));
  EXPECT_THAT(why("broken_size"), HasSubstr("bytes, not"));
  EXPECT_THAT(why("broken_name"), HasSubstr("has no name"));
  EXPECT_THAT(why("broken_function"), HasSubstr("has no on_book"));
  EXPECT_THAT(why("broken_state"), HasSubstr("has no restore_state"));
  EXPECT_THAT(why("broken_symbol"), HasSubstr("has no function ridley_strategy"));
  EXPECT_THAT(why("broken_table"), HasSubstr("gives no table"));
  EXPECT_THAT(why("broken_create"), HasSubstr("create failed"));
}

TEST(Plugin, PassesOnWhyAStrategyRefusesItsValues) {
  const Refusal refusal = refusal_of(
      test::plugin_path("imbalance_taker"),
      {.strategy_id = 1,
       .symbols = {"AAPL"},
       .parameters = {{"quantity", std::int64_t{200}}, {"position_max", std::int64_t{199}}}});
  EXPECT_THAT(refusal.second, HasSubstr("quantity 200 is above position_max 199"));
}

TEST(Plugin, RefusesASymbolThatCannotBe) {
  const auto path = test::plugin_path("imbalance_taker");
  for (const char* symbol : {"", "NINELONGS"}) {
    const Refusal refusal =
        refusal_of(path, {.strategy_id = 1, .symbols = {symbol}, .parameters = {}});
    EXPECT_THAT(refusal.second, HasSubstr("cannot be a symbol")) << symbol;
  }
}

TEST(Plugin, SurvivesTheReplacementOfItsFileAndThenLoadsTheNewOne) {
  const test::ScratchFolder folder;
  const auto path = folder / "strategy.so";
  std::filesystem::copy_file(test::plugin_path("imbalance_taker"), path);
  const auto old = Plugin::load(path);
  // In place: the same inode gets other bytes.
  std::filesystem::copy_file(test::plugin_path("two_sided_quoter"), path,
                             std::filesystem::copy_options::overwrite_existing);
  const auto fresh = Plugin::load(path);
  EXPECT_EQ(old->name(), "imbalance_taker");
  EXPECT_EQ(fresh->name(), "two_sided_quoter");
  const Instance instance{old, {.strategy_id = 1, .symbols = {"AAPL"}, .parameters = {}}};
  EXPECT_NE(instance.loaded().self, nullptr);
}

TEST(Plugin, StaysLoadedAsLongAsAnInstanceNeedsIt) {
  auto plugin = Plugin::load(test::plugin_path("imbalance_taker"));
  const Instance instance{plugin, {.strategy_id = 1, .symbols = {"AAPL"}, .parameters = {}}};
  plugin.reset();
  const ridley_book_change change = test::book_change();
  ridley_order_intent intent{};
  EXPECT_EQ(instance.loaded().table.on_book(instance.loaded().self, &change, &intent, 1), 0U);
}

}  // namespace ridley::strategy
