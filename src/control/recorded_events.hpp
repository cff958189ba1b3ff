// SPDX-License-Identifier: Apache-2.0
// In: the name of a file ("-": the standard input), plain, gzip or xz: ITCH messages behind
// two-byte lengths, the zero-prefixed variant, a capture (pcap, pcapng) of any feed that is known,
// a LOBSTER message file, a CME order-by-order file (DBN). Out: its market events in order, each
// once, with doubts where something is missing, and what was wrong. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control/feed_protocol.hpp"
#include "event/records.hpp"
#include "feed/decode.hpp"

namespace ridley::control {

class RecordedEvents {
 public:
  // Without a protocol that of the first datagram that tells; others are left out and counted.
  // Throws base::Error: EX_NOINPUT when there is no such file, EX_DATAERR when it is no
  // capture and another protocol was asked for, or compressed in a way that is not read.
  explicit RecordedEvents(const std::string& name,
                          std::optional<FeedProtocol> protocol = std::nullopt);
  ~RecordedEvents();
  RecordedEvents(const RecordedEvents&) = delete;
  RecordedEvents& operator=(const RecordedEvents&) = delete;

  // False at the end. A file that is cut off or damaged ends early, see complaints(). Captures:
  // one line or several of a feed, whose packets need not be cut alike: what one lacks comes from
  // another. The first session counts, others are refused.
  [[nodiscard]] bool next(event::MarketEvent& event);

  // Sentences about all that was not as it should be.
  [[nodiscard]] std::vector<std::string> complaints() const;
  // Some bytes could not be used: cut off, damaged, or malformed packets.
  [[nodiscard]] bool malformed() const;
  // Of messages.
  [[nodiscard]] feed::DecodeCounters decoded() const;

  // For progress; the size is 0 where nobody knows.
  [[nodiscard]] std::uint64_t file_offset() const;
  [[nodiscard]] std::uint64_t file_size() const;

  // One form of input.
  class Source;

 private:
  std::unique_ptr<Source> source_;
};

}  // namespace ridley::control
