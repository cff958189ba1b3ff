// SPDX-License-Identifier: Apache-2.0
// In: a path under the machine's root. Out: what the file there says, or nothing. Cold.
#include "control/machine_files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>

namespace ridley::control {

namespace fs = std::filesystem;

bool MachineFiles::has(const std::string& path) const {
  std::error_code ignored;
  return fs::exists(root_ / path, ignored);
}

std::optional<std::string> MachineFiles::text(const std::string& path) const {
  std::ifstream file{root_ / path};
  if (!file) return std::nullopt;
  std::string content{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad()) return std::nullopt;
  while (!content.empty() && (content.back() == '\n' || content.back() == ' ')) content.pop_back();
  return content;
}

std::optional<long> MachineFiles::number(const std::string& path) const {
  const auto content = text(path);
  if (!content) return std::nullopt;
  long value = 0;
  const char* end = content->data() + content->size();
  const auto [stopped, error] = std::from_chars(content->data(), end, value);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

std::vector<std::string> MachineFiles::names(const std::string& folder,
                                             const std::string& start) const {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{root_ / folder, ignored}) {
    std::string name = entry.path().filename().string();
    if (name.starts_with(start)) found.push_back(std::move(name));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<std::string> MachineFiles::link_name(const std::string& path) const {
  std::error_code error;
  const fs::path target = fs::read_symlink(root_ / path, error);
  if (error) return std::nullopt;
  return target.filename().string();
}

}  // namespace ridley::control
