// SPDX-License-Identifier: Apache-2.0
#include "base/byte_source.hpp"

#include <fcntl.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ridley::base {

// Takes raw bytes off the front of `from`, writes to the front of `to`.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  // Returns bytes written; `from` shrinks by what was used. `last`: the file has no more.
  virtual std::size_t run(std::span<const std::byte>& from, std::span<std::byte> to, bool last) = 0;
  [[nodiscard]] virtual bool ended() const noexcept = 0;
};

namespace {

constexpr std::array<std::byte, 2> kGzipMagic{std::byte{0x1F}, std::byte{0x8B}};
constexpr std::array<std::byte, 6> kXzMagic{std::byte{0xFD}, std::byte{'7'}, std::byte{'z'},
                                            std::byte{'X'},  std::byte{'Z'}, std::byte{0}};

bool starts_with(std::span<const std::byte> bytes, std::span<const std::byte> magic) {
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

// Several gzip members one behind the other are one stream.
class Gzip final : public Decompressor {
 public:
  Gzip() {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw Error{"zlib does not start"};
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip() override { inflateEnd(&stream_); }

  std::size_t run(std::span<const std::byte>& from, std::span<std::byte> to, bool) override {
    if (member_ended_ && !from.empty()) {
      inflateReset(&stream_);
      member_ended_ = false;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(from.data()));
    stream_.avail_in = static_cast<uInt>(from.size());
    stream_.next_out = reinterpret_cast<Bytef*>(to.data());
    stream_.avail_out = static_cast<uInt>(to.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    from = from.last(stream_.avail_in);
    if (result == Z_STREAM_END) {
      member_ended_ = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      throw Error{"damaged gzip stream: ", stream_.msg != nullptr ? stream_.msg : "no reason"};
    }
    return to.size() - stream_.avail_out;
  }
  [[nodiscard]] bool ended() const noexcept override { return member_ended_; }

 private:
  z_stream stream_{};
  bool member_ended_ = false;
};

class Xz final : public Decompressor {
 public:
  Xz() {
    if (lzma_stream_decoder(&stream_, kMemoryMax, LZMA_CONCATENATED) != LZMA_OK) {
      throw Error{"liblzma does not start"};
    }
  }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;
  ~Xz() override { lzma_end(&stream_); }

  std::size_t run(std::span<const std::byte>& from, std::span<std::byte> to, bool last) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(from.data());
    stream_.avail_in = from.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(to.data());
    stream_.avail_out = to.size();
    const lzma_ret result = lzma_code(&stream_, last ? LZMA_FINISH : LZMA_RUN);
    from = from.last(stream_.avail_in);
    if (result == LZMA_STREAM_END) {
      ended_ = true;
    } else if (result != LZMA_OK && result != LZMA_BUF_ERROR) {
      throw Error{"damaged xz stream: liblzma says ", static_cast<int>(result)};
    }
    return to.size() - stream_.avail_out;
  }
  [[nodiscard]] bool ended() const noexcept override { return ended_; }

 private:
  // Above what `xz -9` needs (65 MiB).
  static constexpr std::uint64_t kMemoryMax = 1ULL << 30;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ended_ = false;
};

}  // namespace

ByteSource::ByteSource(std::string name)
    : name_{std::move(name)}, raw_{std::make_unique<std::byte[]>(kRawBytesMax)} {
  file_ = name_ == "-" ? dup(STDIN_FILENO) : open(name_.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (file_ < 0 || fstat(file_, &status) != 0) {
    const int reason = errno;
    if (file_ >= 0) close(file_);
    throw Error::with_exit(EX_NOINPUT, name_, ": cannot open: ", std::strerror(reason));
  }
  if (S_ISDIR(status.st_mode)) {
    close(file_);
    throw Error::with_exit(EX_NOINPUT, name_, ": is a folder");
  }
  if (S_ISREG(status.st_mode)) file_size_ = static_cast<std::uint64_t>(status.st_size);
  refill();
  if (starts_with(pending_, kGzipMagic)) decompressor_ = std::make_unique<Gzip>();
  if (starts_with(pending_, kXzMagic)) decompressor_ = std::make_unique<Xz>();
}

ByteSource::ByteSource(ByteSource&& other) noexcept
    : name_{std::move(other.name_)},
      file_{std::exchange(other.file_, -1)},
      offset_{other.offset_},
      file_offset_{other.file_offset_},
      file_size_{other.file_size_},
      raw_{std::move(other.raw_)},
      pending_{other.pending_},
      peeked_{std::move(other.peeked_)},
      file_ended_{other.file_ended_},
      decompressor_{std::move(other.decompressor_)},
      failure_{std::move(other.failure_)} {}

ByteSource::~ByteSource() {
  if (file_ >= 0) close(file_);
}

// A pipe gives little at a time; the buffer is filled all the same, so that the magic is whole.
void ByteSource::refill() {
  std::size_t size = 0;
  while (size < kRawBytesMax && !file_ended_) {
    const ssize_t got = ::read(file_, raw_.get() + size, kRawBytesMax - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      failure_ = Error::with_exit(EX_IOERR, name_, ": cannot read: ", std::strerror(errno));
      break;
    }
    file_ended_ = got == 0;
    size += static_cast<std::size_t>(got);
    if (size >= kXzMagic.size() && file_size_ == 0) break;  // a pipe: do not wait for more
  }
  file_offset_ += size;
  pending_ = {raw_.get(), size};
}

std::size_t ByteSource::read_plain(std::span<std::byte> to) {
  const std::size_t size = std::min(to.size(), pending_.size());
  std::copy_n(pending_.begin(), size, to.begin());
  pending_ = pending_.subspan(size);
  return size;
}

// Some bytes, or none at the end.
std::size_t ByteSource::read_some(std::span<std::byte> to) {
  while (true) {
    if (pending_.empty() && !file_ended_ && !failure_) refill();
    if (!decompressor_) return read_plain(to);
    const std::size_t left = pending_.size();
    const std::size_t size = decompressor_->run(pending_, to, file_ended_);
    if (size > 0) return size;
    const bool stuck = pending_.size() == left;
    if (stuck && (file_ended_ || failure_)) {
      if (!decompressor_->ended() && !failure_) {
        throw Error{"the compressed stream ends early"};
      }
      return 0;
    }
  }
}

// As much as there is; a failure is kept for the call that finds nothing before it.
std::size_t ByteSource::read_ahead(std::span<std::byte> to) {
  std::size_t size = 0;
  try {
    while (size < to.size()) {
      const std::size_t got = read_some(to.subspan(size));
      if (got == 0) break;
      size += got;
    }
  } catch (const Error& error) {
    failure_ = Error::with_exit(EX_DATAERR, name_, ": byte ", offset_ + peeked_.size() + size, ": ",
                                error.what());
  }
  return size;
}

std::span<const std::byte> ByteSource::peek(std::size_t size) {
  if (peeked_.size() < size && !failure_) {
    std::vector<std::byte> more(size - peeked_.size());
    more.resize(read_ahead(more));
    peeked_.insert(peeked_.end(), more.begin(), more.end());
  }
  return std::span{peeked_}.first(std::min(size, peeked_.size()));
}

std::size_t ByteSource::read(std::span<std::byte> to) {
  std::size_t size = std::min(to.size(), peeked_.size());
  std::copy_n(peeked_.begin(), size, to.begin());
  peeked_.erase(peeked_.begin(), peeked_.begin() + static_cast<std::ptrdiff_t>(size));
  offset_ += size;
  if (failure_ && size == 0) throw *failure_;
  if (peeked_.empty() && !failure_) {
    const std::size_t more = read_ahead(to.subspan(size));
    offset_ += more;
    size += more;
  }
  if (failure_ && size == 0) throw *failure_;
  return size;
}

}  // namespace ridley::base
