// SPDX-License-Identifier: Apache-2.0
// In: our own order events, messages of a drop copy's connection, the time of each. Out: what the
// operator has to be told, and whether the firm has to be stopped. No clock, no socket. Cold; the
// control core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/execution_match.hpp"
#include "order/drop_copy.hpp"
#include "order/slots.hpp"

namespace ridley::control {

class DropCopyCheck {
 public:
  // Executions of other accounts are counted and left alone. With the prefix of our tokens the
  // account speaks OUCH 4.2.
  DropCopyCheck(std::string account, const std::optional<order::TokenPrefix>& prefix,
                const MatchLimits& limits);

  void own(const event::OrderEvent& event, std::uint64_t now_ns) { match_.own(event, now_ns); }
  void take(const order::Inbound& slot, std::uint64_t now_ns);

  struct Look {
    std::vector<std::string> alerts;  // a sentence each
    // Orders with an execution that we do not know, and those of which it has become known.
    std::vector<std::uint32_t> doubted;
    std::vector<std::uint32_t> settled;
    bool kill = false;  // once for each reason
  };
  [[nodiscard]] Look look(std::uint64_t now_ns);

  [[nodiscard]] const ExecutionMatch& match() const noexcept { return match_; }
  [[nodiscard]] bool connected() const noexcept { return connected_; }
  [[nodiscard]] std::uint64_t of_others() const noexcept { return of_others_; }
  [[nodiscard]] std::uint64_t malformed() const noexcept { return reader_.malformed(); }

 private:
  std::string account_;
  order::DropCopyReader reader_;
  ExecutionMatch match_;
  std::vector<std::string> alerts_;  // since the last look
  std::uint64_t of_others_ = 0;
  bool connected_ = false;
};

}  // namespace ridley::control
