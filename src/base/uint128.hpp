// SPDX-License-Identifier: Apache-2.0
// Products of two 64-bit numbers without overflow: clock scaling and notional limits. Any core.
#pragma once

namespace ridley::base {

__extension__ using UInt128 = unsigned __int128;

}  // namespace ridley::base
