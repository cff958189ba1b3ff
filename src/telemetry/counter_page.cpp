// SPDX-License-Identifier: Apache-2.0
#include "telemetry/counter_page.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/error.hpp"
#include "base/spsc_ring.hpp"

namespace ridley::telemetry {
namespace {

// The hops, a card's, one for each of three lines, and one more.
constexpr std::size_t kHistogramsMax = kHopCount + 5;
constexpr std::size_t kGroupsMax = 64;

[[noreturn]] void fail(const std::filesystem::path& path, const char* what) {
  throw base::Error::with_exit(EX_OSERR, path.string(), ": cannot ", what, ": ",
                               std::strerror(errno));
}

// The lock goes with the process, however it ends, so a page without one has no writer.
bool has_living_writer(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  const bool living = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return living;
}

}  // namespace

CounterPage::CounterPage(const Options& options) : path_{options.path} {
  const std::size_t table = sizeof(PageHead) + options.entries_max * sizeof(PageEntry);
  constexpr std::size_t kPageBytes = 4096;
  bytes_ = table + options.entries_max * sizeof(std::uint64_t) +
           kHistogramsMax * sizeof(HopHistogram) +
           (kGroupsMax + kHistogramsMax) * base::kNoFalseSharingBytes;
  bytes_ = (bytes_ + kPageBytes - 1) / kPageBytes * kPageBytes;
  used_ = table;
  create_file(options);
}

void CounterPage::create_file(const Options& options) {
  const std::filesystem::path building = path_.string() + ".building";
  file_ = ::open(building.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0)
    throw base::Error::with_exit(EX_CANTCREAT, building.string(),
                                 ": cannot create: ", std::strerror(errno));
  try {
    // Whoever holds this lock is the only one that may put a page in place; it stays on the file
    // when that gets its real name.
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0 || has_living_writer(path_)) {
      throw base::Error::with_exit(EX_TEMPFAIL, path_.string(),
                                   ": another process writes this page");
    }
    if (::ftruncate(file_, 0) != 0 || ::ftruncate(file_, static_cast<off_t>(bytes_)) != 0) {
      fail(building, "set the size of the page");
    }
    if (::fchmod(file_, options.permissions) != 0) fail(building, "set permissions");
    void* mapped =
        ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file_, 0);
    if (mapped == MAP_FAILED) fail(building, "map the page");
    begin_ = static_cast<std::byte*>(mapped);
    ::new (begin_) PageHead{kPageMagic,
                            kPageVersion,
                            sizeof(PageHead),
                            sizeof(PageEntry),
                            options.entries_max,
                            0,
                            static_cast<std::uint32_t>(::getpid()),
                            bytes_,
                            options.start_utc_ns,
                            options.start_utc_ns};
    if (::rename(building.c_str(), path_.c_str()) != 0) fail(path_, "put the page in place");
  } catch (...) {
    if (begin_ != nullptr) ::munmap(begin_, bytes_);
    ::close(file_);
    throw;
  }
}

CounterPage::~CounterPage() {
  ::unlink(path_.c_str());
  ::munmap(begin_, bytes_);
  ::close(file_);
}

PageEntry& CounterPage::entry(std::size_t row) noexcept {
  return reinterpret_cast<PageEntry*>(begin_ + sizeof(PageHead))[row];
}

void CounterPage::begin_group() {
  used_ = (used_ + base::kNoFalseSharingBytes - 1) / base::kNoFalseSharingBytes *
          base::kNoFalseSharingBytes;
}

std::byte* CounterPage::take(const Wanted& wanted) {
  const std::uint32_t rows = head().entries.load(std::memory_order_relaxed);
  if (wanted.name.empty() || wanted.name.size() >= kEntryNameBytes) {
    throw base::Error{"'", wanted.name, "' cannot be a counter's name: 1 to 47 letters"};
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (wanted.name == entry(row).name.data()) {
      throw base::Error{"the counter '", wanted.name, "' is there already"};
    }
  }
  const std::size_t offset = (used_ + wanted.alignment - 1) / wanted.alignment * wanted.alignment;
  const std::size_t end = offset + wanted.length * sizeof(std::uint64_t);
  if (rows == head().entries_max || end > bytes_) {
    throw base::Error{"no room for the counter '", wanted.name, "' behind ", rows, " others"};
  }
  PageEntry& row = entry(rows);
  std::copy(wanted.name.begin(), wanted.name.end(), row.name.begin());
  row.kind = wanted.kind;
  row.length = static_cast<std::uint32_t>(wanted.length);
  row.offset = offset;
  if (wanted.kind == EntryKind::Histogram) {
    row.digits = static_cast<std::uint8_t>(HopHistogram::kShape.digits());
    row.highest = HopHistogram::kShape.highest();
  }
  used_ = end;
  // Release: whoever sees the new number of rows sees the row.
  head().entries.store(rows + 1, std::memory_order_release);
  return begin_ + offset;
}

Counter CounterPage::counter(std::string_view name) {
  auto* place = take({name, EntryKind::Count, 1, sizeof(std::uint64_t)});
  return Counter{*::new (place) std::atomic<std::uint64_t>{0}};
}

Gauge CounterPage::gauge(std::string_view name) {
  auto* place = take({name, EntryKind::Level, 1, sizeof(std::int64_t)});
  return Gauge{*::new (place) std::atomic<std::int64_t>{0}};
}

HopHistogram& CounterPage::histogram(std::string_view name) {
  static_assert(sizeof(HopHistogram) == HopHistogram::kShape.counts() * sizeof(std::uint64_t));
  auto* place =
      take({name, EntryKind::Histogram, HopHistogram::kShape.counts(), base::kNoFalseSharingBytes});
  return *::new (place) HopHistogram;
}

HopHistograms CounterPage::hop_histograms() {
  HopHistograms hops;
  for (const Hop hop : kHops) {
    hops.of[static_cast<std::size_t>(hop)] = &histogram("hop." + std::string{telemetry::name(hop)});
  }
  return hops;
}

void CounterPage::beat(std::uint64_t utc_ns) noexcept {
  head().beat_utc_ns.store(utc_ns, std::memory_order_relaxed);
}

}  // namespace ridley::telemetry
