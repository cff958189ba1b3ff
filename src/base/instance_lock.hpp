// SPDX-License-Identifier: Apache-2.0
// In: the path of a lock file. Out: the certainty that no other process holds it, as long as this
// object lives. The file holds the process id; the kernel lets go when the process ends in whatever
// way, so a lock is never stale. Set-up only.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

#include "base/descriptor.hpp"

namespace ridley::base {

class InstanceLock {
 public:
  // EX_TEMPFAIL with `taken` and the other's process id; EX_CANTCREAT or EX_NOPERM when the file
  // cannot be had.
  explicit InstanceLock(std::filesystem::path file,
                        std::string_view taken = "another appliance runs already");
  ~InstanceLock();
  InstanceLock(InstanceLock&&) = default;
  InstanceLock(const InstanceLock&) = delete;
  InstanceLock& operator=(const InstanceLock&) = delete;

 private:
  std::filesystem::path file_;
  Descriptor descriptor_;
};

}  // namespace ridley::base
