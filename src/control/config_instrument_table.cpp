// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the settings of one [[risk.instrument]]. Cold.
#include "control/config_bounds.hpp"
#include "control/config_table.hpp"

namespace ridley::control {
namespace {

const std::vector<InstrumentSetting> kInstrumentSettings{
    {{.table = "risk.instrument",
      .key = "symbol",
      .need = Need::Required,
      .range = {1, 8},
      .form = Form::Symbol,
      .example = R"("AAPL")",
      .purpose = "The instrument."},
     [](InstrumentLimits& limits) -> Slot { return &limits.symbol; }},
    {{.table = "risk.instrument",
      .key = "max_order_quantity",
      .range = {1, kQuantityMax},
      .purpose = "Shares of one order."},
     [](InstrumentLimits& limits) -> Slot { return &limits.max_order_quantity; }},
    {{.table = "risk.instrument",
      .key = "max_order_notional_usd",
      .range = {1, kNotionalUsdMax},
      .purpose = "Price times quantity of one order, in whole dollars."},
     [](InstrumentLimits& limits) -> Slot { return &limits.max_order_notional_usd; }},
    {{.table = "risk.instrument",
      .key = "collar_basis_points",
      .range = {1, kBasisPointsMax},
      .purpose = "Distance from the reference, in hundredths of a percent."},
     [](InstrumentLimits& limits) -> Slot { return &limits.collar_basis_points; }},
    {{.table = "risk.instrument",
      .key = "position_limit_long",
      .range = {0, kPositionMax},
      .purpose = "Shares held at most."},
     [](InstrumentLimits& limits) -> Slot { return &limits.position_limit_long; }},
    {{.table = "risk.instrument",
      .key = "position_limit_short",
      .range = {0, kPositionMax},
      .purpose = "Shares owed at most."},
     [](InstrumentLimits& limits) -> Slot { return &limits.position_limit_short; }},
    {{.table = "risk.instrument",
      .key = "tick_e4",
      .range = {1, 1'000'000},
      .purpose = "Prices are multiples of this, in ten-thousandths of a dollar."},
     [](InstrumentLimits& limits) -> Slot { return &limits.tick_e4; }},
    {{.table = "risk.instrument",
      .key = "lot",
      .range = {1, kQuantityMax},
      .purpose = "Shares of a round lot."},
     [](InstrumentLimits& limits) -> Slot { return &limits.lot; }},
};

}  // namespace

std::span<const InstrumentSetting> instrument_settings() { return kInstrumentSettings; }

}  // namespace ridley::control
