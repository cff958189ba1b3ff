// SPDX-License-Identifier: Apache-2.0
#include "card/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace ridley::card {
namespace {

namespace fs = std::filesystem;
using base::Descriptor;
using base::Error;

[[noreturn]] void fail(const fs::path& path, int otherwise) {
  const int reason = errno;
  const bool forbidden = reason == EACCES || reason == EPERM || reason == EROFS;
  throw Error::with_exit(forbidden ? EX_NOPERM : otherwise, path.string(), ": ",
                         std::strerror(reason));
}

Descriptor open_file(const fs::path& path, int flags, int otherwise, mode_t mode = 0) {
  Descriptor descriptor{::open(path.c_str(), flags | O_CLOEXEC, mode)};
  if (!descriptor) fail(path, otherwise);
  return descriptor;
}

template <typename Container>
Container read_whole(const fs::path& path, std::size_t bytes_max) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status{};
  if (!file || ::fstat(file.number(), &status) != 0) {
    throw Error::with_exit(EX_NOINPUT, path.string(), ": cannot open: ", std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) throw Error::with_exit(EX_NOINPUT, path.string(), ": is a folder");
  if (!S_ISREG(status.st_mode)) throw Error::with_exit(EX_NOINPUT, path.string(), ": is no file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > bytes_max) {
    throw Error::with_exit(EX_DATAERR, path.string(), ": has ", size, " bytes, at most ", bytes_max,
                           " are read");
  }
  Container content(size, {});
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.number(), content.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Error::with_exit(EX_IOERR, path.string(), ": cannot read: ", std::strerror(errno));
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

void write_all(const Descriptor& file, const fs::path& path, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, EX_IOERR);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void sync(const Descriptor& file, const fs::path& path) {
  if (::fsync(file.number()) != 0) fail(path, EX_IOERR);
}

}  // namespace

std::vector<std::byte> read_bytes(const fs::path& file, std::size_t bytes_max) {
  return read_whole<std::vector<std::byte>>(file, bytes_max);
}

std::string read_text(const fs::path& file, std::size_t bytes_max) {
  return read_whole<std::string>(file, bytes_max);
}

void DiskWriter::make_folder(const fs::path& folder) const {
  std::error_code unknown;
  if (fs::is_directory(folder, unknown)) return;
  const fs::path above = fs::absolute(folder).lexically_normal().parent_path();
  if (!fs::exists(above, unknown)) make_folder(above);
  about_to("make " + folder.filename().string());
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) fail(folder, EX_CANTCREAT);
  sync_folder(above);
}

void DiskWriter::create(const fs::path& file, std::span<const std::byte> bytes, mode_t mode) const {
  about_to("create " + file.filename().string());
  const Descriptor made =
      open_file(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, EX_CANTCREAT, mode);
  about_to("write " + file.filename().string());
  write_all(made, file, bytes);
  about_to("sync " + file.filename().string());
  sync(made, file);
}

void DiskWriter::replace(const fs::path& file, std::string_view text) const {
  const fs::path fresh = file.string() + ".new";
  // What a process left that died here.
  if (::unlink(fresh.c_str()) != 0 && errno != ENOENT) fail(fresh, EX_CANTCREAT);
  create(fresh, std::as_bytes(std::span{text}));
  about_to("replace " + file.filename().string());
  if (::rename(fresh.c_str(), file.c_str()) != 0) fail(file, EX_CANTCREAT);
  sync_folder(file.parent_path());
}

void DiskWriter::append(const fs::path& file, std::string_view text) const {
  std::error_code unknown;
  const bool is_new = !fs::exists(file, unknown);
  about_to("open " + file.filename().string());
  const Descriptor opened =
      open_file(file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, EX_CANTCREAT, 0644);
  about_to("append to " + file.filename().string());
  write_all(opened, file, std::as_bytes(std::span{text}));
  about_to("sync " + file.filename().string());
  sync(opened, file);
  if (is_new) sync_folder(file.parent_path());
}

void DiskWriter::cut(const fs::path& file, std::size_t bytes) const {
  about_to("cut " + file.filename().string());
  const Descriptor opened = open_file(file, O_WRONLY | O_NOFOLLOW, EX_CANTCREAT);
  if (::ftruncate(opened.number(), static_cast<off_t>(bytes)) != 0) fail(file, EX_IOERR);
  sync(opened, file);
}

void DiskWriter::rename(const fs::path& from, const fs::path& to) const {
  about_to("rename to " + to.filename().string());
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    fail(to, EX_CANTCREAT);
  }
  sync_folder(to.parent_path());
}

void DiskWriter::exchange(const fs::path& one, const fs::path& other) const {
  about_to("exchange " + other.filename().string());
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) != 0) {
    fail(other, EX_CANTCREAT);
  }
  sync_folder(other.parent_path());
}

void DiskWriter::remove_folder(const fs::path& folder) const {
  for (const fs::directory_entry& entry : fs::directory_iterator{folder}) {
    about_to("remove " + entry.path().filename().string());
    std::error_code failed;
    fs::remove_all(entry.path(), failed);
    if (failed) {
      errno = failed.value();
      fail(entry.path(), EX_IOERR);
    }
  }
  about_to("remove " + folder.filename().string());
  if (::rmdir(folder.c_str()) != 0) fail(folder, EX_IOERR);
}

void DiskWriter::sync_folder(const fs::path& named) const {
  const fs::path folder = named.empty() ? "." : named;
  about_to("sync folder " + folder.filename().string());
  sync(open_file(folder, O_RDONLY | O_DIRECTORY, EX_CANTCREAT), folder);
}

}  // namespace ridley::card
