// SPDX-License-Identifier: Apache-2.0
#include "feed/mbo_file.hpp"

#include <sysexits.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "event/market_event.hpp"

namespace ridley::feed {

using event::EventKind;
using event::MarketEvent;
using event::Side;

namespace {

constexpr std::size_t kHeadBytes = 8;  // the mark, the version, how long the rest of the head is
constexpr std::uint8_t kVersionMax = 3;
constexpr std::size_t kRecordHeadBytes = 16;
constexpr std::byte kOrderRecord{0xA0};
constexpr std::size_t kOrderRecordBytes = 56;
constexpr std::byte kOfSnapshot{0x20};
// Prices are in 1/1,000,000,000; this many of them are one of ours.
constexpr std::int64_t kUnit_e9 = 100'000;

template <typename Number>
Number little_endian(std::span<const std::byte> bytes, std::size_t at) noexcept {
  Number number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

std::optional<std::uint32_t> price_e4_of(std::int64_t price_e9) noexcept {
  const std::int64_t price = price_e9 / kUnit_e9;
  if (price_e9 % kUnit_e9 != 0 || price <= 0 || price >= event::kPriceBeyond) return std::nullopt;
  return static_cast<std::uint32_t>(price);
}

bool starts_with(std::span<const std::byte> head, std::span<const char> mark) noexcept {
  return head.size() >= mark.size() && std::memcmp(head.data(), mark.data(), mark.size()) == 0;
}

}  // namespace

bool MboFile::is_mbo(std::span<const std::byte> head) noexcept {
  return starts_with(head, std::array{'D', 'B', 'N'});
}

bool MboFile::is_zstd(std::span<const std::byte> head) noexcept {
  return starts_with(head, std::array{'\x28', '\xB5', '\x2F', '\xFD'});
}

MboFile::MboFile(base::ByteSource source) : source_{std::move(source)} {
  std::array<std::byte, kHeadBytes> head{};
  read_whole(head, "the head");
  const auto version = static_cast<std::uint8_t>(head[3]);
  if (!is_mbo(head) || version == 0 || version > kVersionMax)
    throw base::Error::with_exit(EX_DATAERR, source_.name(), ": not DBN of version 1 to ",
                                 int{kVersionMax});
  std::uint32_t left = little_endian<std::uint32_t>(head, 4);
  while (left != 0) {
    const std::size_t some = std::min<std::size_t>(left, record_.size());
    read_whole(std::span{record_}.first(some), "the head");
    left -= static_cast<std::uint32_t>(some);
  }
}

bool MboFile::next(MarketEvent& event) {
  while (events_.empty()) {
    if (!read_record()) return false;
    take_record();
  }
  event = events_.front();
  events_.pop_front();
  return true;
}

void MboFile::read_whole(std::span<std::byte> to, const char* what) {
  if (source_.read(to) != to.size())
    throw base::Error::with_exit(EX_DATAERR, source_.name(), ": byte ", source_.offset(), ": ",
                                 what, " is cut off");
}

bool MboFile::read_record() {
  offset_ = source_.offset();
  const std::span<std::byte> record{record_};
  if (source_.read(record.first(1)) == 0) return false;
  size_ = std::to_integer<std::size_t>(record_[0]) * 4;
  if (size_ < kRecordHeadBytes)
    throw base::Error::with_exit(EX_DATAERR, source_.name(), ": byte ", offset_,
                                 ": a record of only ", size_, " bytes");
  read_whole(record.subspan(1, size_ - 1), "a record");
  return true;
}

void MboFile::wrong() {
  if (counts_.wrong++ == 0) counts_.first_wrong_offset = offset_;
}

// Actions: Add, Modify, Cancel, cleaR, Fill of the order that rested, Trade of the one that came.
void MboFile::take_record() {
  if (record_[1] != kOrderRecord || size_ < kOrderRecordBytes) {
    ++counts_.others;
    return;
  }
  ++counts_.records;
  const auto instrument = little_endian<std::uint32_t>(record_, 4);
  const auto order_id = little_endian<std::uint64_t>(record_, 16);
  const auto quantity = little_endian<std::uint32_t>(record_, 32);
  const std::optional<std::uint32_t> price_e4 =
      price_e4_of(little_endian<std::int64_t>(record_, 24));
  const char action = static_cast<char>(record_[38]);
  const char side = static_cast<char>(record_[39]);
  const bool of_snapshot = (record_[36] & kOfSnapshot) != std::byte{0};
  MarketEvent event{};
  event.locate = locate_of(instrument);
  event.side = side == 'B' ? Side::Buy : side == 'A' ? Side::Sell : Side::None;
  // A snapshot's orders carry the times of days before; what counts is when it was taken.
  event.exchange_ns = little_endian<std::uint64_t>(record_, of_snapshot ? 40 : 8);
  if (action == 'T' || action == 'N') return;
  if (action == 'R') {
    event.kind = EventKind::ClearBook;
    return emit(event);
  }
  if (action == 'C') return cancel(event, order_id, quantity);
  const bool known = action == 'A' || action == 'M' || action == 'F';
  if (!known || !price_e4 || quantity == 0 || event.side == Side::None) return wrong();
  if (action == 'M')
    return modify(event, {order_id, quantity, *price_e4, 0, event::kKeepsUnlessItGrows});
  if (action == 'A') {
    event.kind = EventKind::AddOrder;
    event.add = {order_id, quantity, *price_e4, {}, {}};
    event.add.symbol.fill(' ');
    event.add.attribution.fill(' ');
  } else {
    event.kind = EventKind::ExecuteOrder;
    event.execute = {order_id, quantity, *price_e4, 0, 1};
    filled_[order_id] += quantity;
  }
  emit(event);
}

void MboFile::cancel(MarketEvent event, std::uint64_t order_id, std::uint32_t quantity) {
  if (const auto filled = filled_.find(order_id); filled != filled_.end()) {
    quantity -= std::min(quantity, filled->second);
    filled_.erase(filled);
  }
  if (quantity == 0) return;
  event.kind = EventKind::CancelOrder;
  event.cancel = {order_id, quantity};
  emit(event);
}

// What was filled is gone already, so a modification to what is left changes nothing.
void MboFile::modify(MarketEvent event, const MarketEvent::ModifyOrder& changed) {
  filled_.erase(changed.order_id);
  event.kind = EventKind::ModifyOrder;
  event.modify = changed;
  emit(event);
}

std::uint16_t MboFile::locate_of(std::uint32_t instrument) {
  const auto found = locates_.find(instrument);
  if (found != locates_.end()) return found->second;
  if (locates_.size() >= 0xFFFF) return event::kNoLocate;
  const auto locate = static_cast<std::uint16_t>(locates_.size() + 1);
  return locates_.emplace(instrument, locate).first->second;
}

void MboFile::emit(MarketEvent event) {
  if (event.locate == event::kNoLocate) return wrong();
  event.sequence = ++sequence_;
  events_.push_back(event);
}

}  // namespace ridley::feed
