// SPDX-License-Identifier: Apache-2.0
#include "order/sequence_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>

#include "base/error.hpp"
#include "order/soup_packet.hpp"

namespace ridley::order {
namespace {

constexpr std::uint64_t kMagic = 0x5249'444C'5345'5131;  // "RIDLSEQ1"

struct Record {
  std::uint64_t magic = kMagic;
  std::uint64_t generation = 0;
  std::uint64_t next_sequence = 0;
  std::array<char, 16> session{};
  std::uint64_t reserved = 0;
  std::uint64_t checksum = 0;
};
static_assert(sizeof(Record) == 56);
static_assert(sizeof(Record::session) >= kSessionBytes);

// Each in a sector of its own.
constexpr std::size_t kRecordEveryBytes = 512;
constexpr std::size_t kRecords = 2;

// FNV-1a over everything before it.
std::uint64_t checksum_of(const Record& record) noexcept {
  std::uint64_t sum = 0xCBF2'9CE4'8422'2325ULL;
  const auto bytes = std::as_bytes(std::span{&record, 1}).first(offsetof(Record, checksum));
  for (const std::byte byte : bytes)
    sum = (sum ^ static_cast<std::uint64_t>(byte)) * 0x0000'0100'0000'01B3ULL;
  return sum;
}

std::optional<Record> read_record(int file, std::size_t which) noexcept {
  Record record;
  const auto at = static_cast<off_t>(which * kRecordEveryBytes);
  if (::pread(file, &record, sizeof record, at) != sizeof record) return std::nullopt;
  if (record.magic != kMagic || record.checksum != checksum_of(record)) return std::nullopt;
  return record;
}

}  // namespace

SequenceFile::SequenceFile(const std::filesystem::path& path)
    : file_{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)} {
  if (!file_)
    throw base::Error::with_exit(EX_CANTCREAT, "cannot open ", path.string(), ": ",
                                 std::strerror(errno));
  for (std::size_t which = 0; which < kRecords; ++which) {
    const auto record = read_record(file_.number(), which);
    if (!record || record->generation < generation_) continue;
    generation_ = record->generation;
    const auto end = std::find(record->session.begin(), record->session.end(), '\0');
    found_ = {.session = {record->session.begin(), end}, .next_sequence = record->next_sequence};
  }
}

bool SequenceFile::keep(std::string_view session, std::uint64_t next_sequence) noexcept {
  Record record{.generation = generation_ + 1, .next_sequence = next_sequence};
  std::copy_n(session.begin(), std::min(session.size(), kSessionBytes), record.session.begin());
  record.checksum = checksum_of(record);
  const auto at = static_cast<off_t>(record.generation % kRecords * kRecordEveryBytes);
  if (::pwrite(file_.number(), &record, sizeof record, at) != sizeof record) return false;
  generation_ = record.generation;
  return true;
}

}  // namespace ridley::order
