// SPDX-License-Identifier: Apache-2.0
#include "card/card.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "base/error.hpp"
#include "card/catalogue.hpp"
#include "card/registers.hpp"

namespace ridley::card {
namespace {

using namespace registers;

struct alignas(4096) Page {
  std::array<std::byte, 4096> bytes;
};

// Registers that keep what is written, in the order it was written.
class Registers : public Bus {
 public:
  Registers() {
    set64(kMagicAt, kMagic);
    set64(kMapHashAt, kMapHash);
    set64(kCatalogueHashAt, kCatalogueHash);
    set64(kRtlCommitAt, 0x1122'3344'5566'7788);
    values[kClockHzAt] = 156'250'000;
    values[kStreamBitsAt] = 64;
    values[kFilterReadyAt] = 1;
  }
  std::uint32_t read(std::uint32_t at) override {
    if (hung) throw base::Error::with_exit(EX_IOERR, "hung");
    ++reads;
    return values[at];
  }
  void write(std::uint32_t at, std::uint32_t value) override {
    if (hung) throw base::Error::with_exit(EX_IOERR, "hung");
    written.emplace_back(at, value);
    values[at] = value;
  }
  SharedMemory share(std::size_t bytes) override {
    memory = std::vector<Page>(bytes / sizeof(Page));
    return {.bytes = std::as_writable_bytes(std::span{memory}), .card_address = 0x1'0000'2000};
  }
  void set64(std::uint32_t at, std::uint64_t value) {
    values[at] = static_cast<std::uint32_t>(value);
    values[at + 4] = static_cast<std::uint32_t>(value >> 32);
  }

  std::map<std::uint32_t, std::uint32_t> values;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> written;
  std::vector<Page> memory;
  int reads = 0;
  bool hung = false;
};

std::string refusal(Registers& bus) {
  try {
    const Card card{bus};
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CONFIG);
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Card, ThatIsAnotherDesignIsRefusedBeforeAnythingIsWritten) {
  Registers bus;
  bus.set64(kMagicAt, 0x1234);
  EXPECT_NE(refusal(bus).find("another design is loaded"), std::string::npos);
  EXPECT_TRUE(bus.written.empty());
  EXPECT_EQ(bus.reads, 2);
}

TEST(Card, ThatDoesNotAnswerIsNoOtherDesign) {
  Registers bus;
  bus.set64(kMagicAt, ~0ULL);
  try {
    const Card card{bus};
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_UNAVAILABLE);
  }
}

TEST(Card, OfAnotherMapIsRefusedBeforeAnythingIsWritten) {
  Registers bus;
  bus.set64(kMapHashAt, kMapHash ^ 1);
  EXPECT_NE(refusal(bus).find("map"), std::string::npos);
  EXPECT_TRUE(bus.written.empty());
}

TEST(Card, MadeFromOtherTablesIsRefusedBeforeAnythingIsWritten) {
  Registers bus;
  bus.set64(kCatalogueHashAt, kCatalogueHash ^ 1);
  const std::string why = refusal(bus);
  EXPECT_NE(why.find(fmt::format("catalogue {:016x}, this program knows {:016x}",
                                 kCatalogueHash ^ 1, kCatalogueHash)),
            std::string::npos)
      << why;
  EXPECT_TRUE(bus.written.empty());
}

TEST(Card, TellsWhatIsBuiltIntoIt) {
  Registers bus;
  const Card card{bus};
  EXPECT_EQ(card.facts().catalogue_hash, kCatalogueHash);
  EXPECT_EQ(card.facts().rtl_commit, 0x1122'3344'5566'7788u);
  EXPECT_EQ(card.facts().clock_hz, 156'250'000u);
  EXPECT_EQ(card.facts().stream_bits, 64u);
}

TEST(Card, IsSetUpWhileItRestsAndStartedLast) {
  Registers bus;
  {
    Card card{bus};
    CardSettings settings;
    settings.lines[0] = {.address = 0xE936'0C6F, .port = 26477};
    settings.ring_records = 1024;
    settings.first_sequence = 0x1'0000'0005;
    card.start(settings);
    EXPECT_EQ(bus.written.front(), (std::pair{kRunningAt, 0U}));
    EXPECT_EQ(bus.written.back(), (std::pair{kRunningAt, 1U}));
    EXPECT_EQ(bus.values[kRingAddressAt], 0x2000u);
    EXPECT_EQ(bus.values[kRingAddressAt + 4], 1u);
    EXPECT_EQ(bus.values[kRingRecordsAt], 1024u);
    EXPECT_EQ(bus.values[kLineAddressAt], 0xE936'0C6Fu);
    EXPECT_EQ(bus.values[kLinePortAt], 26477u);
    EXPECT_EQ(bus.values[kLinePortAt + kLinePortStride], 0u);
    EXPECT_EQ(bus.values[kFirstSequenceAt], 5u);
    EXPECT_EQ(bus.values[kFirstSequenceAt + 4], 1u);
    EXPECT_EQ(card.ring().records(), 1024u);
  }
  EXPECT_EQ(bus.values[kRunningAt], 0u);
}

TEST(Card, TakesNoRingThatIsNoPowerOfTwo) {
  Registers bus;
  Card card{bus};
  for (const std::uint32_t records : {0U, 32U, 100U, 3'000'000'000U}) {
    CardSettings settings;
    settings.ring_records = records;
    EXPECT_THROW(card.start(settings), base::Error) << records;
  }
}

TEST(Card, HearsOfCreditOnlyWhenSomethingWasRead) {
  Registers bus;
  Card card{bus};
  card.start({});
  const std::size_t before = bus.written.size();
  card.return_credit();
  EXPECT_EQ(bus.written.size(), before);
  card.ring().pop();
  card.return_credit();
  EXPECT_EQ(bus.written.back(), (std::pair{kRingConsumedAt, 1U}));
}

TEST(Card, SelectsAnInstrumentWithOneWord) {
  Registers bus;
  Card card{bus};
  card.select(0xABCD, true);
  EXPECT_EQ(bus.values[kInstrumentSelectAt], 0x8000'ABCDu);
  card.select(7, false);
  EXPECT_EQ(bus.values[kInstrumentSelectAt], 7u);
}

TEST(Card, ThatHangsIsLeftAlone) {
  Registers bus;
  Card card{bus};
  card.start({});
  bus.hung = true;
  EXPECT_THROW((void)card.alive(), base::Error);
}

}  // namespace ridley::card
