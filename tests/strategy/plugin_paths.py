# SPDX-License-Identifier: Apache-2.0
"""Writes a header with the paths of the plug-ins that the tests load.

In: the header's path, the plug-ins. Depending on this header makes the plug-ins be built first.
"""

import os
import sys

paths = [os.path.abspath(path) for path in sys.argv[2:]]
with open(sys.argv[1], "w", encoding="utf-8") as header:
    header.write(f"""// SPDX-License-Identifier: Apache-2.0
// Made by plugin_paths.py; never edited.
#pragma once

#include <array>
#include <string_view>

namespace ridley::test {{

inline constexpr std::array<std::string_view, {len(paths)}> kPluginPaths{{
""")
    header.writelines(f'    "{path}",\n' for path in paths)
    header.write("};\n\n}  // namespace ridley::test\n")
