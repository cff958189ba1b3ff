// SPDX-License-Identifier: Apache-2.0
#include "feed/decode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace ridley::feed {
namespace {

using EventBytes = std::array<std::uint8_t, sizeof(event::MarketEvent)>;

// A field's way from the wire into the event. Numbers turn round, text does not.
struct Field {
  std::size_t wire_at;
  std::size_t event_at;
  std::size_t size;
  bool is_number;
};

Field number(std::size_t wire_at, std::size_t event_at, std::size_t size) {
  return {wire_at, event_at, size, true};
}
Field text(std::size_t wire_at, std::size_t event_at, std::size_t size) {
  return {wire_at, event_at, size, false};
}

struct Form {
  char type;
  std::size_t size;
  event::EventKind kind;
  std::vector<Field> fields;
};

using event::EventKind;

// Offsets from the TotalView-ITCH 5.0 tables, body fields only. The symbols of I and O have no
// room in the event: the locate names the instrument.
const std::vector<Form> kForms = {
    {'S', 12, EventKind::SystemEvent, {text(11, 24, 1)}},
    {'R',
     39,
     EventKind::Directory,
     {text(11, 24, 8), text(19, 40, 1), text(20, 41, 1), number(21, 32, 4), text(25, 42, 1),
      text(26, 43, 1), text(27, 44, 2), text(29, 46, 1), text(30, 47, 1), text(31, 48, 1),
      text(32, 49, 1), text(33, 50, 1), number(34, 36, 4), text(38, 51, 1)}},
    {'H', 25, EventKind::TradingAction, {text(11, 24, 8), text(19, 32, 1), text(21, 36, 4)}},
    {'Y', 20, EventKind::ShortSaleRestriction, {text(11, 24, 8), text(19, 32, 1)}},
    {'L',
     26,
     EventKind::ParticipantPosition,
     {text(11, 32, 4), text(15, 24, 8), text(23, 36, 1), text(24, 37, 1), text(25, 38, 1)}},
    {'V',
     35,
     EventKind::CircuitBreakerLevels,
     {number(11, 24, 8), number(19, 32, 8), number(27, 40, 8)}},
    {'W', 12, EventKind::CircuitBreakerStatus, {text(11, 24, 1)}},
    {'K',
     28,
     EventKind::IpoQuotingPeriod,
     {text(11, 24, 8), number(19, 32, 4), text(23, 40, 1), number(24, 36, 4)}},
    {'J',
     35,
     EventKind::AuctionCollar,
     {text(11, 24, 8), number(19, 32, 4), number(23, 36, 4), number(27, 40, 4), number(31, 44, 4)}},
    {'h', 21, EventKind::OperationalHalt, {text(11, 24, 8), text(19, 32, 1), text(20, 33, 1)}},
    {'A',
     36,
     EventKind::AddOrder,
     {number(11, 24, 8), text(19, 1, 1), number(20, 32, 4), text(24, 40, 8), number(32, 36, 4)}},
    {'F',
     40,
     EventKind::AddOrder,
     {number(11, 24, 8), text(19, 1, 1), number(20, 32, 4), text(24, 40, 8), number(32, 36, 4),
      text(36, 48, 4)}},
    {'E', 31, EventKind::ExecuteOrder, {number(11, 24, 8), number(19, 32, 4), number(23, 40, 8)}},
    {'C',
     36,
     EventKind::ExecuteOrderAtPrice,
     {number(11, 24, 8), number(19, 32, 4), number(23, 40, 8), number(32, 36, 4)}},
    {'X', 23, EventKind::CancelOrder, {number(11, 24, 8), number(19, 32, 4)}},
    {'D', 19, EventKind::DeleteOrder, {number(11, 24, 8)}},
    {'U',
     35,
     EventKind::ReplaceOrder,
     {number(11, 24, 8), number(19, 40, 8), number(27, 32, 4), number(31, 36, 4)}},
    {'P',
     44,
     EventKind::Trade,
     {number(11, 24, 8), text(19, 1, 1), number(20, 32, 4), text(24, 48, 8), number(32, 36, 4),
      number(36, 40, 8)}},
    {'Q',
     40,
     EventKind::CrossTrade,
     {number(11, 24, 8), text(19, 48, 8), number(27, 40, 4), number(31, 32, 8), text(39, 44, 1)}},
    {'B', 19, EventKind::BrokenTrade, {number(11, 24, 8)}},
    {'I',
     50,
     EventKind::Imbalance,
     {number(11, 24, 8), number(19, 32, 8), text(27, 52, 1), number(36, 40, 4), number(40, 44, 4),
      number(44, 48, 4), text(48, 53, 1), text(49, 54, 1)}},
    {'N', 20, EventKind::RetailInterest, {text(11, 24, 8), text(19, 32, 1)}},
    {'O',
     48,
     EventKind::PriceDiscovery,
     {text(19, 52, 1), number(20, 32, 4), number(24, 36, 4), number(28, 40, 4), number(32, 24, 8),
      number(40, 44, 4), number(44, 48, 4)}},
};

std::vector<std::byte> message_of(const Form& form, std::uint8_t first_value) {
  std::vector<std::byte> message(form.size);
  for (std::size_t i = 0; i < form.size; ++i)
    message[i] = static_cast<std::byte>(first_value + 5 * i);
  message[0] = static_cast<std::byte>(form.type);
  return message;
}

void copy(const std::vector<std::byte>& message, const Field& field, EventBytes& to) {
  for (std::size_t i = 0; i < field.size; ++i) {
    const std::size_t from = field.wire_at + (field.is_number ? field.size - 1 - i : i);
    to[field.event_at + i] = static_cast<std::uint8_t>(message[from]);
  }
}

EventBytes expected(const Form& form, const std::vector<std::byte>& message,
                    std::uint64_t sequence) {
  EventBytes bytes{};
  bytes[0] = static_cast<std::uint8_t>(form.kind);
  copy(message, number(1, 2, 2), bytes);
  copy(message, number(3, 4, 2), bytes);
  copy(message, number(5, 8, 6), bytes);
  std::memcpy(&bytes[16], &sequence, sizeof sequence);
  for (const Field& field : form.fields) copy(message, field, bytes);
  if (form.type == 'A') std::fill_n(&bytes[48], 4, ' ');
  if (form.type == 'E') bytes[48] = 1;
  return bytes;
}

EventBytes bytes_of(const event::MarketEvent& event) {
  EventBytes bytes;
  std::memcpy(bytes.data(), &event, sizeof event);
  return bytes;
}

}  // namespace

