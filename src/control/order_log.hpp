// SPDX-License-Identifier: Apache-2.0
// In: what the hot core put into the side exit. Out: orders.jsonl and rejects.jsonl, one line a
// record, and the holdings that follow from the executions. Cold; the control core.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

#include "control/holdings.hpp"
#include "engine/side_exit.hpp"

namespace ridley::control {

class OrderLog {
 public:
  using SymbolOf = std::function<std::string(std::uint16_t locate)>;

  // Throws base::Error (EX_CANTCREAT) when a file cannot be made.
  OrderLog(const std::filesystem::path& folder, SymbolOf symbol_of);

  // Before start: somebody else who wants to know of every order event.
  void tell(std::function<void(const event::OrderEvent&)> listener) {
    listener_ = std::move(listener);
  }

  // Writes what has come since the last call. Throws base::Error (EX_IOERR).
  void drain(engine::SideExit& side_exit);

  [[nodiscard]] const Holdings& holdings() const noexcept { return holdings_; }

 private:
  void write(const event::OrderEvent& event);
  void write(const event::RejectRecord& reject);

  SymbolOf symbol_of_;
  std::function<void(const event::OrderEvent&)> listener_;
  std::ofstream orders_;
  std::ofstream rejects_;
  Holdings holdings_;
};

}  // namespace ridley::control
