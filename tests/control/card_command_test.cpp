// SPDX-License-Identifier: Apache-2.0
// control/card_command.hpp and what control/card_report.hpp prints for it.
#include "control/card_command.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "../card/sample_bitstream.hpp"
#include "../card/scripted_card.hpp"
#include "../support/scratch_folder.hpp"
#include "base/error.hpp"
#include "control/card_report.hpp"

namespace ridley::control {
namespace {

using nlohmann::json;

struct Said {
  int exit_code = 0;
  std::string out;
  std::string messages;
};

class CardCommand : public testing::Test {
 protected:
  CardCommand() {
    card::write_file(folder_ / "release.pub", signer_.files.public_key);
    card::write_file(folder_ / "release.key", signer_.files.secret_key);
    write(3);
  }

  void write(std::uint64_t version) {
    files_ = card::write_sample(folder_ / "card", signer_,
                                {.version = version, .bits = "bits " + std::to_string(version)});
  }
  [[nodiscard]] CardOptions options(const std::string& target = "") const {
    CardOptions options;
    options.target = target.empty() ? (folder_ / "card").string() : target;
    options.state = folder_ / "state";
    options.keys = {folder_ / "release.pub"};
    options.secret_key = folder_ / "release.key";
    return options;
  }
  // What fails is an exit code and a message, as the program makes them.
  static Said say(CardVerb verb, const CardOptions& options) {
    std::ostringstream out;
    std::ostringstream messages;
    int exit_code = 0;
    try {
      exit_code = card_verb(verb, options, out, messages);
    } catch (const base::Error& error) {
      exit_code = error.exit_code();
      messages << error.what();
    }
    return {exit_code, out.str(), messages.str()};
  }
  static json answer(CardVerb verb, CardOptions options) {
    options.json = true;
    return json::parse(say(verb, options).out);
  }
  // With a card that agrees, or differs so often in the shadow.
  [[nodiscard]] CardOptions with_card(std::uint64_t differences = 0) const {
    CardOptions wanted = options();
    wanted.shadow_messages = 10;
    wanted.open_card = [differences] {
      auto scripted = std::make_unique<card::ScriptedCard>();
      scripted->shadow_differences = differences;
      return scripted;
    };
    return wanted;
  }

