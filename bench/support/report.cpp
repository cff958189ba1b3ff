// SPDX-License-Identifier: Apache-2.0
#include "bench/support/report.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ridley::bench {
namespace {

std::string usage(const Contender& contender) {
  return fmt::format("usage: {}_{} [--json]{}{}\n", contender.task, contender.name,
                     contender.words.empty() ? "" : " ", contender.words);
}

std::string help(const Contender& contender) {
  return fmt::format("{}{}\n--json  print one JSON object\n", usage(contender), contender.timed);
}

std::string json_text(const Contender& contender, const Report& report) {
  nlohmann::ordered_json json{
      {"task", contender.task}, {"contender", contender.name}, {"timed", contender.timed}};
  if (report.digest_ok()) json["digest_ok"] = *report.digest_ok();
  if (report.digest()) json["digest"] = fmt::format("{:016x}", *report.digest());
  json["rows"] = nlohmann::ordered_json::array();
  for (const Report::Row& row : report.rows()) {
    nlohmann::ordered_json one{{"name", row.name}, {"unit", row.unit}, {"value", row.value}};
    for (const auto& [name, value] : row.more) one[name] = value;
    json["rows"].push_back(one);
  }
  return json.dump() + "\n";
}

std::string table_text(const Contender& contender, const Report& report) {
  std::string text = fmt::format("{} {}: {}\n", contender.task, contender.name, contender.timed);
  for (const Report::Row& row : report.rows()) {
    text += fmt::format("{:<24}{:>14.3f} {}", row.name, row.value, row.unit);
    for (const auto& [name, value] : row.more) text += fmt::format("  {} {:.3f}", name, value);
    text += '\n';
  }
  if (report.digest()) text += fmt::format("digest {:016x}\n", *report.digest());
  if (report.digest_ok()) text += *report.digest_ok() ? "checks passed\n" : "CHECKS FAILED\n";
  return text;
}

// One for each word that the contender takes.
std::size_t words_wanted(std::string_view names) {
  return names.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(names, ' ')) + 1;
}

int run(std::span<char*> words, const Contender& contender) {
  bool json = false;
  std::vector<std::string_view> rest;
  for (const std::string_view word : words) {
    if (word == "--help" || word == "-h") {
      std::cout << help(contender);
      return EX_OK;
    }
    if (word == "--json") {
      json = true;
    } else {
      rest.push_back(word);
    }
  }
  const bool option = std::ranges::any_of(rest, [](auto word) { return word.starts_with("--"); });
  if (option || rest.size() != words_wanted(contender.words)) {
    std::cerr << usage(contender);
    return EX_USAGE;
  }
  Report report;
  contender.measure(report, rest);
  std::cout << (json ? json_text(contender, report) : table_text(contender, report));
  if (!std::cout.flush()) throw base::Error::with_exit(EX_IOERR, "cannot write the output");
  return report.digest_ok().value_or(true) ? EX_OK : EX_DATAERR;
}

}  // namespace

Percentiles percentiles_of(std::span<double> values) {
  if (values.empty()) throw base::Error{"percentiles of no values"};
  std::ranges::sort(values);
  // The smallest value that so many are not above.
  const auto at = [&](double share) {
    const double rank = std::ceil(share * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
  };
  return {.p50 = at(0.50), .p99 = at(0.99), .p999 = at(0.999), .max = values.back()};
}

void Report::row(std::string name, std::string unit, double value) {
  rows_.push_back({std::move(name), std::move(unit), value, {}});
}

void Report::row(std::string name, std::string unit, const Percentiles& percentiles) {
  rows_.push_back(
      {std::move(name),
       std::move(unit),
       percentiles.p50,
       {{"p99", percentiles.p99}, {"p999", percentiles.p999}, {"max", percentiles.max}}});
}

int run_contender(int count, char** words, const Contender& contender) {
  try {
    return run({words + 1, static_cast<std::size_t>(count) - 1}, contender);
  } catch (const base::Error& error) {
    std::cerr << contender.task << '_' << contender.name << ": " << error.what() << '\n';
    return error.exit_code();
  } catch (const std::exception& error) {
    std::cerr << contender.task << '_' << contender.name << ": " << error.what() << '\n';
    return EX_SOFTWARE;
  }
}

}  // namespace ridley::bench
