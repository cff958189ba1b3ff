// SPDX-License-Identifier: Apache-2.0
// In: nothing but where to look. Out: what is wrong with this machine for trading, and the command
// for each. Cold.
#include "control/doctor_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"
#include "control/machine_checks.hpp"

namespace ridley::control {
namespace {

std::size_t count(const std::vector<Finding>& findings, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [verdict](const Finding& finding) { return finding.verdict == verdict; }));
}

void write_json(const std::vector<Finding>& findings, std::ostream& out) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"check", finding.check},
                    {"verdict", name(finding.verdict)},
                    {"seen", finding.seen},
                    {"mend", finding.mend}});
  }
  const nlohmann::ordered_json all{{"findings", list},
                                   {"ok", count(findings, Verdict::Ok)},
                                   {"warn", count(findings, Verdict::Warn)},
                                   {"unknown", count(findings, Verdict::Unknown)}};
  // A kernel's text is not always UTF-8.
  out << all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

void write_text(const std::vector<Finding>& findings, std::ostream& out) {
  for (const Finding& finding : findings) {
    out << fmt::format("{:<8} {:<24} {}\n", name(finding.verdict), finding.check, finding.seen);
    if (!finding.mend.empty()) out << fmt::format("{:<33} # {}\n", "", finding.mend);
  }
}

}  // namespace

int doctor(const DoctorOptions& options, std::ostream& out, std::ostream& messages) {
  const std::vector<Finding> findings = check_machine(options.root);
  if (options.json) {
    write_json(findings, out);
  } else {
    write_text(findings, out);
  }
  messages << fmt::format("{} ok, {} to mend, {} unknown\n", count(findings, Verdict::Ok),
                          count(findings, Verdict::Warn), count(findings, Verdict::Unknown));
  return EX_OK;
}

int doctor_command(const DoctorOptions& options) {
  const int result = doctor(options, std::cout, std::cerr);
  if (!std::cout.flush()) {
    throw base::Error::with_exit(EX_IOERR, "the findings could not be written");
  }
  return result;
}

}  // namespace ridley::control
