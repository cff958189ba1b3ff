// SPDX-License-Identifier: Apache-2.0
#include "venue/golden_day.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "event/records.hpp"

namespace ridley::venue {
namespace {

std::string text_of(std::uint64_t seed) {
  return card::golden_text(golden_day({.seed = seed, .packets = 100}));
}

}  // namespace

TEST(GoldenDay, IsTheSameForTheSameSeedAlone) {
  const std::string text = text_of(5);
  EXPECT_EQ(text, text_of(5));
  EXPECT_NE(text, text_of(6));
  const card::GoldenVectors read = card::read_golden(std::as_bytes(std::span{text}));
  EXPECT_EQ(card::golden_text(read), text);
}

TEST(GoldenDay, HasEveryEventEveryArrivalThatIsToldAndEveryFormOnBothPorts) {
  const card::GoldenVectors vectors = golden_day({});
  std::set<int> kinds;
  std::set<int> arrivals;
  std::set<card::CardForm> forms;
  std::set<unsigned> ports;
  for (const card::GoldenRecord& record : vectors.records) {
    forms.insert(record.form);
    ports.insert(record.port);
    if (record.form == card::CardForm::Packet)
      arrivals.insert(std::to_integer<int>(record.bytes[0]));
    if (record.form != card::CardForm::Event) continue;
    event::MarketEvent event{};
    std::memcpy(static_cast<void*>(&event), record.bytes.data(), record.bytes.size());
    kinds.insert(static_cast<int>(event.kind));
  }
  EXPECT_GE(kinds.size(), 22u);
  // In order, overlap, gap, heartbeat, end of session, session change.
  EXPECT_GE(arrivals.size(), 6u);
  EXPECT_EQ(forms.size(), 3u);
  EXPECT_EQ(ports.size(), 2u);
  std::size_t broken = 0;
  std::size_t silent = 0;
  std::size_t before = 0;
  for (const card::GoldenFrame& frame : vectors.frames) {
    broken += frame.broken ? 1 : 0;
    silent += frame.records_end == before ? 1 : 0;
    before = frame.records_end;
  }
  EXPECT_GE(broken, 1u);
  EXPECT_GT(silent, vectors.frames.size() / 4);  // duplicates, and what is refused
}

}  // namespace ridley::venue
