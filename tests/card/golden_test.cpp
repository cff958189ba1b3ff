// SPDX-License-Identifier: Apache-2.0
#include "card/golden.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.hpp"
#include "card/golden_run.hpp"
#include "card/registers.hpp"
#include "injected_card.hpp"

namespace ridley::card {
namespace {

using namespace registers;
using namespace std::chrono_literals;

std::string fault_of(const std::string& text) {
  try {
    (void)read_golden(std::as_bytes(std::span{text}));
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    return error.what();
  }
  return "";
}

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
