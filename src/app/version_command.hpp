// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: what this program is and was built with, on stdout. Cold code.
#pragma once

namespace ridley::app {

[[nodiscard]] int version_command(bool json);

}  // namespace ridley::app
