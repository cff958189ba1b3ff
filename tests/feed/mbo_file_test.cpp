// SPDX-License-Identifier: Apache-2.0
#include "feed/mbo_file.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "event/market_event.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::MarketEvent;
using event::Side;

constexpr std::int64_t kFive_e9 = 5'000'000'000;

struct Record {
  char action = 'A';
  std::uint64_t order_id = 1;
  std::uint32_t quantity = 10;
  std::int64_t price_e9 = kFive_e9;
  char side = 'B';
  std::uint32_t instrument = 77;
  std::uint8_t flags = 0;
  std::uint8_t kind = 0xA0;
};

template <typename Number>
void put(std::string& bytes, std::size_t at, Number number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

std::string bytes_of(const Record& record) {
  std::string bytes(56, '\0');
  bytes[0] = 56 / 4;
  put(bytes, 1, record.kind);
  put(bytes, 4, record.instrument);
  put(bytes, 8, std::uint64_t{100});
  put(bytes, 16, record.order_id);
  put(bytes, 24, record.price_e9);
  put(bytes, 32, record.quantity);
  put(bytes, 36, record.flags);
  bytes[38] = record.action;
  bytes[39] = record.side;
  put(bytes, 40, std::uint64_t{200});
  return bytes;
}

std::string head_of(char version, std::uint32_t more) {
  std::string bytes{"DBN"};
  bytes += version;
  bytes.resize(8 + more);
  put(bytes, 4, more);
  return bytes;
}

class MboFiles : public testing::Test {
 protected:
  std::vector<MarketEvent> read(const std::string& bytes) {
    std::ofstream{folder / "x.dbn", std::ios::binary} << bytes;
    MboFile file{base::ByteSource{folder / "x.dbn"}};
    std::vector<MarketEvent> events;
    MarketEvent event;
    while (file.next(event)) events.push_back(event);
    counts = file.counts();
    return events;
  }
  std::vector<MarketEvent> read(const std::vector<Record>& records) {
    std::string bytes = head_of(1, 100);
    for (const Record& record : records) bytes += bytes_of(record);
    return read(bytes);
  }

  ridley::test::ScratchFolder folder;
  MboFile::Counts counts{};
};

TEST_F(MboFiles, SayWhatBecameOfAnOrder) {
  const auto events = read(std::vector<Record>{
      {}, {.action = 'M', .quantity = 7}, {.action = 'C', .quantity = 7}, {.action = 'R'}});
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].kind, EventKind::AddOrder);
  EXPECT_EQ(events[0].add.order_id, 1u);
  EXPECT_EQ(events[0].add.price_e4, 50'000u);
  EXPECT_EQ(events[0].add.quantity, 10u);
  EXPECT_EQ(events[0].side, Side::Buy);
  EXPECT_EQ(events[0].locate, 1u);
  EXPECT_EQ(events[0].exchange_ns, 100u);
  EXPECT_EQ(events[1].kind, EventKind::ModifyOrder);
  EXPECT_EQ(events[1].modify.quantity, 7u);
  EXPECT_EQ(events[1].modify.keeps_priority, event::kKeepsUnlessItGrows);
  EXPECT_EQ(events[2].kind, EventKind::CancelOrder);
  EXPECT_EQ(events[2].cancel.quantity, 7u);
  EXPECT_EQ(events[3].kind, EventKind::ClearBook);
  EXPECT_EQ(events[3].sequence, 4u);
}

TEST_F(MboFiles, TakeWhatWasFilledOnce) {
  const auto events = read(std::vector<Record>{{},
                                               {.action = 'T', .order_id = 9, .quantity = 4},
                                               {.action = 'F', .quantity = 4},
                                               {.action = 'C', .quantity = 4},
                                               {.action = 'F', .quantity = 3},
                                               {.action = 'C', .quantity = 6}});
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[1].kind, EventKind::ExecuteOrder);
  EXPECT_EQ(events[1].execute.quantity, 4u);
  EXPECT_EQ(events[2].kind, EventKind::ExecuteOrder);
  EXPECT_EQ(events[2].execute.quantity, 3u);
  EXPECT_EQ(events[3].kind, EventKind::CancelOrder);
  EXPECT_EQ(events[3].cancel.quantity, 3u);
}

TEST_F(MboFiles, GiveASnapshotTheTimeAtWhichItWasTaken) {
  EXPECT_EQ(read(std::vector<Record>{{.flags = 0x20}})[0].exchange_ns, 200u);
}

TEST_F(MboFiles, NumberInstrumentsAsTheyAppear) {
  const auto events =
      read(std::vector<Record>{{.instrument = 9}, {.instrument = 5}, {.instrument = 9}});
  EXPECT_EQ(events[0].locate, 1u);
  EXPECT_EQ(events[1].locate, 2u);
  EXPECT_EQ(events[2].locate, 1u);
}

TEST_F(MboFiles, LeaveOutWhatIsNoOrderAndCountIt) {
  const auto events = read(std::vector<Record>{{.price_e9 = kFive_e9 + 1},
                                               {.price_e9 = -kFive_e9},
                                               {.price_e9 = 0x7FFF'FFFF'FFFF'FFFF},
                                               {.quantity = 0},
                                               {.side = 'N'},
                                               {.action = 'Z'},
                                               {.kind = 0x20}});
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(counts.wrong, 6u);
  EXPECT_EQ(counts.others, 1u);
  EXPECT_EQ(counts.first_wrong_offset, 108u);
}

TEST_F(MboFiles, EndInAnErrorWhereTheyAreCutOff) {
  const std::string whole = head_of(1, 20) + bytes_of({});
  EXPECT_EQ(read(whole).size(), 1u);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == 28) continue;  // behind the head, where an end is an end
    EXPECT_THROW((void)read(whole.substr(0, size)), base::Error) << size;
  }
  EXPECT_THROW((void)read(head_of(4, 0)), base::Error);
  EXPECT_THROW((void)read(head_of(1, 0) + '\1'), base::Error);
}

}  // namespace
}  // namespace ridley::feed
