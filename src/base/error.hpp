// SPDX-License-Identifier: Apache-2.0
// In: what was asked and what went wrong, with the numbers. Out: an exception with one sentence and
// the exit code of sysexits.h that fits. Cold code only; caught in main and the command dispatcher.
#pragma once

#include <sysexits.h>

#include <sstream>
#include <stdexcept>
#include <string>

namespace ridley::base {

class Error : public std::runtime_error {
 public:
  // Parts are put together as a stream would.
  template <typename... Parts>
  explicit Error(const Parts&... parts) : std::runtime_error{sentence(parts...)} {}

  // As above, with an exit code other than EX_SOFTWARE.
  template <typename... Parts>
  [[nodiscard]] static Error with_exit(int exit_code, const Parts&... parts) {
    Error error{parts...};
    error.exit_code_ = exit_code;
    return error;
  }

  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }

 private:
  template <typename... Parts>
  static std::string sentence(const Parts&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    return text.str();
  }

  int exit_code_ = EX_SOFTWARE;
};

}  // namespace ridley::base
