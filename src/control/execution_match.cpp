// SPDX-License-Identifier: Apache-2.0
#include "control/execution_match.hpp"

#include <algorithm>
#include <utility>

namespace ridley::control {

void ExecutionMatch::own(const event::OrderEvent& event, std::uint64_t now_ns) {
  if (event.kind != event::OrderEventKind::Executed) return;
  meet(own_, copied_, {event.match_number, event.user_ref},
       {.quantity = event.quantity, .price_e4 = event.price_e4, .since_ns = now_ns});
}

void ExecutionMatch::copied(const order::CopiedExecution& execution, std::uint64_t now_ns) {
  meet(copied_, own_, {execution.match_number, execution.user_ref},
       {.quantity = execution.quantity, .price_e4 = execution.price_e4, .since_ns = now_ns});
}

void ExecutionMatch::meet(Table& mine, Table& others, const Key& key, const Waiting& execution) {
  const auto other = others.find(key);
  if (other == others.end()) {
    if (unmatched() < kUnmatchedMax) {
      mine.emplace(key, execution);
      return;
    }
    if (dangerous_since_ns_ != 0) return;
    found_.push_back({.mismatch = Mismatch::TooMany, .key = key});
    dangerous_since_ns_ = execution.since_ns;
    return;
  }
  const bool same =
      other->second.quantity == execution.quantity && other->second.price_e4 == execution.price_e4;
  ++counters_.matched;
  const bool alerted = other->second.alerted;
  if (alerted) ++counters_.late;
  if (alerted && same && &others == &copied_) settled_.push_back(key);
  others.erase(other);
  if (same) return;
  found_.push_back({.mismatch = Mismatch::Different,
                    .key = key,
                    .quantity = execution.quantity,
                    .price_e4 = execution.price_e4});
  if (dangerous_since_ns_ == 0) dangerous_since_ns_ = execution.since_ns;
}

void ExecutionMatch::connected(bool up, std::uint64_t now_ns) {
  up_ = up;
  for (auto& [key, waiting] : own_)
    if (!waiting.alerted) waiting.since_ns = now_ns;
}

std::vector<ExecutionMatch::Alert> ExecutionMatch::look(std::uint64_t now_ns) {
  std::vector<Alert> alerts = std::exchange(found_, {});
  find_late(copied_, Mismatch::NotOurs, now_ns, alerts);
  if (up_) find_late(own_, Mismatch::NotCopied, now_ns, alerts);
  counters_.alerts += alerts.size();
  return alerts;
}

void ExecutionMatch::find_late(Table& table, Mismatch mismatch, std::uint64_t now_ns,
                               std::vector<Alert>& alerts) {
  for (auto& [key, waiting] : table) {
    if (waiting.alerted || now_ns - waiting.since_ns <= limits_.match_within_ns) continue;
    waiting.alerted = true;
    alerts.push_back({.mismatch = mismatch,
                      .key = key,
                      .quantity = waiting.quantity,
                      .price_e4 = waiting.price_e4});
  }
}

bool ExecutionMatch::take_kill(std::uint64_t now_ns) noexcept {
  bool kill = dangerous_since_ns_ != 0 && now_ns - dangerous_since_ns_ > limits_.kill_after_ns;
  if (kill) dangerous_since_ns_ = 0;
  const std::uint64_t patience_ns = limits_.match_within_ns + limits_.kill_after_ns;
  for (auto& [key, waiting] : copied_) {
    if (!waiting.alerted || waiting.stopped || now_ns - waiting.since_ns <= patience_ns) continue;
    waiting.stopped = kill = true;
  }
  return kill;
}

}  // namespace ridley::control
