// SPDX-License-Identifier: Apache-2.0
#include "card/golden.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "base/error.hpp"
#include "card/catalogue.hpp"
#include "card/golden_run.hpp"
#include "card/registers.hpp"

namespace ridley::card {
namespace {

using namespace registers;
using namespace std::chrono_literals;

GoldenVectors two_frames() {
  GoldenVectors vectors{.lines = {{{0xE936'0C6F, 26'477}, {0xE936'0C70, 26'478}}},
                        .follow_sessions = false,
                        .first_sequence = 7};
  for (unsigned i = 0; i < 2; ++i) {
    vectors.frames.push_back({.port = i,
                              .time_ns = 1'000 + i,
                              .broken = i == 1,
                              .bytes = std::vector<std::byte>(11 + i, std::byte{0xA5}),
                              .records_end = i + 2});
  }
  for (unsigned i = 0; i < 3; ++i) {
    GoldenRecord& record = vectors.records.emplace_back();
    record.form = i == 0 ? CardForm::Packet : CardForm::Event;
    record.port = i / 2;
    record.bytes.fill(static_cast<std::byte>(i + 1));
  }
  return vectors;
}

std::string fault_of(const std::string& text) {
  try {
    (void)read_golden(std::as_bytes(std::span{text}));
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    return error.what();
  }
  return "";
}

struct alignas(4096) Page {
  std::array<std::byte, 4096> bytes;
};

// Gathers the beats that are injected; writes the records it was told to when a frame is whole.
class InjectedCard : public Bus {
 public:
  explicit InjectedCard(GoldenVectors vectors) : answers{std::move(vectors)} {}

  std::uint32_t read(std::uint32_t at) override {
    if (at == kAliveAt) return stands_still ? 1 : ++alive_;
    if (at == kMagicAt) return static_cast<std::uint32_t>(kMagic);
    if (at == kMagicAt + 4) return static_cast<std::uint32_t>(kMagic >> 32);
    if (at == kMapHashAt) return static_cast<std::uint32_t>(kMapHash);
    if (at == kMapHashAt + 4) return static_cast<std::uint32_t>(kMapHash >> 32);
    if (at == kCatalogueHashAt) return static_cast<std::uint32_t>(kCatalogueHash);
    if (at == kCatalogueHashAt + 4) return static_cast<std::uint32_t>(kCatalogueHash >> 32);
    if (at == kStreamBitsAt) return stream_bits;
    if (at == kFilterReadyAt) return 1;
    return values[at];
  }
  void write(std::uint32_t at, std::uint32_t value) override {
    if (at == kRunningAt && value == 1) {
      EXPECT_EQ(values[kInjectAt], 1U);
    }
    values[at] = value;
    if (at == kInjectBeatAt) beat(value);
  }
  SharedMemory share(std::size_t bytes) override {
    memory_ = std::vector<Page>(bytes / sizeof(Page));
    return {.bytes = std::as_writable_bytes(std::span{memory_}), .card_address = 4096};
  }

  GoldenVectors answers;
  std::map<std::uint32_t, std::uint32_t> values;
  std::vector<GoldenFrame> given;
  std::uint32_t stream_bits = 64;
  bool stands_still = false;

 private:
  void beat(std::uint32_t command) {
    const std::uint64_t word = values[kInjectDataAt] | std::uint64_t{values[kInjectDataAt + 4]}
                                                           << 32;
    for (unsigned i = 0; i < (command & 15U); ++i)
      frame_.push_back(static_cast<std::byte>(word >> (8 * i)));
    if ((command & 16U) == 0) return;
    given.push_back({.port = command >> 8,
                     .time_ns = values[kInjectTimeAt],
                     .broken = (command & 32U) != 0,
                     .bytes = std::move(frame_),
                     .records_end = 0});
    frame_.clear();
    if (given.size() > answers.frames.size()) return;
    for (; written_ < answers.frames[given.size() - 1].records_end; ++written_) put();
  }
  void put() {
    const GoldenRecord& record = answers.records[written_];
    std::byte* const at = memory_.front().bytes.data() + written_ * kRecordBytes;
    std::memcpy(at, record.bytes.data(), record.bytes.size());
    CardMark mark;
    mark.number = static_cast<std::uint32_t>(written_ + 1);
    mark.form = record.form;
    mark.flags = static_cast<std::uint8_t>(record.port);
    std::memcpy(at + kMarkAt, &mark, sizeof mark);
  }

