// SPDX-License-Identifier: Apache-2.0
// In: nothing but where to look. Out: what is wrong with this machine for trading, and the command
// for each. `ridley doctor`. Cold.
#pragma once

#include <iosfwd>
#include <string>

namespace ridley::control {

struct DoctorOptions {
  bool json = false;
  std::string root = "/";  // where /proc and /sys are
};

// Findings to out, the count of warnings to messages. Zero whatever it finds: a warning is advice.
[[nodiscard]] int doctor(const DoctorOptions& options, std::ostream& out, std::ostream& messages);

// The same on the standard streams. Throws base::Error (EX_IOERR) when nobody takes the output.
[[nodiscard]] int doctor_command(const DoctorOptions& options);

}  // namespace ridley::control
