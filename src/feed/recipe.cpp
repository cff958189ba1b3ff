// SPDX-License-Identifier: Apache-2.0
// Cold: the recipes are made while compiling, from the message layouts of the schema.
#include "feed/recipe.hpp"

#include <algorithm>

#include "wire/itch.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::MarketEvent;
namespace itch = wire::itch;

constexpr std::size_t kFieldsAt = 32;  // where in an event
constexpr std::size_t kTailAt = 48;

// What follow_recipe takes for granted.
template <typename View>
constexpr bool kHasTheHeader =
    View::kStockLocateAt == 1 && View::kTrackingNumberAt == 3 && View::kTimestampAt == 5;
static_assert(offsetof(MarketEvent, locate) == 2 && offsetof(MarketEvent, tracking_number) == 4 &&
              offsetof(MarketEvent, exchange_ns) == 8 && offsetof(MarketEvent, sequence) == 16);

struct Field {
  std::size_t event_at;
  std::size_t message_at;
  std::size_t size;
  bool swapped = true;  // numbers are, texts are not
};

template <typename View>
constexpr Recipe recipe_of(EventKind kind, std::initializer_list<Field> fields) {
  static_assert(kHasTheHeader<View> && View::kSize >= 16 + 3);
  Recipe recipe{};
  recipe.header[0] = static_cast<std::uint8_t>(kind);
  recipe.size = View::kSize;
  recipe.fields.fill(0x80);
  std::size_t first = View::kSize - 16;
  for (const Field& field : fields) first = std::min(first, field.message_at);
  recipe.fields_at = static_cast<std::uint8_t>(first);
  for (const Field& field : fields) {
    for (std::size_t i = 0; i < field.size; ++i) {
      const std::size_t from = field.swapped ? field.size - 1 - i : i;
      recipe.fields.at(field.event_at - kFieldsAt + i) =
          static_cast<std::uint8_t>(field.message_at + from - first);
    }
  }
  return recipe;
}

constexpr Recipe add_recipe() {
  using View = itch::AddOrder;
  static_assert(View::kOrderReferenceNumberAt == 11);
  Recipe recipe = recipe_of<View>(EventKind::AddOrder,
                                  {{offsetof(MarketEvent, add.quantity), View::kSharesAt, 4},
                                   {offsetof(MarketEvent, add.price_e4), View::kPriceAt, 4},
                                   {offsetof(MarketEvent, add.symbol), View::kStockAt, 8, false}});
  recipe.side_at = View::kBuySellIndicatorAt;
  recipe.side_mask = 0xFF;
  for (std::size_t i = 0; i < 4; ++i)
    recipe.tail.at(offsetof(MarketEvent, add.attribution) - kTailAt + i) = ' ';
  return recipe;
}

constexpr Recipe execute_recipe() {
  using View = itch::OrderExecuted;
  static_assert(View::kOrderReferenceNumberAt == 11);
  Recipe recipe =
      recipe_of<View>(EventKind::ExecuteOrder,
                      {{offsetof(MarketEvent, execute.quantity), View::kExecutedSharesAt, 4},
                       {offsetof(MarketEvent, execute.match_number), View::kMatchNumberAt, 8}});
  recipe.tail.at(offsetof(MarketEvent, execute.printable) - kTailAt) = 1;
  return recipe;
}

constexpr Recipe cancel_recipe() {
  using View = itch::OrderCancel;
  static_assert(View::kOrderReferenceNumberAt == 11);
  return recipe_of<View>(EventKind::CancelOrder,
                         {{offsetof(MarketEvent, cancel.quantity), View::kCanceledSharesAt, 4}});
}

constexpr Recipe delete_recipe() {
  static_assert(itch::OrderDelete::kOrderReferenceNumberAt == 11);
  return recipe_of<itch::OrderDelete>(EventKind::DeleteOrder, {});
}

constexpr Recipe replace_recipe() {
  using View = itch::OrderReplace;
  static_assert(View::kOriginalOrderReferenceNumberAt == 11);
  return recipe_of<View>(
      EventKind::ReplaceOrder,
      {{offsetof(MarketEvent, replace.quantity), View::kSharesAt, 4},
       {offsetof(MarketEvent, replace.price_e4), View::kPriceAt, 4},
       {offsetof(MarketEvent, replace.new_order_id), View::kNewOrderReferenceNumberAt, 8}});
}

constexpr std::array<Recipe, 256> all_recipes() {
  std::array<Recipe, 256> recipes{};
  for (Recipe& recipe : recipes) recipe.size = kNoRecipe;
  recipes[itch::AddOrder::kType] = add_recipe();
  recipes[itch::OrderExecuted::kType] = execute_recipe();
  recipes[itch::OrderCancel::kType] = cancel_recipe();
  recipes[itch::OrderDelete::kType] = delete_recipe();
  recipes[itch::OrderReplace::kType] = replace_recipe();
  return recipes;
}

}  // namespace

constinit const std::array<Recipe, 256> kRecipes = all_recipes();

}  // namespace ridley::feed