  std::vector<std::byte> frame_;
  std::vector<Page> memory_;
  std::size_t written_ = 0;
  std::uint32_t alive_ = 0;
};

TrialAnswer run(InjectedCard& card, const GoldenVectors& vectors) {
  return run_golden(card, vectors, {.patience = 20ms});
}

}  // namespace

TEST(Golden, IsTheSameAfterItWasWrittenAndRead) {
  const GoldenVectors vectors = two_frames();
  const std::string text = golden_text(vectors);
  EXPECT_EQ(read_golden(std::as_bytes(std::span{text})), vectors);
}

TEST(Golden, TellsTheLineThatItDoesNotUnderstand) {
  const std::string text = golden_text(two_frames());
  EXPECT_NE(fault_of("").find("line 0"), std::string::npos);
  EXPECT_NE(fault_of("ridley-golden-2\n").find("line 1"), std::string::npos);
  EXPECT_NE(fault_of(text + "frame 2 1 00\n").find("out of range"), std::string::npos);
  EXPECT_NE(fault_of(text + "frame 0 1 0\n").find("half a byte"), std::string::npos);
  EXPECT_NE(fault_of(text + "frame 0 1 0g\n").find("hexadecimal"), std::string::npos);
  EXPECT_NE(fault_of(text + "frame 0 1 00 1\n").find("more than it should"), std::string::npos);
  EXPECT_NE(fault_of(text + "event 0 00\n").find("has 56 bytes, not 1"), std::string::npos);
  EXPECT_NE(fault_of(text + "surprise\n").find("nothing begins like this"), std::string::npos);
  EXPECT_NE(fault_of("ridley-golden-1\nline 1 1\nline 1 1\n").find("no frame"), std::string::npos);
}

TEST(GoldenRun, GivesEveryFrameAndTakesEveryRecord) {
  for (const std::uint32_t bits : {64U, 32U}) {
    const GoldenVectors vectors = two_frames();
    InjectedCard card{vectors};
    card.stream_bits = bits;
    const TrialAnswer answer = run(card, vectors);
    EXPECT_EQ(answer.fault, "");
    EXPECT_EQ(answer.compared, 3u);
    EXPECT_EQ(answer.differences, 0u) << answer.first;
    ASSERT_EQ(card.given.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(card.given[i].bytes, vectors.frames[i].bytes);
      EXPECT_EQ(card.given[i].port, vectors.frames[i].port);
      EXPECT_EQ(card.given[i].broken, vectors.frames[i].broken);
      EXPECT_EQ(card.given[i].time_ns, vectors.frames[i].time_ns);
    }
    EXPECT_EQ(card.values[kFirstSequenceAt], 7u);
    EXPECT_EQ(card.values[kFollowSessionsAt], 0u);
    EXPECT_EQ(card.values[kInjectAt], 0u) << "its ports hear the MACs again";
    EXPECT_EQ(card.values[kRunningAt], 0u);
  }
}

TEST(GoldenRun, CountsWhatDiffersAndTellsTheFirst) {
  const GoldenVectors vectors = two_frames();
  InjectedCard card{vectors};
  card.answers.records[1].bytes[5] = std::byte{0x77};
  card.answers.records[2].port = 0;
  const TrialAnswer answer = run(card, vectors);
  EXPECT_EQ(answer.differences, 2u);
  EXPECT_EQ(answer.first, "record 2 of 3 (frame 1): byte 5 of an event is 0x77, should be 0x02");
}

TEST(GoldenRun, CountsWhatIsMissingAndWhatIsOneTooMany) {
  const GoldenVectors vectors = two_frames();
  InjectedCard silent{vectors};
  silent.answers.frames[1].records_end = 2;
  const TrialAnswer missing = run(silent, vectors);
  EXPECT_EQ(missing.differences, 1u);
  EXPECT_EQ(missing.first, "record 3 of 3 (frame 2): it never came");

  InjectedCard loud{vectors};
  loud.answers.records.push_back(loud.answers.records.back());
  loud.answers.frames[1].records_end = 4;
  const TrialAnswer extra = run(loud, vectors);
  EXPECT_EQ(extra.differences, 1u);
  EXPECT_EQ(extra.first, "record 4 of 3: it should not have come");
}

TEST(GoldenRun, OfACardThatStandsStillIsAFaultAndEnds) {
  const GoldenVectors vectors = two_frames();
  InjectedCard card{vectors};
  card.stands_still = true;
  EXPECT_NE(run(card, vectors).fault.find("stands still"), std::string::npos);
}

TEST(GoldenRun, IsGivenUpWhenItsProcessEnds) {
  const GoldenVectors vectors = two_frames();
  InjectedCard card{vectors};
  const std::atomic<bool> ending{true};
  const TrialAnswer answer = run_golden(card, vectors, {.patience = 20ms, .ending = &ending});
  EXPECT_NE(answer.fault.find("given up"), std::string::npos);
}

}  // namespace ridley::card
