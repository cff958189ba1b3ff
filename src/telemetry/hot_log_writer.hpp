// SPDX-License-Identifier: Apache-2.0
// In: the records of a hot log. Out: files that explain themselves, the current one <name>.rlog and
// the older ones <name>.1.rlog, <name>.2.rlog ..., together no larger than told. Cold; one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "telemetry/hot_log.hpp"
#include "telemetry/hot_log_file.hpp"

namespace ridley::telemetry {

class HotLogWriter {
 public:
  struct Options {
    std::filesystem::path folder;
    std::string name = "events";
    std::uint64_t bytes_max = 16 << 20;  // of all files together
    std::uint32_t files_max = 4;
    std::uint64_t start_ns = 0;
  };

  // Files of an earlier run become older ones. Throws base::Error (EX_CANTCREAT).
  HotLogWriter(Options options, std::span<const LogFormat> formats);
  // Says that the file is whole where close() did not, and does not care whether it worked.
  ~HotLogWriter();
  HotLogWriter(const HotLogWriter&) = delete;
  HotLogWriter& operator=(const HotLogWriter&) = delete;

  // Writes what is in the ring and hands it to the kernel: it survives the process, not the
  // machine. Throws base::Error (EX_IOERR).
  void drain(HotLogRing& log, std::uint64_t now_ns);

  // The last words. Throws base::Error (EX_IOERR).
  void close(std::uint64_t now_ns);

  [[nodiscard]] std::filesystem::path path() const { return path_of(0); }

 private:
  [[nodiscard]] std::filesystem::path path_of(std::uint32_t age) const;
  void open();
  void make_room_for(std::size_t bytes, std::uint64_t ns);
  void write_frame(LogFrame kind, std::uint16_t format, std::uint64_t ns,
                   std::span<const std::uint64_t> arguments);
  void flush();

  Options options_;
  std::span<const LogFormat> formats_;
  std::ofstream file_;
  std::string pending_;  // written by the next flush
  std::uint64_t file_bytes_ = 0;
  std::uint64_t header_bytes_ = 0;
  std::uint64_t lost_said_ = 0;
  std::uint64_t last_ns_ = 0;
  std::uint32_t number_ = 0;
};

}  // namespace ridley::telemetry
