// SPDX-License-Identifier: Apache-2.0
// In: what a test wants said. Out: messages and packets of CME MDP 3.0, as long as their tables say
// or longer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "feed/packets.hpp"
#include "wire/mdp3.hpp"
#include "wire/mdp_packet.hpp"

namespace ridley::feed::mdp {

inline constexpr std::size_t kHeaderBytes = 10;
inline constexpr std::uint8_t kEnd = 0x80;
inline constexpr std::int64_t kE9 = 1'000'000'000;

struct Packet {
  std::uint32_t sequence = 1;
  std::vector<Bytes> messages = {};
  std::uint64_t time_ns = 1'715'126'400 * std::uint64_t{kE9};  // a Wednesday

  [[nodiscard]] Bytes bytes() const {
    Bytes packet(wire::mdp_packet::Header::kSize);
    wire::mdp_packet::HeaderWriter{packet.data()}.sequence(sequence).sending_time(time_ns);
    for (const Bytes& message : messages) append(packet, message);
    return packet;
  }
};

// A fixed part with so many bytes of a later version behind it.
template <typename View, typename Writer, typename Fill>
Bytes root(Fill&& fill, std::size_t later_bytes = 0) {
  Bytes message(View::kSize + later_bytes, std::byte{0xEE});
  std::fill_n(message.begin(), View::kSize, std::byte{0});
  Writer writer{message.data()};
  writer.message_size(static_cast<std::uint16_t>(message.size()))
      .block_length(static_cast<std::uint16_t>(message.size() - kHeaderBytes))
      .schema_id(1)
      .version(13);
  fill(writer);
  return message;
}

template <typename View, typename Writer, typename Fill>
Bytes entry(Fill&& fill) {
  Bytes bytes(View::kSize);
  Writer writer{bytes.data()};
  fill(writer);
  return bytes;
}

// All entries have the length of the first, or that of the table where there is none.
inline void add_group(Bytes& message, const std::vector<Bytes>& entries, std::size_t entry_bytes,
                      std::size_t header_bytes = 3) {
  const std::size_t at = message.size();
  message.resize(at + header_bytes);
  base::store_little_endian(&message[at], static_cast<std::uint16_t>(entry_bytes));
  message[at + header_bytes - 1] = static_cast<std::byte>(entries.size());
  for (const Bytes& one : entries) append(message, one);
  base::store_little_endian(message.data(), static_cast<std::uint16_t>(message.size()));
}

struct Level {
  std::int32_t security = 7;
  char type = '0';
  std::uint8_t action = 0;
  std::uint8_t position = 1;
  std::optional<std::int64_t> price_e9 = 100 * kE9;
  std::int32_t size = 10;
  std::int32_t orders = 2;
  std::uint32_t rpt_seq = 1;

  [[nodiscard]] Bytes bytes() const {
    using View = wire::mdp3::BookEntry;
    return entry<View, wire::mdp3::BookEntryWriter>([&](auto& writer) {
      writer.price(price_e9.value_or(std::numeric_limits<std::int64_t>::max()))
          .size(size)
          .security_id(security)
          .rpt_seq(rpt_seq)
          .number_of_orders(orders)
          .price_level(position)
          .update_action(action)
          .entry_type(type);
    });
  }
};

struct OrderOfLevel {
  std::uint64_t id = 1;
  std::uint8_t reference = 1;
  std::uint8_t action = 0;
  std::int32_t quantity = 5;
  std::uint64_t priority = 1;

  [[nodiscard]] Bytes bytes() const {
    using View = wire::mdp3::OrderEntry;
    return entry<View, wire::mdp3::OrderEntryWriter>([&](auto& writer) {
      writer.order_id(id)
          .order_priority(priority)
          .display_quantity(quantity)
          .reference_id(reference)
          .order_update_action(action);
    });
  }
};

inline Bytes book(const std::vector<Level>& levels, const std::vector<OrderOfLevel>& orders = {},
                  std::uint8_t indicator = kEnd, std::uint64_t time_ns = 5) {
  using View = wire::mdp3::IncrementalRefreshBook;
  Bytes message = root<View, wire::mdp3::IncrementalRefreshBookWriter>(
      [&](auto& writer) { writer.transact_time(time_ns).match_event_indicator(indicator); });
  std::vector<Bytes> entries;
  for (const Level& one : levels) entries.push_back(one.bytes());
  add_group(message, entries, wire::mdp3::BookEntry::kSize);
  entries.clear();
  for (const OrderOfLevel& one : orders) entries.push_back(one.bytes());
  add_group(message, entries, wire::mdp3::OrderEntry::kSize, 8);
  return message;
}

struct Order {
  std::uint64_t id = 1;
  char type = '0';
  std::uint8_t action = 0;
  std::int64_t price_e9 = 100 * kE9;
  std::int32_t quantity = 5;
  std::int32_t security = 7;
  std::uint64_t priority = 1;

