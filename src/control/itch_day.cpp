// SPDX-License-Identifier: Apache-2.0
#include "control/itch_day.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "feed/blocks.hpp"

namespace ridley::control {
namespace {

constexpr std::size_t kLengthBytes = feed::Blocks::kLengthBytes;
constexpr std::size_t kPageBytes = 4096;

// Closed at the end of the scope; a mapping stays.
class OpenFile {
 public:
  OpenFile(int file, const std::string& name) : file_{file} {
    if (file < 0) {
      throw base::Error::with_exit(EX_NOINPUT, name, ": cannot open: ", std::strerror(errno));
    }
  }
  ~OpenFile() { ::close(file_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  operator int() const noexcept { return file_; }

 private:
  int file_;
};

void write_all(int file, std::span<const std::byte> bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw base::Error::with_exit(EX_OSERR, name, ": no memory for it: ", std::strerror(errno));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

ItchDay::ItchDay(const std::string& name, std::uint64_t messages_max) {
  feed::ItchFile file{name};
  const base::ByteSource& source = file.source();
  // The size of what comes through a pipe is unknown, and zero.
  const bool in_place = file.form() == feed::ItchFileForm::LengthPrefixed && name != "-" &&
                        source.file_size() != 0 && !source.compressed();
  in_place ? map_in_place(file, messages_max) : unpack(file, messages_max);
}

ItchDay::~ItchDay() {
  if (begin_ != nullptr) ::munmap(const_cast<std::byte*>(begin_), size_);
}

void ItchDay::map_in_place(feed::ItchFile& file, std::uint64_t messages_max) {
  feed::ItchFileMessage message;
  while (messages_ < messages_max && file.next(message)) {
    ++messages_;
    size_ = message.offset + kLengthBytes + message.bytes.size();
  }
  const std::string& name = file.source().name();
  map(OpenFile{::open(name.c_str(), O_RDONLY | O_CLOEXEC), name}, name);
}

void ItchDay::unpack(feed::ItchFile& file, std::uint64_t messages_max) {
  constexpr std::size_t kBufferBytes = 1 << 20;
  const std::string& name = file.source().name();
  const OpenFile memory{::memfd_create("itch_day", MFD_CLOEXEC), name};
  std::vector<std::byte> buffer;
  buffer.reserve(kBufferBytes + kLengthBytes + 65'535);
  feed::ItchFileMessage message;
  while (messages_ < messages_max && file.next(message)) {
    ++messages_;
    std::byte length[kLengthBytes];
    base::store_big_endian(length, static_cast<std::uint16_t>(message.bytes.size()));
    buffer.insert(buffer.end(), length, length + kLengthBytes);
    buffer.insert(buffer.end(), message.bytes.begin(), message.bytes.end());
    if (buffer.size() < kBufferBytes) continue;
    write_all(memory, buffer, name);
    size_ += buffer.size();
    buffer.clear();
  }
  write_all(memory, buffer, name);
  size_ += buffer.size();
  map(memory, name);
}

void ItchDay::map(int file, const std::string& name) {
  if (messages_ == 0) throw base::Error::with_exit(EX_DATAERR, name, ": byte 0: no message");
  void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
  if (mapped == MAP_FAILED) {
    throw base::Error::with_exit(EX_OSERR, name, ": cannot map: ", std::strerror(errno));
  }
  begin_ = static_cast<const std::byte*>(mapped);
  // Populating is a request that may be left undone; a page that is read is there.
  for (std::size_t at = 0; at < size_; at += kPageBytes) {
    static_cast<void>(*static_cast<const volatile std::byte*>(begin_ + at));
  }
}

}  // namespace ridley::control
