// SPDX-License-Identifier: Apache-2.0
#include "app/version_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include "app/version.hpp"

namespace ridley::app {

int version_command(bool json) {
  if (json) {
    fmt::print("{{\"version\": \"{}\", \"compiler\": \"{}\", \"build_type\": \"{}\"}}\n", kVersion,
               kCompiler, kBuildType);
  } else {
    fmt::print("ridley {} ({}, {})\n", kVersion, kCompiler, kBuildType);
  }
  return EX_OK;
}

}  // namespace ridley::app
