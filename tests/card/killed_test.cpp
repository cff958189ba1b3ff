// SPDX-License-Identifier: Apache-2.0
// What is left when a process is killed (SIGKILL) before any of the system calls with which it
// stages, activates, rolls back or mends: the old or the new, whole, and the next command works.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <functional>

#include "../support/scratch_folder.hpp"
#include "base/error.hpp"
#include "card/activation.hpp"
#include "sample_bitstream.hpp"
#include "scripted_card.hpp"

namespace ridley::card {
namespace {

namespace fs = std::filesystem;

// More than any command here takes: a loop that goes on for ever is a failure.
constexpr int kStepsMax = 300;

class Killed : public testing::Test {
 protected:
  using Work = std::function<void(const Step&)>;

  Killed() {
    for (std::uint64_t version = 1; version <= 3; ++version) {
      bitstreams_.push_back(read_bitstream(
          write_sample(folder_ / ("card" + std::to_string(version)), signer_,
                       {.version = version, .bits = std::string(5000, 'b') + "its"})));
    }
  }
  [[nodiscard]] const Bitstream& bitstream(std::size_t version) const {
    return bitstreams_[version - 1];
  }
  [[nodiscard]] const std::string& digest(std::size_t version) const {
    return bitstream(version).digest;
  }

  void do_stage(std::size_t version, const Step& step = {}) const {
    Slots slots{state_, step};
    stage(slots, bitstream(version), signer_.rules);
  }
  // The card's steps are steps as well.
  TrialResult do_activate(const Step& step = {}, std::uint64_t differences = 0) const {
    ScriptedCard card;
    card.on_asked = step;
    card.shadow_differences = differences;
    Slots slots{state_, step};
    return activate(slots, signer_.rules, card, 10);
  }
  TrialResult do_roll_back(const Step& step = {}) const {
    ScriptedCard card;
    card.on_asked = step;
    Slots slots{state_, step};
    return roll_back(slots, signer_.rules, card);
  }

  // False when the work was done before its step of this number came.
  [[nodiscard]] static bool kill_before(int number, const Work& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      int left = number;
      try {
        work([&left](std::string_view) {
          if (left-- == 0) ::kill(::getpid(), SIGKILL);
        });
      } catch (...) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) return true;
    EXPECT_EQ(WEXITSTATUS(status), 0);
    return false;
  }

  // Kills the work before each of its steps, every time from the same beginning, and looks at what
  // is left. `next` gets to work on it.
  void kill_everywhere(const Work& work, const std::vector<CardState>& allowed,
                       const std::function<void()>& next) {
    const fs::path beginning = folder_ / "beginning";
    fs::remove_all(beginning);
    if (fs::exists(state_)) fs::copy(state_, beginning, fs::copy_options::recursive);
    int number = 0;
    for (bool killed = true; killed && number < kStepsMax && !HasFailure(); ++number) {
      SCOPED_TRACE("killed before step " + std::to_string(number));
      fs::remove_all(state_);
      if (fs::exists(beginning)) fs::copy(beginning, state_, fs::copy_options::recursive);
      killed = kill_before(number, work);
      look(allowed);
      next();
      look({});
    }
    EXPECT_LT(number, kStepsMax);
    EXPECT_GT(number, 5) << "it has no steps";
  }

  // Everything that says it is there is whole; the state is one of those allowed, if any are named.
  void look(const std::vector<CardState>& allowed) const {
    const SlotsView view = look_at_slots(state_);
    CardState state = view.state;
    state.trial = {};
    if (!allowed.empty()) {
      EXPECT_NE(std::ranges::find(allowed, state), allowed.end())
          << state.active << " " << state.previous << " " << state.staged << " " << state.counter;
    }
    const std::vector<std::string> digests = slot_digests(state_);
    for (const std::string& one : digests) {
      const Bitstream found = read_bitstream(files_in_slot(state_, one));
      EXPECT_EQ(found.digest, one);
      const bool is_whole = first_fault(examine(found, signer_.rules, 0)).empty();
      EXPECT_TRUE(is_whole || one == spoilt_) << one;
    }
    for (const std::string* one : {&state.active, &state.previous, &state.staged}) {
      if (one->empty()) continue;
      EXPECT_NE(std::ranges::find(digests, *one), digests.end()) << *one;
    }
  }