  test::ScratchFolder folder_{test::memory_folder()};
  card::SampleSigner signer_;
  card::BitstreamFiles files_;
};

TEST_F(CardCommand, DescribesABitstream) {
  const Said said = say(CardVerb::Describe, options());
  EXPECT_EQ(said.exit_code, EX_OK);
  for (const char* line :
       {"name        ridley-card\n", "version     3\n", "ok      catalogue", "rtl commit  aaaaaaaa",
        "tool        verilator 5.006\n", "report      timing.slack_ns 0.12\n",
        "report      resources.lut 1234\n", "uuid        10111213-1415",
        "section     BITSTREAM 6 bytes\n", "unit        ridley_card at 0x1000\n",
        "memory      HOST at 0x4000, 4096 KiB\n", "clock       clk 322 MHz\n",
        "ok      signature"}) {
    EXPECT_NE(said.out.find(line), std::string::npos) << line << said.out;
  }
  const json all = answer(CardVerb::Describe, options());
  EXPECT_EQ(all["manifest"]["report"]["timing"]["slack_ns"], 0.12);
  EXPECT_EQ(all["container"]["uuid"], card::kSampleUuid);
  EXPECT_EQ(all["checks"].size(), 9u);
}

TEST_F(CardCommand, SaysThatABitstreamIsNotFromACommit) {
  (void)card::write_sample(folder_ / "card", signer_, {.rtl_commit = std::string(40, '0')});
  EXPECT_NE(say(CardVerb::Describe, options()).out.find("rtl commit  none: not from a commit\n"),
            std::string::npos);
}

TEST_F(CardCommand, DescribesAnXclbinThatHasNoManifest) {
  std::filesystem::remove(files_.manifest);
  const Said said = say(CardVerb::Describe, options());
  EXPECT_EQ(said.exit_code, EX_OK) << said.messages;
  EXPECT_NE(said.out.find("unit        ridley_card"), std::string::npos);
  EXPECT_EQ(answer(CardVerb::Describe, options())["manifest"], nullptr);
  card::write_file(files_.xclbin, "no xclbin");
  EXPECT_EQ(say(CardVerb::Describe, options()).exit_code, EX_DATAERR);
  EXPECT_NE(say(CardVerb::Describe, options()).messages.find("card.xclbin: is no xclbin"),
            std::string::npos);
}

TEST_F(CardCommand, DescribesWithoutTrustingAnyKey) {
  CardOptions wanted = options();
  wanted.keys.clear();
  const Said said = say(CardVerb::Describe, wanted);
  EXPECT_EQ(said.exit_code, EX_OK) << said.messages;
  EXPECT_NE(said.out.find("not trusted here"), std::string::npos);
}

TEST_F(CardCommand, VerifyNamesEveryReason) {
  EXPECT_EQ(say(CardVerb::Verify, options()).exit_code, EX_OK);
  card::write_file(files_.golden, "others");
  std::filesystem::remove(files_.signature);
  const Said said = say(CardVerb::Verify, options());
  EXPECT_EQ(said.exit_code, EX_DATAERR);
  EXPECT_NE(said.out.find("refused signature   is not signed\n"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("refused golden      has 6 bytes"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("ok      xclbin"), std::string::npos) << said.out;
  const json all = answer(CardVerb::Verify, options());
  EXPECT_EQ(all["ok"], false);
  EXPECT_EQ(all["checks"][0]["fault"], "is not signed");
}

TEST_F(CardCommand, SignsWhatHoldsTogether) {
  std::filesystem::remove(files_.signature);
  EXPECT_EQ(say(CardVerb::Sign, options()).exit_code, EX_OK);
  EXPECT_EQ(say(CardVerb::Verify, options()).exit_code, EX_OK);
  std::filesystem::remove(files_.signature);
  card::write_file(files_.golden, "others");
  const Said said = say(CardVerb::Sign, options());
  EXPECT_EQ(said.exit_code, EX_DATAERR);
  EXPECT_NE(said.messages.find("not signed: golden"), std::string::npos) << said.messages;
  EXPECT_FALSE(std::filesystem::exists(files_.signature));
}

TEST_F(CardCommand, MakesKeysThatOnlyItsUserReads) {
  CardOptions wanted = options(folder_ / "new");
  EXPECT_EQ(say(CardVerb::Keygen, wanted).exit_code, EX_OK);
  const auto mode = std::filesystem::status(folder_ / "new.key").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(say(CardVerb::Keygen, wanted).exit_code, EX_CANTCREAT) << "never over another one";
  CardOptions sign = options();
  sign.secret_key = folder_ / "new.key";
  sign.comment = "release 3";
  EXPECT_EQ(say(CardVerb::Sign, sign).exit_code, EX_OK);
  EXPECT_EQ(say(CardVerb::Verify, options()).exit_code, EX_DATAERR) << "another key";
  CardOptions both = options();
  both.keys.push_back(folder_ / "new.pub");
  const Said said = say(CardVerb::Verify, both);
  EXPECT_EQ(said.exit_code, EX_OK);
  EXPECT_NE(said.out.find("release 3"), std::string::npos);
}

TEST_F(CardCommand, WithoutACardNothingChanges) {
  EXPECT_EQ(say(CardVerb::Stage, options()).exit_code, EX_OK);
  const std::string history = card::file_text(folder_ / "state" / "history.jsonl");
  CardOptions none = options();
  for (const CardVerb verb : {CardVerb::Activate, CardVerb::Rollback}) {
    for (const bool asks : {false, true}) {
      if (asks) none.open_card = [] { return std::unique_ptr<card::Trial>{}; };
      const Said said = say(verb, none);
      EXPECT_EQ(said.exit_code, EX_UNAVAILABLE);
      EXPECT_EQ(said.messages, "no card is there; nothing was changed");
    }
  }
  EXPECT_EQ(card::file_text(folder_ / "state" / "history.jsonl"), history);
}

TEST_F(CardCommand, GoesFromStageToUseAndBack) {
  const Said staged = say(CardVerb::Stage, options());
  EXPECT_EQ(staged.exit_code, EX_OK) << staged.messages;
  EXPECT_NE(staged.out.find("ridley-card, version 3"), std::string::npos);
  const Said used = say(CardVerb::Activate, with_card());
  EXPECT_EQ(used.exit_code, EX_OK) << used.messages;
  EXPECT_EQ(used.out, "activated: 230 golden vectors agreed, 10 messages agreed\n");
  write(4);
  (void)say(CardVerb::Stage, options());
  const json tried = answer(CardVerb::Activate, with_card());
  EXPECT_EQ(tried["ok"], true);
  EXPECT_EQ(tried["counter"], 4);
  const json list = answer(CardVerb::List, options());
  EXPECT_EQ(list["slots"].size(), 2u);
  EXPECT_EQ(list["active"], tried["active"]);
  EXPECT_EQ(say(CardVerb::Rollback, with_card()).out, "rolled back: ridley-card, version 3\n");
  const std::string text = say(CardVerb::List, options()).out;
  EXPECT_NE(text.find("active    ridley-card, version 3"), std::string::npos) << text;
  EXPECT_NE(text.find("unused    ridley-card, version 4"), std::string::npos) << text;
  EXPECT_NE(text.find("below version 4 are refused"), std::string::npos) << text;
}

TEST_F(CardCommand, ADifferenceRollsBackByItselfAndIsNoSuccess) {
  (void)say(CardVerb::Stage, options());
  const Said said = say(CardVerb::Activate, with_card(2));
  EXPECT_EQ(said.exit_code, EX_PROTOCOL);
  EXPECT_EQ(said.out, "rolled back: shadow: 2 differences in 10 messages\n");
  EXPECT_EQ(answer(CardVerb::List, options())["active"], nullptr);
}

TEST_F(CardCommand, FindsSlotsByRoleAndByTheStartOfTheirDigest) {
  const std::string digest = answer(CardVerb::Verify, options())["digest"];
  EXPECT_EQ(say(CardVerb::Verify, options("staged")).exit_code, EX_NOINPUT);
  (void)say(CardVerb::Stage, options());
  for (const std::string& name : {std::string{"staged"}, digest, digest.substr(0, 4)}) {
    const json all = answer(CardVerb::Verify, options(name));
    EXPECT_EQ(all["digest"], digest) << name;
    EXPECT_EQ(all["ok"], true) << name;
  }
  EXPECT_EQ(say(CardVerb::Verify, options(digest.substr(0, 3))).exit_code, EX_NOINPUT);
  EXPECT_EQ(say(CardVerb::Describe, options("active")).messages, "no bitstream is active");
  // One that was used has passed the counter when it came.
  (void)say(CardVerb::Activate, with_card());
  write(9);
  (void)say(CardVerb::Stage, options());
  (void)say(CardVerb::Activate, with_card());
  EXPECT_EQ(say(CardVerb::Verify, options("previous")).exit_code, EX_OK);
}

TEST_F(CardCommand, ASlotThatWasChangedIsSeen) {
  (void)say(CardVerb::Stage, options());
  const std::string digest = answer(CardVerb::Verify, options("staged"))["digest"];
  const card::BitstreamFiles kept = card::files_in_slot(folder_ / "state", digest);
  write(4);
  for (const auto part : {&card::BitstreamFiles::manifest, &card::BitstreamFiles::xclbin,
                          &card::BitstreamFiles::signature, &card::BitstreamFiles::golden}) {
    card::write_file(kept.*part, card::file_text(files_.*part));
  }
  const Said said = say(CardVerb::Verify, options("staged"));
  EXPECT_EQ(said.exit_code, EX_DATAERR);
  EXPECT_NE(said.out.find("is not for the bitstream that this slot is named after"),
            std::string::npos);
  card::write_file(kept.manifest, "none");
  EXPECT_NE(say(CardVerb::List, options()).out.find("is no manifest"), std::string::npos);
}

TEST_F(CardCommand, HistoryTellsEverythingAndSeesChanges) {
  (void)say(CardVerb::Stage, options());
  (void)say(CardVerb::Activate, with_card(1));
  const Said said = say(CardVerb::History, options());
  EXPECT_EQ(said.exit_code, EX_OK);
  for (const char* event : {" staged ", " load ", " golden ", " shadow ", " rolled_back "}) {
    EXPECT_NE(said.out.find(event), std::string::npos) << event << said.out;
  }
  CardOptions wanted = options();
  wanted.json = true;
  std::istringstream lines{say(CardVerb::History, wanted).out};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    EXPECT_EQ(json::parse(line)["line"], number);
  }
  const std::filesystem::path file = folder_ / "state" / "history.jsonl";
  std::string altered = card::file_text(file);
  card::write_file(file, altered + "{\"line\"");
  EXPECT_NE(say(CardVerb::History, options()).messages.find("cut off"), std::string::npos);
  altered.replace(altered.find("load"), 4, "lost");
  card::write_file(file, altered);
  for (const CardVerb verb : {CardVerb::History, CardVerb::List, CardVerb::Stage}) {
    EXPECT_EQ(say(verb, options()).exit_code, EX_DATAERR);
    EXPECT_NE(say(verb, options()).messages.find("history.jsonl: line 3"), std::string::npos)
        << say(verb, options()).messages;
  }
}

TEST_F(CardCommand, ATrialThatWasLeftIsToldAndTakenBack) {
  (void)say(CardVerb::Stage, options());
  {
    card::Slots slots{folder_ / "state"};
    card::CardState next = slots.state();
    next.trial = {next.staged, std::string{card::kStepGolden}};
    slots.record(card::kStepGolden, next.staged, "", next);
  }
  EXPECT_NE(say(CardVerb::List, options()).out.find("is on trial, in step golden"),
            std::string::npos);
  const Said said = say(CardVerb::Activate, with_card());
  EXPECT_EQ(said.exit_code, EX_NOINPUT);
  EXPECT_NE(said.messages.find("is rolled back: a process died in step golden"), std::string::npos)
      << said.messages;
  EXPECT_EQ(said.messages.substr(said.messages.find('\n') + 1),
            "nothing is staged: ridley card stage FILE");
}

TEST_F(CardCommand, WhatIsNotThereIsNamed) {
  const std::string none = folder_ / "none";
  for (const CardVerb verb :
       {CardVerb::Describe, CardVerb::Sign, CardVerb::Verify, CardVerb::Stage}) {
    const Said said = say(verb, options(none));
    EXPECT_EQ(said.exit_code, EX_NOINPUT);
    EXPECT_NE(said.messages.find("none.manifest: cannot open"), std::string::npos) << said.messages;
  }
  CardOptions wanted = options();
  wanted.keys = {none + ".pub"};
  wanted.secret_key = none + ".key";
  EXPECT_NE(say(CardVerb::Verify, wanted).messages.find("none.pub: cannot open"),
            std::string::npos);
  EXPECT_NE(say(CardVerb::Sign, wanted).messages.find("none.key: cannot open"), std::string::npos);
  wanted.secret_key = folder_ / "release.pub";
  EXPECT_EQ(say(CardVerb::Sign, wanted).exit_code, EX_DATAERR);
  EXPECT_NE(say(CardVerb::Sign, wanted).messages.find("release.pub: "), std::string::npos);
  wanted.state = "/proc/none";
  wanted.keys = options().keys;
  EXPECT_EQ(say(CardVerb::Stage, wanted).exit_code, EX_CANTCREAT);
  EXPECT_EQ(say(CardVerb::List, wanted).exit_code, EX_OK);
}

}  // namespace
}  // namespace ridley::control
