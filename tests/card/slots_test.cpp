// SPDX-License-Identifier: Apache-2.0
#include "card/slots.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/scratch_folder.hpp"
#include "base/error.hpp"
#include "sample_bitstream.hpp"

namespace ridley::card {
namespace {

class SlotsTest : public testing::Test {
 protected:
  SlotsTest() {
    Slots slots{state_};
    slots.keep(bitstream_);
    CardState next;
    next.staged = bitstream_.digest;
    slots.record("staged", bitstream_.digest, "some words", next);
  }

  [[nodiscard]] std::string fault() const {
    try {
      (void)look_at_slots(state_);
    } catch (const base::Error& error) {
      return error.what();
    }
    return {};
  }

  test::ScratchFolder folder_{test::memory_folder()};
  std::filesystem::path state_ = folder_ / "state";
  std::filesystem::path history_file_ = state_ / "history.jsonl";
  std::filesystem::path state_file_ = state_ / "state.json";
  SampleSigner signer_;
  Bitstream bitstream_ = read_bitstream(write_sample(folder_ / "card", signer_));
};

TEST_F(SlotsTest, KeepsWhatItWasGiven) {
  const Bitstream kept = Slots{state_}.read(bitstream_.digest);
  EXPECT_EQ(kept.digest, bitstream_.digest);
  EXPECT_EQ(kept.xclbin, bitstream_.xclbin);
  EXPECT_EQ(kept.golden, bitstream_.golden);
  EXPECT_EQ(kept.signature_text, bitstream_.signature_text);
  EXPECT_EQ(slot_digests(state_), std::vector{bitstream_.digest});
}

TEST_F(SlotsTest, AFolderThatIsNotThereIsAnEmptyOne) {
  const SlotsView view = look_at_slots(folder_ / "none");
  EXPECT_FALSE(view.is_there);
  EXPECT_EQ(view.state, CardState{});
  EXPECT_TRUE(slot_digests(folder_ / "none").empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none"));
}

TEST_F(SlotsTest, AHistoryThatWasCutAnywhereInItsLastLineIsMended) {
  const std::string whole = file_text(history_file_);
  const std::string state = file_text(state_file_);
  {
    Slots slots{state_};
    CardState next = slots.state();
    next.counter = 7;
    slots.record("active", bitstream_.digest, "", next);
  }
  const std::string longer = file_text(history_file_);
  for (std::size_t size = whole.size(); size <= longer.size(); ++size) {
    SCOPED_TRACE(size);
    write_file(history_file_, longer.substr(0, size));
    write_file(state_file_, state);
    const bool has_happened = size == longer.size();
    const bool is_torn = !has_happened && size > whole.size();
    EXPECT_EQ(look_at_slots(state_).history.is_torn, is_torn);
    EXPECT_EQ(Slots{state_}.state().counter, has_happened ? 7u : 0u);
    const SlotsView view = look_at_slots(state_);
    EXPECT_FALSE(view.history.is_torn);
    EXPECT_EQ(view.history.lines.back().event, has_happened ? "active"
                                               : is_torn    ? "repaired"
                                                            : "staged");
    EXPECT_EQ(view.head.line, view.history.lines.size());
    EXPECT_EQ(view.state.staged, bitstream_.digest);
  }
}

TEST_F(SlotsTest, AStateThatSaysSomethingElseThanTheHistoryIsRefused) {
  std::string state = file_text(state_file_);
  state.replace(state.find("\"counter\":0"), 11, "\"counter\":9");
  write_file(state_file_, state);
  EXPECT_NE(fault().find("state.json: was altered"), std::string::npos) << fault();
  EXPECT_THROW(Slots{state_}, base::Error);
}

TEST_F(SlotsTest, AMissingStateOrHistoryIsNotTakenForAnEmptyOne) {
  const std::string history = file_text(history_file_);
  std::filesystem::remove(history_file_);
  EXPECT_NE(fault().find("has 0 of 1 lines"), std::string::npos) << fault();
  write_file(history_file_, history);
  EXPECT_EQ(fault(), "");
  {
    Slots slots{state_};
    slots.record("staged", {}, "again", slots.state());
  }
  std::filesystem::remove(state_file_);
  EXPECT_NE(fault().find("line 2 was put in"), std::string::npos) << fault();
  EXPECT_THROW(Slots{state_}, base::Error);
}

TEST_F(SlotsTest, WhatAProcessLeftThatDiedIsRemoved) {
  std::filesystem::create_directory(state_ / "slots" / ".new");
  write_file(state_ / "slots" / ".new" / "bitstream.xclbin", "half");
  std::filesystem::create_directory(state_ / "slots" / ".old");
  EXPECT_EQ(slot_digests(state_).size(), 1u);
  const Slots slots{state_};
  EXPECT_FALSE(std::filesystem::exists(state_ / "slots" / ".new"));
  EXPECT_FALSE(std::filesystem::exists(state_ / "slots" / ".old"));
}

TEST_F(SlotsTest, ADamagedSlotIsReplacedAndAWholeOneIsLeft) {
  const auto changed = [&] {
    std::vector<std::string> steps;
    Slots slots{state_, [&](std::string_view what) { steps.emplace_back(what); }};
    steps.clear();
    slots.keep(bitstream_);
    return steps.size();
  };
  EXPECT_EQ(changed(), 0u);
  write_file(files_in_slot(state_, bitstream_.digest).golden, "another one");
  EXPECT_GT(changed(), 0u);
  EXPECT_EQ(Slots{state_}.read(bitstream_.digest).golden, bitstream_.golden);
  std::filesystem::remove(files_in_slot(state_, bitstream_.digest).xclbin);
  EXPECT_GT(changed(), 0u);
  EXPECT_EQ(changed(), 0u);
}

TEST_F(SlotsTest, WhereTheyMayNotBeWrittenNothingIsDone) {
  const auto exit_code = [](const std::filesystem::path& folder) {
    try {
      Slots{folder};
    } catch (const base::Error& error) {
      return error.exit_code();
    }
    return EX_OK;
  };
  write_file(folder_ / "file", "");
  EXPECT_EQ(exit_code(folder_ / "file"), EX_CANTCREAT);
  EXPECT_EQ(exit_code("/proc/none"), EX_CANTCREAT);
  // As another user where this one is root, who may do everything.
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(EX_OSERR);
    ::_exit(exit_code("/ridley"));
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), EX_NOPERM);
}

}  // namespace
}  // namespace ridley::card
