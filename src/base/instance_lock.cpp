// SPDX-License-Identifier: Apache-2.0
#include "base/instance_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace ridley::base {
namespace {

constexpr mode_t kLockMode = 0644;

std::string holder(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t length = ::pread(descriptor, text.data(), text.size() - 1, 0);
  std::string id{text.data(), static_cast<std::size_t>(length > 0 ? length : 0)};
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id.empty() ? "unknown" : id;
}

}  // namespace

InstanceLock::InstanceLock(std::filesystem::path file, std::string_view taken)
    : file_{std::move(file)} {
  // Children must not keep the lock alive.
  descriptor_ =
      Descriptor{::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode)};
  if (!descriptor_) {
    throw Error::with_exit(errno == EACCES ? EX_NOPERM : EX_CANTCREAT, file_.string(), ": ",
                           std::strerror(errno));
  }
  if (::flock(descriptor_.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      throw Error::with_exit(EX_OSERR, file_.string(), ": ", std::strerror(errno));
    }
    throw Error::with_exit(EX_TEMPFAIL, taken, ": process ", holder(descriptor_.number()),
                           " holds ", file_.string());
  }
  const std::string id = std::to_string(::getpid()) + "\n";
  const bool written =
      ::ftruncate(descriptor_.number(), 0) == 0 &&
      ::pwrite(descriptor_.number(), id.data(), id.size(), 0) == static_cast<ssize_t>(id.size());
  if (!written) {
    throw Error::with_exit(EX_IOERR, file_.string(), ": ", std::strerror(errno));
  }
}

InstanceLock::~InstanceLock() {
  // The file stays: were it removed, a process that has it open already could lock it beside one
  // that makes it anew. Without an id it says that nobody runs.
  if (descriptor_ && ::ftruncate(descriptor_.number(), 0) != 0) return;
}

}  // namespace ridley::base
