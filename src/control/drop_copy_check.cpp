// SPDX-License-Identifier: Apache-2.0
#include "control/drop_copy_check.hpp"

#include <fmt/format.h>

#include <utility>

#include "order/soup_packet.hpp"

namespace ridley::control {
namespace {

std::string sentence_of(const ExecutionMatch::Alert& alert) {
  const std::string what = fmt::format("match {}, order {}, {} shares at {}.{:04}",
                                       alert.key.match_number, alert.key.user_ref, alert.quantity,
                                       alert.price_e4 / 10'000, alert.price_e4 % 10'000);
  switch (alert.mismatch) {
    case Mismatch::NotOurs: return "the drop copy has an execution that we do not know: " + what;
    case Mismatch::NotCopied: return "the drop copy lacks an execution of ours: " + what;
    case Mismatch::Different: return "the drop copy says otherwise of an execution: " + what;
    case Mismatch::TooMany: return "the drop copy and we have too many executions unmatched";
  }
  return what;
}

}  // namespace

DropCopyCheck::DropCopyCheck(std::string account, const std::optional<order::TokenPrefix>& prefix,
                             const MatchLimits& limits)
    : account_{std::move(account)}, reader_{prefix}, match_{limits} {}

void DropCopyCheck::take(const order::Inbound& slot, std::uint64_t now_ns) {
  switch (slot.kind) {
    case order::InboundKind::Message: {
      const auto execution = reader_.read(slot.message());
      if (!execution) return;
      if (order::same_name(execution->account, account_)) return match_.copied(*execution, now_ns);
      ++of_others_;
      return;
    }
    case order::InboundKind::LoggedIn: connected_ = true; break;
    case order::InboundKind::Disconnected:
    case order::InboundKind::EndOfSession:
      if (connected_) alerts_.emplace_back("the drop copy's connection is lost");
      connected_ = false;
      break;
    case order::InboundKind::Quiet:
    case order::InboundKind::None: return;
  }
  match_.connected(connected_, now_ns);
}

DropCopyCheck::Look DropCopyCheck::look(std::uint64_t now_ns) {
  Look look;
  look.alerts = std::exchange(alerts_, {});
  for (const ExecutionMatch::Alert& alert : match_.look(now_ns)) {
    look.alerts.push_back(sentence_of(alert));
    if (alert.mismatch != Mismatch::NotCopied) look.doubted.push_back(alert.key.user_ref);
  }
  for (const ExecutionMatch::Key& key : match_.take_settled()) look.settled.push_back(key.user_ref);
  look.kill = match_.take_kill(now_ns);
  return look;
}

}  // namespace ridley::control
