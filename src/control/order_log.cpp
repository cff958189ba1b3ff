// SPDX-License-Identifier: Apache-2.0
#include "control/order_log.hpp"

#include <fmt/format.h>

#include <string>

#include "base/error.hpp"
#include "risk/controls.hpp"

namespace ridley::control {
namespace {

std::ofstream open(const std::filesystem::path& path) {
  std::ofstream file{path};
  if (!file) throw base::Error::with_exit(EX_CANTCREAT, "cannot write ", path.string());
  return file;
}

}  // namespace

OrderLog::OrderLog(const std::filesystem::path& folder, SymbolOf symbol_of)
    : symbol_of_{std::move(symbol_of)},
      orders_{open(folder / "orders.jsonl")},
      rejects_{open(folder / "rejects.jsonl")} {}

void OrderLog::drain(engine::SideExit& side_exit) {
  for (event::OrderEvent event{}; side_exit.take(event);) {
    holdings_.apply(event);
    if (listener_) listener_(event);
    write(event);
  }
  for (event::RejectRecord reject{}; side_exit.take(reject);) write(reject);
  orders_.flush();
  rejects_.flush();
  if (!orders_ || !rejects_)
    throw base::Error::with_exit(EX_IOERR, "cannot write the order log: is the disk full?");
}

void OrderLog::write(const event::OrderEvent& event) {
  orders_ << fmt::format(
      R"({{"kind":"{}","symbol":"{}","side":"{}","user_ref":{},"original_user_ref":{},)"
      R"("quantity":{},"price_e4":{},"open_quantity":{},"executed_quantity":{},)"
      R"("match_number":{},"reason":{},"terminal":{},"client_tag":{},"exchange_ns":{}}})"
      "\n",
      event::name_of(event.kind), symbol_of_(event.locate), event::name_of(event.side),
      event.user_ref, event.original_user_ref, event.quantity, event.price_e4, event.open_quantity,
      event.executed_quantity, event.match_number, event.reason, event.terminal != 0,
      event.client_tag, event.exchange_ns);
}

void OrderLog::write(const event::RejectRecord& reject) {
  rejects_ << fmt::format(
      R"({{"control":{},"name":"{}","symbol":"{}","side":"{}","quantity":{},"price_e4":{},)"
      R"("limit":{},"observed":{},"limit_version":{},"ns":{},"client_tag":{},"strategy_id":{},)"
      R"("engine":"{}"}})"
      "\n",
      reject.control, risk::name_of(static_cast<risk::Control>(reject.control)),
      symbol_of_(reject.locate), event::name_of(reject.side), reject.quantity, reject.price_e4,
      reject.limit, reject.observed, reject.limit_version, reject.ns, reject.client_tag,
      reject.strategy_id, reject.engine == 2 ? "card" : "software");
}

}  // namespace ridley::control
