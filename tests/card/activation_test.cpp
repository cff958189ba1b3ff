// SPDX-License-Identifier: Apache-2.0
// card/activation.hpp with a card that says what the test wants.
#include "card/activation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "../support/scratch_folder.hpp"
#include "base/error.hpp"
#include "sample_bitstream.hpp"
#include "scripted_card.hpp"

namespace ridley::card {
namespace {

class Activation : public testing::Test {
 protected:
  // Its digest.
  std::string make(std::uint64_t version) {
    files_ = write_sample(folder_ / ("card" + std::to_string(version)), signer_,
                          {.version = version, .bits = "bits " + std::to_string(version)});
    return read_bitstream(files_).digest;
  }
  std::string stage_version(std::uint64_t version) {
    std::string digest = make(version);
    Slots slots{state_};
    stage(slots, read_bitstream(files_), signer_.rules);
    return digest;
  }
  TrialResult activate_staged() {
    Slots slots{state_};
    return activate(slots, signer_.rules, card_, 500);
  }
  TrialResult back() {
    Slots slots{state_};
    return roll_back(slots, signer_.rules, card_);
  }
  [[nodiscard]] CardState state() const { return look_at_slots(state_).state; }
  [[nodiscard]] std::vector<std::string> events() const {
    std::vector<std::string> found;
    for (const HistoryLine& line : look_at_slots(state_).history.lines) found.push_back(line.event);
    return found;
  }
  template <typename Call>
  [[nodiscard]] std::pair<int, std::string> refusal(const Call& call) const {
    try {
      call();
    } catch (const base::Error& error) {
      return {error.exit_code(), error.what()};
    }
    return {EX_OK, ""};
  }

