// SPDX-License-Identifier: Apache-2.0
#include "card/history.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "card/digest.hpp"

namespace ridley::card {
namespace {

const std::string kOne(64, '1');
const std::string kTwo(64, '2');

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    add("staged", {"", "", kOne, 0, {}});
    add("load", {"", "", kOne, 0, {kOne, "load"}});
    add("active", {kOne, "", "", 3, {}});
  }

  void add(const std::string& event, const CardState& state) {
    const HistoryLine line{head_.line + 1, "2026-11-21T14:30:00Z", "root (0)", event,
                           kOne,           "some words",           state,      {}};
    const std::string text = history_line(line, head_.hash);
    file_ += text;
    head_ = {head_.line + 1, digest_of(std::string_view{text}.substr(0, text.size() - 1))};
    state_ = state;
  }
  [[nodiscard]] std::string fault(const std::string& file) const { return fault(file, head_); }
  [[nodiscard]] static std::string fault(const std::string& file, const HistoryHead& head) {
    try {
      (void)read_history(file, head);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_DATAERR);
      return error.what();
    }
    return {};
  }
  // Of the line with this number, from 1.
  [[nodiscard]] std::size_t end_of(std::size_t number) const {
    std::size_t at = 0;
    for (std::size_t i = 0; i < number; ++i) at = file_.find('\n', at) + 1;
    return at;
  }

  std::string file_;
  HistoryHead head_;
  CardState state_;
};

TEST_F(HistoryTest, TellsWhatHappenedInOrder) {
  const History history = read_history(file_, head_);
  ASSERT_EQ(history.lines.size(), 3u);
  EXPECT_EQ(history.lines[1].event, "load");
  EXPECT_EQ(history.lines[1].state.trial, (TrialState{kOne, "load"}));
  EXPECT_EQ(history.lines[2].state, state_);
  EXPECT_EQ(history.lines[2].hash, head_.hash);
  EXPECT_EQ(history.whole_bytes, file_.size());
  EXPECT_FALSE(history.is_torn);
  EXPECT_EQ(read_history("", {}).lines.size(), 0u);
}

TEST_F(HistoryTest, EveryAlteredByteIsSeen) {
  for (std::size_t i = 0; i < file_.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string altered = file_;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      EXPECT_NE(fault(altered), "") << i << " bit " << bit;
    }
  }
}

TEST_F(HistoryTest, ALineTakenOutPutInOrMovedIsSeen) {
  const std::string first = file_.substr(0, end_of(1));
  const std::string second = file_.substr(end_of(1), end_of(2) - end_of(1));
  const std::string third = file_.substr(end_of(2));
  EXPECT_NE(fault(first + third), "");
  EXPECT_NE(fault(second + third), "");
  EXPECT_NE(fault(first + third + second), "");
  EXPECT_NE(fault(first + second + second + third), "");
  EXPECT_NE(fault(first + second).find("the last ones were taken out"), std::string::npos);
  EXPECT_NE(fault("").find("has 0 of 3 lines"), std::string::npos);
  EXPECT_NE(fault(file_ + third + third), "");
  EXPECT_NE(fault(file_ + "\n\n"), "");
}

// The process died after the line, before the state file.
TEST_F(HistoryTest, MayBeOneLineAheadOfTheState) {
  const HistoryHead before = head_;
  add("staged", {kOne, "", kTwo, 3, {}});
  EXPECT_EQ(fault(file_, before), "");
  EXPECT_EQ(read_history(file_, before).lines.back().state.staged, kTwo);
  add("staged", {kOne, "", kOne, 3, {}});
  EXPECT_NE(fault(file_, before).find("line 5 was put in"), std::string::npos);
}

TEST_F(HistoryTest, APartOfALineNeverHappened) {
  const HistoryHead before = head_;
  const std::size_t whole = file_.size();
  add("staged", {kOne, "", kTwo, 3, {}});
  for (std::size_t size = whole + 1; size < file_.size(); ++size) {
    const History history = read_history(file_.substr(0, size), before);
    EXPECT_TRUE(history.is_torn) << size;
    EXPECT_EQ(history.lines.size(), 3u);
    EXPECT_EQ(history.whole_bytes, whole);
  }
  // After a loss of power there may be zeros where the line should be.
  const History history =
      read_history(file_.substr(0, whole) + std::string(30, '\0') + "}\n", before);
  EXPECT_TRUE(history.is_torn);
  // A line that the state knows has happened.
  EXPECT_NE(fault(file_.substr(0, file_.size() - 1)), "");
}

TEST_F(HistoryTest, TheStateFileSaysHowFarItHasCome) {
  const std::string text = state_text(state_, head_);
  CardState state;
  HistoryHead head;
  read_state(text, state, head);
  EXPECT_EQ(state, state_);
  EXPECT_EQ(head.line, 3u);
  EXPECT_EQ(head.hash, head_.hash);
  for (const std::string& wrong : {std::string{"{}"}, std::string{}, text.substr(0, 50),
                                   std::string{R"({"format": "another"})"}}) {
    EXPECT_THROW(read_state(wrong, state, head), base::Error) << wrong;
  }
  // Digests become names of folders.
  std::string path = text;
  path.replace(path.find(kOne), 64, "../../../etc" + std::string(52, '1'));
  EXPECT_THROW(read_state(path, state, head), base::Error);
}

}  // namespace
}  // namespace ridley::card