TEST(Decode, KnowsAllTwentyThreeTypes) { EXPECT_EQ(kForms.size(), 23u); }

TEST(Decode, MovesEveryFieldToItsPlaceAndDefinesEveryByte) {
  for (const Form& form : kForms) {
    for (const std::uint8_t first_value : std::to_array<std::uint8_t>({1, 0x80, 0xFF})) {
      const std::vector<std::byte> message = message_of(form, first_value);
      event::MarketEvent event;
      std::memset(static_cast<void*>(&event), 0xAB, sizeof event);
      ASSERT_EQ(decode(message, 0x1122'3344'5566'7788, event), Decoded::Event) << form.type;
      EXPECT_EQ(bytes_of(event), expected(form, message, 0x1122'3344'5566'7788)) << form.type;
    }
  }
}

TEST(Decode, TakesLongerMessagesForLaterVersions) {
  for (const Form& form : kForms) {
    std::vector<std::byte> message = message_of(form, 1);
    const EventBytes whole = expected(form, message, 9);
    message.resize(message.size() + 20, std::byte{0xEE});
    event::MarketEvent event;
    ASSERT_EQ(decode(message, 9, event), Decoded::Event) << form.type;
    EXPECT_EQ(bytes_of(event), whole) << form.type;
  }
}

TEST(Decode, RefusesEveryLengthThatIsTooShort) {
  for (const Form& form : kForms) {
    const std::vector<std::byte> message = message_of(form, 1);
    event::MarketEvent event{};
    for (std::size_t size = 0; size < form.size; ++size) {
      // A copy of that size, so that a sanitizer sees a read beyond it.
      const std::vector<std::byte> shorter(message.begin(),
                                           message.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_EQ(decode(shorter, 1, event), Decoded::Truncated) << form.type << size;
    }
    EXPECT_EQ(event.kind, EventKind::None) << "not written";
  }
}

TEST(Decode, SkipsEveryOtherTypeByte) {
  std::size_t unknown = 0;
  for (int type = 0; type < 256; ++type) {
    std::vector<std::byte> message(64);
    message[0] = static_cast<std::byte>(type);
    event::MarketEvent event{};
    unknown += decode(message, 1, event) == Decoded::UnknownType ? 1 : 0;
  }
  EXPECT_EQ(unknown, 256u - 23);
}

TEST(Decode, TellsAPrintableExecutionFromOthers) {
  const Form& form = *std::ranges::find(kForms, 'C', &Form::type);
  std::vector<std::byte> message = message_of(form, 1);
  event::MarketEvent event{};
  for (const char c : {'Y', 'N', ' ', 'y'}) {
    message[31] = static_cast<std::byte>(c);
    ASSERT_EQ(decode(message, 1, event), Decoded::Event);
    EXPECT_EQ(event.execute.printable, c == 'Y' ? 1 : 0);
  }
}

TEST(Decode, CarriesTheEndsOfEveryRange) {
  const Form& form = *std::ranges::find(kForms, 'A', &Form::type);
  std::vector<std::byte> message = message_of(form, 0);
  base::store_big_endian<std::uint16_t>(&message[1], 65535);
  base::store_big_endian_48(&message[5], 86'399'999'999'999);
  base::store_big_endian<std::uint64_t>(&message[11], ~0ULL);
  base::store_big_endian<std::uint32_t>(&message[20], 0xFFFF'FFFF);
  base::store_big_endian<std::uint32_t>(&message[32], 2'000'000'000);
  event::MarketEvent event{};
  ASSERT_EQ(decode(message, 1, event), Decoded::Event);
  EXPECT_EQ(event.locate, 65535);
  EXPECT_EQ(event.exchange_ns, 86'399'999'999'999u);
  EXPECT_EQ(event.add.order_id, ~0ULL);
  EXPECT_EQ(event.add.quantity, 0xFFFF'FFFFu);
  EXPECT_EQ(event.add.price_e4, 2'000'000'000u);
}

TEST(DecodeCounters, CountEachAnswer) {
  DecodeCounters counters{};
  for (const Decoded decoded :
       {Decoded::Event, Decoded::UnknownType, Decoded::Event, Decoded::Truncated})
    counters.count(decoded);
  EXPECT_EQ(counters.events, 2u);
  EXPECT_EQ(counters.unknown_types, 1u);
  EXPECT_EQ(counters.truncated, 1u);
}

}  // namespace ridley::feed