  test::ScratchFolder folder_{test::memory_folder()};
  std::filesystem::path state_ = folder_ / "state";
  SampleSigner signer_;
  BitstreamFiles files_;
  ScriptedCard card_;
};

TEST_F(Activation, GoesThroughEveryStepInOrder) {
  const std::string digest = stage_version(3);
  EXPECT_EQ(state(), (CardState{"", "", digest, 0, {}}));
  const TrialResult result = activate_staged();
  EXPECT_TRUE(result.ok) << result.text;
  EXPECT_EQ(result.text, "230 golden vectors agreed, 500 messages agreed");
  EXPECT_EQ(card_.asked, (std::vector<std::string>{"load", "golden 14", "shadow 500", "use"}));
  EXPECT_EQ(state(), (CardState{digest, "", "", 3, {}}));
  EXPECT_EQ(events(),
            (std::vector<std::string>{"staged", "load", "golden", "shadow", "use", "active"}));
}

TEST_F(Activation, EveryStepIsInTheStateBeforeTheCardIsAsked) {
  const std::string digest = stage_version(1);
  std::vector<std::string> steps;
  card_.on_asked = [&](std::string_view) {
    EXPECT_EQ(state().trial.digest, digest);
    EXPECT_EQ(state().active, "");
    steps.push_back(state().trial.step);
  };
  EXPECT_TRUE(activate_staged().ok);
  EXPECT_EQ(steps, (std::vector<std::string>{"load", "golden", "shadow", "use"}));
}

TEST_F(Activation, AnyNoTakesItBackByItself) {
  const std::string old = stage_version(1);
  ASSERT_TRUE(activate_staged().ok);
  const std::vector<std::pair<std::string, std::function<void(ScriptedCard&)>>> cases{
      {"load: no such platform", [](auto& card) { card.load_answer.fault = "no such platform"; }},
      {"golden: 1 differences in 230", [](auto& card) { card.golden_answer.differences = 1; }},
      {"golden: 0 golden vectors", [](auto& card) { card.golden_answer.compared = 0; }},
      {"shadow: 1 differences in 500", [](auto& card) { card.shadow_differences = 1; }},
      {"shadow: 499 messages were compared, not 500", [](auto& card) { card.shadow_missing = 1; }},
      {"use: gone", [](auto& card) { card.use_answer.fault = "gone"; }},
      {"golden: it broke",
       [](auto& card) {
         card.on_asked = [](std::string_view what) {
           if (what.starts_with("golden")) throw std::runtime_error{"it broke"};
         };
       }},
  };
  for (const auto& [text, spoil] : cases) {
    SCOPED_TRACE(text);
    const std::string fresh = stage_version(2);
    card_ = {};
    spoil(card_);
    const TrialResult result = activate_staged();
    EXPECT_FALSE(result.ok);
    EXPECT_NE(result.text.find(text), std::string::npos) << result.text;
    EXPECT_EQ(state(), (CardState{old, "", "", 1, {}}));
    EXPECT_EQ(card_.asked.back(), "restore");
    EXPECT_EQ(card_.in_it, old);
    EXPECT_EQ(events().back(), "rolled_back");
    EXPECT_EQ(look_at_slots(state_).history.lines.back().digest, fresh);
  }
}

TEST_F(Activation, OfTheFirstOneThatFailsLeavesNoCardInUse) {
  (void)stage_version(1);
  card_.golden_answer.differences = 2;
  card_.restore_answer.fault = "it does not answer";
  const TrialResult result = activate_staged();
  EXPECT_FALSE(result.ok);
  EXPECT_NE(result.text.find("the card could not be put back: restore: it does not answer"),
            std::string::npos);
  EXPECT_EQ(state(), CardState{});
}

TEST_F(Activation, RaisesTheCounterOnlyWhenInUse) {
  (void)stage_version(5);
  EXPECT_EQ(state().counter, 0u);
  ASSERT_TRUE(activate_staged().ok);
  EXPECT_EQ(state().counter, 5u);
  (void)make(4);
  Slots slots{state_};
  const auto [code, text] = refusal([&] { stage(slots, read_bitstream(files_), signer_.rules); });
  EXPECT_EQ(code, EX_DATAERR);
  EXPECT_EQ(text, "refused: version: is 4, older than the counter, which is at 5");
}

TEST_F(Activation, RefusedOnesChangeNothingButALineOfTheHistory) {
  (void)stage_version(5);
  ASSERT_TRUE(activate_staged().ok);
  const CardState before = state();
  const auto slots_before = slot_digests(state_);
  const auto refuse = [&](const std::string& text) {
    Slots slots{state_};
    const auto found = refusal([&] { stage(slots, read_bitstream(files_), signer_.rules); });
    EXPECT_EQ(found.first, EX_DATAERR) << text;
    EXPECT_NE(found.second.find(text), std::string::npos) << found.second;
    EXPECT_EQ(state(), before);
    EXPECT_EQ(slot_digests(state_), slots_before);
    EXPECT_EQ(events().back(), "refused");
  };
  (void)make(5);
  refuse("in use already");
  (void)make(4);
  refuse("older than the counter");
  (void)make(6);
  write_file(files_.xclbin, sample_xclbin("bits 7"));
  refuse("xclbin: is another one");
  std::filesystem::remove(files_.signature);
  refuse("is not signed");
  files_ = write_sample(folder_ / "map", signer_, {.version = 9, .map_hash = 1});
  refuse("map: is 0x0000000000000001");
  files_ = write_sample(folder_ / "tables", signer_, {.version = 9, .catalogue_hash = 1});
  refuse("catalogue: is 0x0000000000000001");
  files_ = write_sample(folder_ / "other", SampleSigner{}, {.version = 9});
  refuse("is not trusted here");
}

TEST_F(Activation, OfAHostThatKnowsOtherTablesMeanwhileIsRefused) {
  (void)stage_version(1);
  signer_.rules.catalogue_hashes = {1};
  const auto [code, text] = refusal([&] { (void)activate_staged(); });
  EXPECT_EQ(code, EX_DATAERR);
  EXPECT_EQ(text, fmt::format("refused: catalogue: is {}, which this host does not know",
                              hash_text(kCatalogueHash)));
  EXPECT_TRUE(card_.asked.empty());
}

TEST_F(Activation, ExaminesTheStagedOneAgain) {
  const std::string digest = stage_version(1);
  const BitstreamFiles kept = files_in_slot(state_, digest);
  write_file(kept.xclbin, sample_xclbin("bits 2"));
  const CardState before = state();
  const auto [code, text] = refusal([&] { (void)activate_staged(); });
  EXPECT_EQ(code, EX_DATAERR);
  EXPECT_EQ(text, "refused: xclbin: is another one than the manifest says");
  EXPECT_EQ(state(), before);
  EXPECT_TRUE(card_.asked.empty());
  // Another bitstream under its name, signed all the same.
  const BitstreamFiles other = write_sample(folder_ / "other", signer_, {.version = 8});
  for (const auto part : {&BitstreamFiles::manifest, &BitstreamFiles::xclbin,
                          &BitstreamFiles::signature, &BitstreamFiles::golden}) {
    write_file(kept.*part, file_text(other.*part));
  }
  EXPECT_NE(refusal([&] { (void)activate_staged(); }).second.find("altered in its slot"),
            std::string::npos);
  // To stage it again mends it.
  EXPECT_EQ(stage_version(1), digest);
  EXPECT_TRUE(activate_staged().ok);
}

TEST_F(Activation, NeedsAStagedOneAndARollbackOneBefore) {
  EXPECT_EQ(refusal([&] { (void)activate_staged(); }).first, EX_NOINPUT);
  EXPECT_EQ(refusal([&] { (void)back(); }).first, EX_NOINPUT);
  EXPECT_TRUE(card_.asked.empty());
}

TEST_F(Activation, RollbackGoesToTheOneBeforeAndLeavesTheCounter) {
  const std::string one = stage_version(1);
  ASSERT_TRUE(activate_staged().ok);
  const std::string two = stage_version(2);
  ASSERT_TRUE(activate_staged().ok);
  EXPECT_EQ(state(), (CardState{two, one, "", 2, {}}));
  const TrialResult result = back();
  EXPECT_TRUE(result.ok) << result.text;
  EXPECT_EQ(card_.in_it, one);
  EXPECT_EQ(state(), (CardState{one, "", "", 2, {}}));
  EXPECT_EQ(events().back(), "restored");
  EXPECT_EQ(refusal([&] { (void)back(); }).first, EX_NOINPUT);
  // The newer one may come again.
  EXPECT_EQ(stage_version(2), two);
  EXPECT_TRUE(activate_staged().ok);
}

TEST_F(Activation, ARollbackThatTheCardRefusesLeavesTheOneInUse) {
  (void)stage_version(1);
  ASSERT_TRUE(activate_staged().ok);
  const std::string two = stage_version(2);
  ASSERT_TRUE(activate_staged().ok);
  const std::string three = stage_version(3);
  const CardState before = state();
  card_.restore_answer.fault = "no";
  EXPECT_FALSE(back().ok);
  EXPECT_EQ(state(), before) << "the staged one as well";
  EXPECT_EQ(state().active, two);
  EXPECT_EQ(state().staged, three);
}

TEST_F(Activation, ADeadProcesssTrialIsTakenBackByTheNextCommand) {
  const std::string one = stage_version(1);
  ASSERT_TRUE(activate_staged().ok);
  const std::string two = stage_version(2);
  {
    Slots slots{state_};
    CardState next = slots.state();
    next.trial = {two, std::string{kStepShadow}};
    slots.record(kStepShadow, two, "", next);
  }
  card_ = {};
  const TrialResult result = back();
  EXPECT_TRUE(result.ok);
  EXPECT_EQ(result.text, "a process died in step shadow");
  EXPECT_EQ(card_.in_it, one);
  EXPECT_EQ(state(), (CardState{one, "", "", 1, {}})) << "not one further back";
}

TEST_F(Activation, OnlyOneProcessIsAtWork) {
  const Slots slots{state_};
  EXPECT_EQ(refusal([&] { Slots{state_}; }).first, EX_TEMPFAIL);
}

TEST_F(Activation, UnusedSlotsGoWhenTheNextOneIsStaged) {
  const std::string one = stage_version(1);
  ASSERT_TRUE(activate_staged().ok);
  const std::string two = stage_version(2);
  EXPECT_EQ(slot_digests(state_).size(), 2u);
  const std::string three = stage_version(3);
  std::vector<std::string> wanted{one, three};
  std::ranges::sort(wanted);
  EXPECT_EQ(slot_digests(state_), wanted);
  EXPECT_EQ(events().back(), "removed");
  EXPECT_NE(two, three);
}

}  // namespace
}  // namespace ridley::card
