// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hot_log_writer.hpp"

#include <zlib.h>

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace ridley::telemetry {
namespace {

template <typename Integer>
void append(std::string& bytes, Integer value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_text(std::string& bytes, std::string_view text) {
  append(bytes, static_cast<std::uint16_t>(text.size()));
  bytes.append(text);
}

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string header_of(std::span<const LogFormat> formats, std::uint64_t start_ns,
                      std::uint32_t number) {
  std::string header;
  append(header, kLogMagic);
  append(header, kLogVersion);
  append(header, static_cast<std::uint16_t>(formats.size()));
  append(header, std::uint32_t{0});
  append(header, start_ns);
  append(header, number);
  for (const LogFormat& format : formats) {
    append(header, static_cast<std::uint8_t>(format.severity));
    append(header, format.argument_count);
    for (std::size_t i = 0; i < format.argument_count; ++i) {
      append(header, static_cast<std::uint8_t>(format.arguments[i]));
    }
    append_text(header, format.text);
    append_text(header, format.file);
    append(header, format.line);
  }
  const auto length = static_cast<std::uint32_t>(header.size() + kLogChecksumBytes);
  std::memcpy(header.data() + 12, &length, sizeof length);
  append(header, checksum_of(header));
  return header;
}

}  // namespace

HotLogWriter::HotLogWriter(Options options, std::span<const LogFormat> formats)
    : options_{std::move(options)}, formats_{formats}, last_ns_{options_.start_ns} {
  open();
}

HotLogWriter::~HotLogWriter() {
  try {
    close(last_ns_);
  } catch (const base::Error&) {
    // The file then has no end mark, and who reads it is told so.
  }
}

std::filesystem::path HotLogWriter::path_of(std::uint32_t age) const {
  const std::string middle = age == 0 ? "" : "." + std::to_string(age);
  return options_.folder / (options_.name + middle + ".rlog");
}

// The current file becomes the newest of the old ones, and the oldest is no more.
void HotLogWriter::open() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::remove(path_of(options_.files_max - 1), ignored);
  for (std::uint32_t age = options_.files_max - 1; age > 0; --age) {
    if (fs::exists(path_of(age - 1), ignored)) fs::rename(path_of(age - 1), path_of(age), ignored);
  }
  file_.open(path(), std::ios::binary | std::ios::trunc);
  if (!file_) throw base::Error::with_exit(EX_CANTCREAT, "cannot write ", path().string());
  pending_ = header_of(formats_, options_.start_ns, number_++);
  file_bytes_ = header_bytes_ = pending_.size();
  flush();
}

void HotLogWriter::drain(HotLogRing& log, std::uint64_t now_ns) {
  last_ns_ = now_ns;
  LogRecord record;
  while (log.pop(record)) {
    const std::size_t count = formats_[record.format].argument_count;
    write_frame(LogFrame::Record, record.format, record.ns,
                std::span{record.arguments}.first(count));
  }
  if (const std::uint64_t lost = log.lost(); lost != lost_said_) {
    const std::array<std::uint64_t, 1> more{lost - std::exchange(lost_said_, lost)};
    write_frame(LogFrame::Lost, 0, now_ns, more);
  }
  flush();
}

void HotLogWriter::close(std::uint64_t now_ns) {
  if (!file_.is_open()) return;
  write_frame(LogFrame::End, 0, now_ns, {});
  flush();
  file_.close();
}

// A file keeps room for its end mark, and has one record at least, however small it may be.
void HotLogWriter::make_room_for(std::size_t bytes, std::uint64_t ns) {
  const std::uint64_t share = options_.bytes_max / options_.files_max;
  if (file_bytes_ + bytes + kLogFrameFixedBytes <= share || file_bytes_ == header_bytes_) return;
  close(ns);
  open();
}

void HotLogWriter::write_frame(LogFrame kind, std::uint16_t format, std::uint64_t ns,
                               std::span<const std::uint64_t> arguments) {
  const std::size_t bytes = kLogFrameFixedBytes + arguments.size_bytes();
  if (kind != LogFrame::End) make_room_for(bytes, ns);
  const std::size_t begin = pending_.size();
  append(pending_, static_cast<std::uint8_t>(kind));
  append(pending_, static_cast<std::uint8_t>(arguments.size()));
  append(pending_, format);
  append(pending_, std::uint32_t{0});
  append(pending_, ns);
  for (const std::uint64_t argument : arguments) append(pending_, argument);
  const std::uint32_t checksum = checksum_of(std::string_view{pending_}.substr(begin));
  std::memcpy(pending_.data() + begin + kLogChecksumAt, &checksum, sizeof checksum);
  file_bytes_ += bytes;
}

void HotLogWriter::flush() {
  if (pending_.empty()) return;
  file_.write(pending_.data(), static_cast<std::streamsize>(pending_.size()));
  file_.flush();
  pending_.clear();
  if (!file_) {
    throw base::Error::with_exit(EX_IOERR, "cannot write ", path().string(), ": is the disk full?");
  }
}

}  // namespace ridley::telemetry
