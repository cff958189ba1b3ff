// SPDX-License-Identifier: Apache-2.0
// In: a path under the machine's root. Out: what the file there says, or nothing. Cold.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ridley::control {

class MachineFiles {
 public:
  explicit MachineFiles(std::filesystem::path root) : root_{std::move(root)} {}

  [[nodiscard]] bool has(const std::string& path) const;
  // Without the line's end.
  [[nodiscard]] std::optional<std::string> text(const std::string& path) const;
  [[nodiscard]] std::optional<long> number(const std::string& path) const;
  // The names in a folder that start so, sorted; folder "sys/bus/pci/devices".
  [[nodiscard]] std::vector<std::string> names(const std::string& folder,
                                               const std::string& start = {}) const;
  // The last part of what a symbolic link points to.
  [[nodiscard]] std::optional<std::string> link_name(const std::string& path) const;

 private:
  std::filesystem::path root_;
};

}  // namespace ridley::control
