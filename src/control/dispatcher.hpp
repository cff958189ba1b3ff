// SPDX-License-Identifier: Apache-2.0
// In: a request line of the control socket. Out: the appliance's operation is called and its result
// or its error is the answer line. The control core.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "control/request.hpp"

namespace ridley::control {

// What an appliance can be asked to do. Called on the thread that polls the control socket, one at
// a time; what an operation throws is answered. One that is not set is answered as unavailable.
// Those that return text return a JSON object.
struct Operations {
  std::function<std::string()> status;
  std::function<void()> arm;
  std::function<void()> disarm;
  std::function<void(const Scope&)> kill;
  std::function<void(const Scope&)> rearm;
  std::function<void(const Scope&)> cancel_all;
  std::function<std::string(const Scope&)> limits;
  // The changes of one request hold together or not at all; their names and ranges are checked.
  std::function<void(const Scope&, const std::vector<LimitChange>&)> set_limits;
  std::function<void(const std::string& object)> reload_strategy;
  std::function<void()> renew_books;
  std::function<void()> reopen_card;
  std::function<std::string(const std::string& step, const std::string& digest)> card_step;
  std::function<void()> stop;
  // Every request, its sender and how it ended, as one line for the log; one that only looked, and
  // was answered, leaves no line.
  std::function<void(const std::string&)> audit;
};

// Never throws for what the request or the operation does.
[[nodiscard]] std::string dispatch(const Operations& operations, std::string_view request_line,
                                   std::string_view sender);

}  // namespace ridley::control
