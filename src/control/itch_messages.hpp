// SPDX-License-Identifier: Apache-2.0
// In: the name of a file ("-": the standard input): ITCH messages behind two-byte lengths, the
// zero-prefixed variant, or a capture (pcap, pcapng) of a MoldUDP64 feed; plain, gzip or xz.
// Out: its messages in order, each once, and what was wrong. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ridley::control {

struct ItchMessage {
  std::span<const std::byte> bytes;  // valid until the next call
  std::uint64_t sequence;
  std::uint64_t missing_before;  // messages that were sent and are not in the capture
};

class ItchMessages {
 public:
  // Throws base::Error: EX_NOINPUT when there is no such file.
  explicit ItchMessages(const std::string& name);
  ~ItchMessages();
  ItchMessages(const ItchMessages&) = delete;
  ItchMessages& operator=(const ItchMessages&) = delete;

  // False at the end. A file that is cut off or damaged ends early, see complaints(). Captures:
  // one line or several copies of it; the first session counts, others are refused.
  [[nodiscard]] bool next(ItchMessage& message);

  // Sentences about all that was not as it should be.
  [[nodiscard]] std::vector<std::string> complaints() const;
  // Some bytes could not be used: cut off, damaged, or malformed packets.
  [[nodiscard]] bool malformed() const;

  // For progress; the size is 0 where nobody knows.
  [[nodiscard]] std::uint64_t file_offset() const;
  [[nodiscard]] std::uint64_t file_size() const;

  // One form of input.
  class Source;

 private:
  std::unique_ptr<Source> source_;
};

}  // namespace ridley::control
