// SPDX-License-Identifier: Apache-2.0
// In: a CME order-by-order recording in Databento's DBN form (versions 1 to 3, not compressed with
// zstd): a head, then records that say their own length. Out: what became of each order, in order.
// A fill comes as the execution of the order that rested; what the recording then takes from that
// order for it is not taken twice. Prices are in 1/10,000, instruments numbered as they appear.
// Cold; one thread. Source: Databento Binary Encoding (DBN), record of kind 0xA0 (MBO).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <unordered_map>

#include "base/byte_source.hpp"
#include "event/records.hpp"

namespace ridley::feed {

class MboFile {
 public:
  struct Counts {
    std::uint64_t records;  // of orders
    std::uint64_t others;   // of another kind, left out
    std::uint64_t wrong;    // of orders, but with a price, side or quantity that is none
    std::uint64_t first_wrong_offset;
  };

  // Whether a file that begins like this is one; zstd's mark says that it may be one within.
  [[nodiscard]] static bool is_mbo(std::span<const std::byte> head) noexcept;
  [[nodiscard]] static bool is_zstd(std::span<const std::byte> head) noexcept;

  // Throws base::Error (EX_DATAERR) where the head is cut off or of another version.
  explicit MboFile(base::ByteSource source);

  // False at the end. Throws base::Error (EX_DATAERR) where a record is cut off.
  [[nodiscard]] bool next(event::MarketEvent& event);

  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
  [[nodiscard]] const base::ByteSource& source() const noexcept { return source_; }

 private:
  static constexpr std::size_t kRecordBytesMax = 255 * 4;

  [[nodiscard]] bool read_record();
  void read_whole(std::span<std::byte> to, const char* what);
  void take_record();
  void wrong();
  [[nodiscard]] std::uint16_t locate_of(std::uint32_t instrument);
  void emit(event::MarketEvent event);
  void cancel(event::MarketEvent event, std::uint64_t order_id, std::uint32_t quantity);
  void modify(event::MarketEvent event, const event::MarketEvent::ModifyOrder& changed);

  base::ByteSource source_;
  std::array<std::byte, kRecordBytesMax> record_{};
  std::size_t size_ = 0;
  std::uint64_t offset_ = 0;  // of the record
  std::uint64_t sequence_ = 0;
  std::unordered_map<std::uint32_t, std::uint16_t> locates_;
  // Of orders that were filled, until their next record, which takes the quantity away.
  std::unordered_map<std::uint64_t, std::uint32_t> filled_;
  std::deque<event::MarketEvent> events_;
  Counts counts_{};
};

}  // namespace ridley::feed
