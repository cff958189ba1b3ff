// SPDX-License-Identifier: Apache-2.0
// In: paths and bytes. Out: whole files in memory; files and folders that are on the disk, whole or
// not at all, when a call returns. Cold.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::card {

// The largest bitstreams of today's cards are about 200 MB.
inline constexpr std::size_t kBitstreamBytesMax = 512ULL << 20;
// Manifests, keys, state: a few kilobytes. Reports make a manifest longer, but not by this much.
inline constexpr std::size_t kTextBytesMax = 1ULL << 20;

// Throw base::Error: EX_NOINPUT where the file cannot be read, EX_DATAERR where it is longer.
[[nodiscard]] std::vector<std::byte> read_bytes(const std::filesystem::path& file,
                                                std::size_t bytes_max);
[[nodiscard]] std::string read_text(const std::filesystem::path& file, std::size_t bytes_max);

// Called before each system call that changes something on the disk, with what it is about to do.
using Step = std::function<void(std::string_view)>;

// What is done is on the disk before the next thing is begun. Everything throws base::Error:
// EX_NOPERM where this user may not, else EX_CANTCREAT or EX_IOERR.
class DiskWriter {
 public:
  explicit DiskWriter(Step step = {}) : step_{std::move(step)} {}

  // Also the folders above it; nothing where it is there already.
  void make_folder(const std::filesystem::path& folder) const;
  // A new file. What is there already is an error.
  void create(const std::filesystem::path& file, std::span<const std::byte> bytes,
              mode_t mode = 0644) const;
  // The old content or the new one, whenever the process dies.
  void replace(const std::filesystem::path& file, std::string_view text) const;
  // Adds to the end; a death may leave a part of it.
  void append(const std::filesystem::path& file, std::string_view text) const;
  void cut(const std::filesystem::path& file, std::size_t bytes) const;
  // `to` must not be there.
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) const;
  // Each gets the other's name, in one step.
  void exchange(const std::filesystem::path& one, const std::filesystem::path& other) const;
  void remove_folder(const std::filesystem::path& folder) const;
  void sync_folder(const std::filesystem::path& folder) const;

 private:
  void about_to(std::string_view what) const {
    if (step_) step_(what);
  }

  Step step_;
};

}  // namespace ridley::card
