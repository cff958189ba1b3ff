// SPDX-License-Identifier: Apache-2.0
// Out: a name for a file that nobody else has, where files are memory if the machine has that. Any
// core.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>

namespace ridley::simulation {

inline std::filesystem::path scratch_path() {
  static std::atomic<std::uint64_t> files{0};
  std::error_code none;
  const std::filesystem::path folder = std::filesystem::is_directory("/dev/shm", none)
                                           ? std::filesystem::path{"/dev/shm"}
                                           : std::filesystem::temp_directory_path();
  return folder / ("ridley-simulation-" + std::to_string(::getpid()) + "-" +
                   std::to_string(files.fetch_add(1)));
}

// Its file is gone when this is.
class ScratchFile {
 public:
  ScratchFile() : path_{scratch_path()} {}
  ~ScratchFile() {
    std::error_code none;
    std::filesystem::remove(path_, none);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace ridley::simulation
