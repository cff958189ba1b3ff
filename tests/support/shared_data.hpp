// SPDX-License-Identifier: Apache-2.0
// The recorded captures that lie beside the checkout on some machines. A test that needs one starts
// with RIDLEY_NEEDS_SHARED_DATA("itch/x.gz") and is skipped, with a line saying so, where it is
// absent.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ridley::test {

// RIDLEY_SHARED_DATA, else ../shared/data beside the checkout.
inline std::filesystem::path shared_data(const std::string& name = {}) {
  if (const char* folder = std::getenv("RIDLEY_SHARED_DATA")) {
    return std::filesystem::path{folder} / name;
  }
  const char* source = std::getenv("RIDLEY_SOURCE_FOLDER");
  return std::filesystem::path{source != nullptr ? source : "."} / "../shared/data" / name;
}

}  // namespace ridley::test

#define RIDLEY_NEEDS_SHARED_DATA(name)                                   \
  if (!std::filesystem::exists(::ridley::test::shared_data(name)))       \
  GTEST_SKIP() << "needs " << ::ridley::test::shared_data(name).string() \
               << ", which is not part of the project (set RIDLEY_SHARED_DATA)"