  test::ScratchFolder folder_{test::memory_folder()};
  fs::path state_ = folder_ / "state";
  SampleSigner signer_;
  std::vector<Bitstream> bitstreams_;
  std::string spoilt_;  // a slot that was damaged before
};

TEST_F(Killed, WhileTheFirstOneIsStaged) {
  kill_everywhere([&](const Step& step) { do_stage(1, step); },
                  {CardState{}, {"", "", digest(1), 0, {}}},
                  [&] {
                    do_stage(1);
                    EXPECT_TRUE(do_activate().ok);
                    EXPECT_EQ(look_at_slots(state_).state.active, digest(1));
                  });
}

TEST_F(Killed, WhileAnotherOneIsStagedAndAnUnusedOneRemoved) {
  do_stage(1);
  ASSERT_TRUE(do_activate().ok);
  do_stage(2);
  kill_everywhere([&](const Step& step) { do_stage(3, step); },
                  {{digest(1), "", digest(2), 1, {}}, {digest(1), "", digest(3), 1, {}}},
                  [&] {
                    do_stage(3);
                    EXPECT_EQ(slot_digests(state_).size(), 2u);
                  });
}

TEST_F(Killed, WhileADamagedSlotIsReplaced) {
  do_stage(1);
  write_file(files_in_slot(state_, digest(1)).golden, "another one");
  spoilt_ = digest(1);
  kill_everywhere([&](const Step& step) { do_stage(1, step); }, {{"", "", digest(1), 0, {}}},
                  [&] {
                    do_stage(1);
                    EXPECT_TRUE(do_activate().ok);
                  });
}

TEST_F(Killed, WhileOneIsActivated) {
  do_stage(1);
  ASSERT_TRUE(do_activate().ok);
  do_stage(2);
  const CardState before{digest(1), "", digest(2), 1, {}};
  const CardState after{digest(2), digest(1), "", 2, {}};
  kill_everywhere([&](const Step& step) { (void)do_activate(step); }, {before, after},
                  [&] {
                    const CardState left = look_at_slots(state_).state;
                    do_stage(3);
                    // What was on trial is taken back, and the history says so.
                    EXPECT_EQ(look_at_slots(state_).state.trial, TrialState{});
                    const std::vector<HistoryLine> lines = look_at_slots(state_).history.lines;
                    const auto said = std::ranges::find(lines, "rolled_back", &HistoryLine::event);
                    EXPECT_EQ(said != lines.end(), !left.trial.digest.empty());
                    EXPECT_EQ(look_at_slots(state_).state.active, left.active);
                    EXPECT_TRUE(do_activate().ok);
                    EXPECT_EQ(look_at_slots(state_).state.previous, left.active);
                  });
}

TEST_F(Killed, WhileOneThatDiffersIsTakenBack) {
  do_stage(1);
  ASSERT_TRUE(do_activate().ok);
  do_stage(2);
  kill_everywhere([&](const Step& step) { EXPECT_FALSE(do_activate(step, 3).ok); },
                  {{digest(1), "", digest(2), 1, {}}, {digest(1), "", "", 1, {}}},
                  [&] {
                    do_stage(2);
                    EXPECT_TRUE(do_activate().ok);
                  });
}

TEST_F(Killed, WhileTheOneBeforeIsBroughtBack) {
  for (const std::size_t version : {1U, 2U}) {
    do_stage(version);
    ASSERT_TRUE(do_activate().ok);
  }
  const CardState before{digest(2), digest(1), "", 2, {}};
  const CardState after{digest(1), "", "", 2, {}};
  kill_everywhere([&](const Step& step) { (void)do_roll_back(step); }, {before, after},
                  [&] {
                    // A trial that was left is settled first; then it works as ever.
                    for (int time = 0; time < 2 && look_at_slots(state_).state != after; ++time) {
                      EXPECT_TRUE(do_roll_back().ok);
                    }
                    EXPECT_EQ(look_at_slots(state_).state, after);
                  });
}

TEST_F(Killed, WhileItMendsWhatAnotherOneLeft) {
  do_stage(1);
  ASSERT_TRUE(do_activate().ok);
  do_stage(2);
  // Killed in the middle of the trial, and then in the middle of a line.
  const auto is_in_shadow = [&] {
    const SlotsView view = look_at_slots(state_);
    return view.state.trial.step == kStepShadow && view.head.line == view.history.lines.size();
  };
  fs::copy(state_, folder_ / "staged", fs::copy_options::recursive);
  for (int number = 0; !is_in_shadow(); ++number) {
    fs::remove_all(state_);
    fs::copy(folder_ / "staged", state_, fs::copy_options::recursive);
    ASSERT_TRUE(kill_before(number, [&](const Step& step) { (void)do_activate(step); }));
  }
  write_file(folder_ / "torn", file_text(state_ / "history.jsonl") + "{\"line\":");
  fs::rename(folder_ / "torn", state_ / "history.jsonl");
  fs::create_directory(state_ / "slots" / ".new");
  write_file(state_ / "slots" / ".new" / "bitstream.xclbin", "half");
  ASSERT_TRUE(look_at_slots(state_).history.is_torn);
  kill_everywhere([&](const Step& step) { do_stage(3, step); },
                  {{digest(1), "", digest(2), 1, {}},
                   {digest(1), "", "", 1, {}},
                   {digest(1), "", digest(3), 1, {}}},
                  [&] {
                    do_stage(3);
                    EXPECT_TRUE(do_activate().ok);
                    EXPECT_EQ(look_at_slots(state_).state.previous, digest(1));
                  });
}

// Two deaths in a row: anywhere in an activation, then in the first steps of the next command,
// which are those that mend.
TEST_F(Killed, AndKilledAgainWhileItMends) {
  constexpr int kMendingSteps = 16;
  do_stage(1);
  ASSERT_TRUE(do_activate().ok);
  do_stage(2);
  const fs::path beginning = folder_ / "beginning";
  fs::rename(state_, beginning);
  const auto begin = [&] {
    fs::remove_all(state_);
    fs::copy(beginning, state_, fs::copy_options::recursive);
  };
  bool killed = true;
  for (int first = 0; killed && first < kStepsMax; ++first) {
    for (int second = 0; second < kMendingSteps && !HasFailure(); ++second) {
      SCOPED_TRACE(std::to_string(first) + " and " + std::to_string(second));
      begin();
      killed = kill_before(first, [&](const Step& step) { (void)do_activate(step); });
      (void)kill_before(second, [&](const Step& step) { do_stage(3, step); });
      look({});
      do_stage(3);
      look({});
      EXPECT_TRUE(do_activate().ok);
      EXPECT_EQ(look_at_slots(state_).state.active, digest(3));
    }
  }
}

}  // namespace
}  // namespace ridley::card
