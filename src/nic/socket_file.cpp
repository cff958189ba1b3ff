// SPDX-License-Identifier: Apache-2.0
// In: the path of a Unix socket. Out: whether somebody listens there. Cold.
#include "nic/socket_file.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "base/error.hpp"

namespace ridley::nic {

SocketFile look_at_socket(const std::string& path) noexcept {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return SocketFile::Absent;
  if (!S_ISSOCK(found.st_mode)) return SocketFile::NotASocket;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return SocketFile::NotASocket;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return SocketFile::Stale;
  const int failed = ::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(file);
  return failed == 0 ? SocketFile::Listening : SocketFile::Stale;
}

void remove_stale_socket(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    throw base::Error::with_exit(EX_CONFIG, "socket ", path, ": its folder is absent: mkdir -p ",
                                 folder.string());
  }
  switch (look_at_socket(path)) {
    case SocketFile::Absent: return;
    case SocketFile::Stale: ::unlink(path.c_str()); return;
    case SocketFile::Listening:
      throw base::Error::with_exit(EX_TEMPFAIL, "socket ", path,
                                   ": another process listens there already");
    case SocketFile::NotASocket:
      throw base::Error::with_exit(EX_CONFIG, "socket ", path,
                                   ": there is something else than a socket, or the path is longer "
                                   "than 107 bytes");
  }
}

}  // namespace ridley::nic