  [[nodiscard]] Bytes bytes() const {
    using View = wire::mdp3::FullOrderEntry;
    return entry<View, wire::mdp3::FullOrderEntryWriter>([&](auto& writer) {
      writer.order_id(id)
          .order_priority(priority)
          .price(price_e9)
          .display_quantity(quantity)
          .security_id(security)
          .update_action(action)
          .entry_type(type);
    });
  }
  [[nodiscard]] Bytes in_snapshot() const {
    using View = wire::mdp3::SnapshotOrderEntry;
    return entry<View, wire::mdp3::SnapshotOrderEntryWriter>([&](auto& writer) {
      writer.order_id(id)
          .order_priority(priority)
          .price(price_e9)
          .display_quantity(quantity)
          .entry_type(type);
    });
  }
};

inline Bytes order_book(const std::vector<Order>& orders, std::uint8_t indicator = kEnd) {
  using View = wire::mdp3::IncrementalRefreshOrderBook;
  Bytes message = root<View, wire::mdp3::IncrementalRefreshOrderBookWriter>(
      [&](auto& writer) { writer.transact_time(5).match_event_indicator(indicator); });
  std::vector<Bytes> entries;
  for (const Order& one : orders) entries.push_back(one.bytes());
  add_group(message, entries, wire::mdp3::FullOrderEntry::kSize);
  return message;
}

struct Trade {
  std::int64_t price_e9 = 100 * kE9;
  std::int32_t size = 3;
  std::int32_t security = 7;
  std::uint8_t aggressor = 1;
  std::uint8_t action = 0;
  std::uint32_t id = 99;
};

inline Bytes trades(const std::vector<Trade>& all, std::uint8_t indicator = kEnd) {
  using View = wire::mdp3::IncrementalRefreshTradeSummary;
  Bytes message = root<View, wire::mdp3::IncrementalRefreshTradeSummaryWriter>(
      [&](auto& writer) { writer.transact_time(5).match_event_indicator(indicator); });
  std::vector<Bytes> entries;
  for (const Trade& one : all) {
    entries.push_back(entry<wire::mdp3::TradeEntry, wire::mdp3::TradeEntryWriter>([&](auto& to) {
      to.price(one.price_e9)
          .size(one.size)
          .security_id(one.security)
          .aggressor_side(one.aggressor)
          .update_action(one.action)
          .trade_entry_id(one.id);
    }));
  }
  add_group(message, entries, wire::mdp3::TradeEntry::kSize);
  add_group(message, {}, wire::mdp3::TradeOrderEntry::kSize, 8);
  return message;
}

inline Bytes status(std::optional<std::int32_t> security, std::uint8_t state,
                    std::string_view group = "ES") {
  using View = wire::mdp3::SecurityStatus;
  return root<View, wire::mdp3::SecurityStatusWriter>([&](auto& writer) {
    writer.security_id(security.value_or(std::numeric_limits<std::int32_t>::max()))
        .security_group(group)
        .security_trading_status(state)
        .halt_reason(2)
        .match_event_indicator(kEnd);
  });
}

inline Bytes channel_reset() {
  return root<wire::mdp3::ChannelReset, wire::mdp3::ChannelResetWriter>([](auto&) {});
}
inline Bytes heartbeat() {
  return root<wire::mdp3::AdminHeartbeat, wire::mdp3::AdminHeartbeatWriter>([](auto&) {});
}

struct Figure {
  char type = '0';
  std::optional<std::int64_t> price_e9 = 100 * kE9;
  std::int32_t size = 10;
  std::int8_t position = 1;
  std::uint8_t open_close = 0;
};

struct Snapshot {
  std::uint32_t last_sequence = 0;
  std::int32_t security = 7;
  std::vector<Figure> entries = {};
  std::uint8_t state = 17;
  std::uint32_t rpt_seq = 1;

  [[nodiscard]] Bytes bytes() const {
    using View = wire::mdp3::SnapshotFullRefresh;
    constexpr auto kNone = std::numeric_limits<std::int64_t>::max();
    Bytes message = root<View, wire::mdp3::SnapshotFullRefreshWriter>([&](auto& writer) {
      writer.last_message_sequence(last_sequence)
          .total_reports(1)
          .security_id(security)
          .rpt_seq(rpt_seq)
          .security_trading_status(state)
          .high_limit_price(200 * kE9)
          .low_limit_price(50 * kE9)
          .max_price_variation(kNone);
    });
    std::vector<Bytes> all;
    for (const Figure& one : entries) {
      all.push_back(
          entry<wire::mdp3::SnapshotEntry, wire::mdp3::SnapshotEntryWriter>([&](auto& writer) {
            writer.price(one.price_e9.value_or(kNone))
                .size(one.size)
                .number_of_orders(1)
                .price_level(one.position)
                .open_close_settlement(one.open_close)
                .entry_type(one.type);
          }));
    }
    add_group(message, all, wire::mdp3::SnapshotEntry::kSize);
    return message;
  }
};

struct OrderSnapshot {
  std::uint32_t last_sequence = 0;
  std::uint32_t chunk = 1;
  std::uint32_t chunks = 1;
  std::vector<Order> orders = {};
  std::int32_t security = 7;

  [[nodiscard]] Bytes bytes() const {
    using View = wire::mdp3::SnapshotFullRefreshOrderBook;
    Bytes message = root<View, wire::mdp3::SnapshotFullRefreshOrderBookWriter>([&](auto& writer) {
      writer.last_message_sequence(last_sequence)
          .total_reports(1)
          .security_id(security)
          .chunks(chunks)
          .current_chunk(chunk);
    });
    std::vector<Bytes> all;
    for (const Order& one : orders) all.push_back(one.in_snapshot());
    add_group(message, all, wire::mdp3::SnapshotOrderEntry::kSize);
    return message;
  }
};

}  // namespace ridley::feed::mdp
