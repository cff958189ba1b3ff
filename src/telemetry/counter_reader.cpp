// SPDX-License-Identifier: Apache-2.0
#include "telemetry/counter_reader.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace ridley::telemetry {
namespace {

std::string_view name_of(const PageEntry& row) {
  return {row.name.data(), ::strnlen(row.name.data(), row.name.size())};
}

bool is_number(const PageEntry& row) {
  return (row.kind == EntryKind::Count || row.kind == EntryKind::Level) && row.length == 1;
}

bool is_histogram(const PageEntry& row) {
  return row.kind == EntryKind::Histogram && row.digits >= 1 &&
         row.digits <= HistogramShape::kDigitsMax && row.highest >= 2 &&
         HistogramShape{row.digits, row.highest}.counts() == row.length;
}

}  // namespace

CounterReader::CounterReader(const std::filesystem::path& path) : path_{path} {
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file_ < 0) {
    throw base::Error::with_exit(errno == EACCES ? EX_NOPERM : EX_NOINPUT, path.string(),
                                 ": cannot open: ", std::strerror(errno));
  }
  try {
    map();
  } catch (...) {
    if (begin_ != nullptr) ::munmap(const_cast<std::byte*>(begin_), bytes_);
    ::close(file_);
    throw;
  }
}

CounterReader::~CounterReader() {
  ::munmap(const_cast<std::byte*>(begin_), bytes_);
  ::close(file_);
}

void CounterReader::map() {
  struct stat status{};
  if (::fstat(file_, &status) != 0 || status.st_size < static_cast<off_t>(sizeof(PageHead)) ||
      static_cast<std::uint64_t>(status.st_size) > kPageBytesMax) {
    throw base::Error::with_exit(EX_DATAERR, path_.string(), ": not a counter page: its size is ",
                                 status.st_size);
  }
  bytes_ = static_cast<std::size_t>(status.st_size);
  void* mapped = ::mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, file_, 0);
  if (mapped == MAP_FAILED) {
    throw base::Error::with_exit(EX_OSERR, path_.string(), ": cannot map: ", std::strerror(errno));
  }
  begin_ = static_cast<const std::byte*>(mapped);
  if (const char* why = fault()) {
    throw base::Error::with_exit(EX_DATAERR, path_.string(), ": not a counter page: ", why);
  }
}

const char* CounterReader::fault() const {
  const PageHead& page = head();
  if (page.magic != kPageMagic) return "wrong magic";
  if (page.head_bytes < sizeof(PageHead) || page.head_bytes % 8 != 0) return "its head is bent";
  if (page.entry_bytes < sizeof(PageEntry) || page.entry_bytes % 8 != 0) return "its table is bent";
  if (page.page_bytes != bytes_) return "it is cut short";
  const std::uint64_t table = std::uint64_t{page.entries_max} * page.entry_bytes;
  if (page.head_bytes > bytes_ || table > bytes_ - page.head_bytes) return "its table is too long";
  return nullptr;
}

std::vector<const PageEntry*> CounterReader::rows() const {
  std::vector<const PageEntry*> result;
  // Acquire: pairs with the writer's release, the rows counted are whole.
  const std::uint32_t there = head().entries.load(std::memory_order_acquire);
  const std::uint32_t count = std::min(there, head().entries_max);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto* row = reinterpret_cast<const PageEntry*>(begin_ + head().head_bytes +
                                                         std::size_t{i} * head().entry_bytes);
    const std::uint64_t length = std::uint64_t{row->length} * sizeof(std::uint64_t);
    const bool inside =
        row->offset % 8 == 0 && row->offset <= bytes_ && length <= bytes_ - row->offset;
    if (inside) result.push_back(row);
  }
  return result;
}

const PageEntry* CounterReader::find(std::string_view name) const {
  for (const PageEntry* row : rows()) {
    if (name_of(*row) == name) return row;
  }
  return nullptr;
}

std::span<const std::atomic<std::uint64_t>> CounterReader::cells(const PageEntry& row) const {
  const auto* first = reinterpret_cast<const std::atomic<std::uint64_t>*>(begin_ + row.offset);
  return {first, row.length};
}

std::int64_t CounterReader::value(const PageEntry& row) const {
  return static_cast<std::int64_t>(cells(row).front().load(std::memory_order_relaxed));
}

std::vector<CounterReader::Number> CounterReader::numbers() const {
  std::vector<Number> result;
  for (const PageEntry* row : rows()) {
    if (is_number(*row)) result.push_back({name_of(*row), value(*row), row->kind});
  }
  return result;
}

std::optional<std::int64_t> CounterReader::number(std::string_view name) const {
  const PageEntry* row = find(name);
  if (row == nullptr || !is_number(*row)) return std::nullopt;
  return value(*row);
}

std::vector<std::string_view> CounterReader::histogram_names() const {
  std::vector<std::string_view> result;
  for (const PageEntry* row : rows()) {
    if (is_histogram(*row)) result.push_back(name_of(*row));
  }
  return result;
}

std::optional<HistogramValues> CounterReader::histogram(std::string_view name) const {
  const PageEntry* row = find(name);
  if (row == nullptr || !is_histogram(*row)) return std::nullopt;
  return HistogramValues{HistogramShape{row->digits, row->highest}, cells(*row)};
}

std::span<const std::atomic<std::uint64_t>> CounterReader::histogram_counts(
    std::string_view name) const {
  const PageEntry* row = find(name);
  if (row == nullptr || !is_histogram(*row)) return {};
  return cells(*row);
}

bool CounterReader::stale() const {
  // The writer holds an exclusive lock for as long as it lives.
  if (::flock(file_, LOCK_SH | LOCK_NB) != 0) return false;
  ::flock(file_, LOCK_UN);
  return true;
}

bool CounterReader::replaced() const {
  struct stat ours{};
  struct stat there{};
  if (::fstat(file_, &ours) != 0) return true;
  if (::lstat(path_.c_str(), &there) != 0) return false;  // gone, not replaced
  return ours.st_ino != there.st_ino || ours.st_dev != there.st_dev;
}

}  // namespace ridley::telemetry
