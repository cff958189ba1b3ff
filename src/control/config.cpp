// SPDX-License-Identifier: Apache-2.0
#include "control/config.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/error.hpp"

namespace ridley::control {
namespace {

std::string read_all(const std::filesystem::path& file) {
  if (file == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
  std::error_code none;
  std::ifstream stream{file, std::ios::binary};
  if (!stream || std::filesystem::is_directory(file, none)) {
    const int error = stream ? EISDIR : errno;
    throw base::Error::with_exit(EX_NOINPUT, file.string(), ": ", std::strerror(error));
  }
  return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

std::string Config::socket_path() const {
  return control.socket.empty() ? appliance.run_folder + "/" + appliance.name + ".sock"
                                : control.socket;
}

std::string Config::counters_path() const {
  if (!telemetry.counters.empty()) return telemetry.counters;
  return appliance.run_folder + "/" + appliance.name + ".counters";
}

std::string Config::sequence_path() const {
  return appliance.run_folder + "/" + appliance.name + ".sequence";
}

std::string Config::drop_copy_path() const {
  return appliance.run_folder + "/" + appliance.name + ".drop_copy";
}

std::string problems_text(const std::vector<Problem>& problems, const std::string& file_name) {
  std::string text;
  for (const auto& [place, sentence] : problems) {
    if (!text.empty()) text += '\n';
    text += file_name;
    if (place.line != 0) {
      text += ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
    }
    text += ": " + sentence;
  }
  return text;
}

CheckedConfig examine_config(const std::filesystem::path& file) {
  return check_config(read_all(file), file.string());
}

CheckedConfig read_config(const std::filesystem::path& file) {
  CheckedConfig checked = examine_config(file);
  if (!checked.problems.empty()) {
    throw base::Error::with_exit(EX_CONFIG, problems_text(checked.problems, file.string()));
  }
  return checked;
}

}  // namespace ridley::control
