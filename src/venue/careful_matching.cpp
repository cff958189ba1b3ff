// SPDX-License-Identifier: Apache-2.0
// Matching where a minimum quantity or self-match prevention has a say (venue/matching_engine.hpp):
// first a plan of what would happen, because a minimum may forbid all of it, then it happens.
#include <algorithm>

#include "venue/matching_engine.hpp"

namespace ridley::venue {

using book::NodeIndex;
using book::rank_of;

void MatchingEngine::match_with_care(const NewOrder& order, std::uint32_t reach,
                                     Submission& result) noexcept {
  const Plan plan = this->plan(order, reach);
  result.open_quantity = order.quantity;
  if (plan.executed < std::min(order.minimum_quantity, order.quantity)) {
    fill_count_ = 0;
    prevention_count_ = 0;
    return;
  }
  for (const Fill& fill : std::span{fills_.get(), fill_count_})
    (void)reduce(fill.reference, fill.quantity);
  for (const Prevention& prevention : std::span{preventions_.get(), prevention_count_})
    (void)reduce(prevention.reference, prevention.decrement);
  result.executed_quantity = plan.executed;
  result.prevented_quantity = plan.prevented;
  result.open_quantity = plan.left;
  result.preventions = {preventions_.get(), prevention_count_};
  if (plan.stopped) result.ending = Ending::SelfMatch;
}

MatchingEngine::Plan MatchingEngine::plan(const NewOrder& order, std::uint32_t reach) noexcept {
  Plan plan{.left = order.quantity};
  const unsigned contra = sells(order.side) ^ 1;
  walk(order.locate, contra, [&](NodeIndex index) noexcept {
    const book::Level& level = nodes_[nodes_[index].order.place.level].level;
    return level.rank >= reach && meet(order, index, plan);
  });
  return plan;
}

// One resting order. False when the plan is complete.
bool MatchingEngine::meet(const NewOrder& order, NodeIndex index, Plan& plan) noexcept {
  const Terms& own = terms(index);
  const RestingOrder resting = this->resting(index);
  const std::uint32_t quantity = std::min(plan.left, resting.quantity);
  if (quantity < std::min(own.minimum_quantity, resting.quantity)) return true;
  if (order.group != 0 && order.group == own.group) {
    prevent(order, resting, plan);
    return plan.left != 0 && !plan.stopped;
  }
  record(index, resting.price_e4, quantity, resting.displayed());
  fills_[fill_count_ - 1].open_quantity -= quantity;
  plan.left -= quantity;
  plan.executed += quantity;
  return plan.left != 0;
}

void MatchingEngine::prevent(const NewOrder& order, const RestingOrder& resting,
                             Plan& plan) noexcept {
  if (order.self_match == SelfMatch::CancelNewest) {
    plan.stopped = true;
    return;
  }
  const std::uint32_t quantity = std::min(plan.left, resting.quantity);
  const bool both = order.self_match == SelfMatch::DecrementBoth;
  const std::uint32_t decrement = both ? quantity : resting.quantity;
  preventions_[prevention_count_++] = {.reference = resting.reference,
                                       .quantity = quantity,
                                       .decrement = decrement,
                                       .price_e4 = resting.price_e4,
                                       .open_quantity = resting.quantity - decrement,
                                       .owner = resting.owner,
                                       .displayed = resting.displayed()};
  if (!both) return;
  plan.left -= quantity;
  plan.prevented += quantity;
}

}  // namespace ridley::venue
