// SPDX-License-Identifier: Apache-2.0
#include "control/card_trial_view.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ridley::control {

TEST(CardTrialView, IsTheSameAtTheOtherEnd) {
  const CardTrialView view{
      .step = CardStep::Shadow,
      .running = true,
      .digest = "d1",
      .answer = {.compared = 7, .differences = 2, .fault = "a \"fault\"", .first = "byte 3"}};
  const CardTrialView read = read_view(view_json(view));
  EXPECT_EQ(read.step, CardStep::Shadow);
  EXPECT_TRUE(read.running);
  EXPECT_EQ(read.digest, "d1");
  EXPECT_EQ(read.answer.compared, 7u);
  EXPECT_EQ(read.answer.differences, 2u);
  EXPECT_EQ(read.answer.fault, "a \"fault\"");
  EXPECT_EQ(read.answer.first, "byte 3");
}

TEST(CardTrialView, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "{}", R"({"step":"load"})"})
    EXPECT_THROW((void)read_view(text), base::Error) << text;
}

TEST(CardStep, HasANameAndIsFoundByIt) {
  for (const std::string_view name : kCardStepNames) EXPECT_EQ(name_of(card_step(name)), name);
  EXPECT_THROW((void)card_step("jump"), base::Error);
}

}  // namespace ridley::control
