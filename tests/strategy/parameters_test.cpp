// SPDX-License-Identifier: Apache-2.0
#include "strategy/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/error.hpp"

namespace ridley::strategy {
namespace {

using testing::HasSubstr;

const std::array<ridley_parameter, 4> kDeclared{{
    {"quantity",
     "Shares",
     RIDLEY_PARAMETER_INTEGER,
     0,
     {100, 0, nullptr},
     {1, 0, nullptr},
     {500, 0, nullptr}},
    {"passive",
     "Whether it waits",
     RIDLEY_PARAMETER_FLAG,
     0,
     {1, 0, nullptr},
     {0, 0, nullptr},
     {1, 0, nullptr}},
    {"weight",
     "Of the signal",
     RIDLEY_PARAMETER_NUMBER,
     0,
     {0, 0.5, nullptr},
     {0, 0.0, nullptr},
     {0, 1.0, nullptr}},
    {"model", "File", RIDLEY_PARAMETER_TEXT, 0, {0, 0, "none"}, {1, 0, nullptr}, {8, 0, nullptr}},
}};

std::string refusal_of(const Parameters& given) {
  try {
    const ParameterValues values{kDeclared, given};
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CONFIG);
    return error.what();
  }
  return {};
}

}  // namespace

TEST(Parameters, AreTheStandardOnesWhenNothingIsGiven) {
  const ParameterValues values{kDeclared, {}};
  ASSERT_EQ(values.values().size(), 4U);
  EXPECT_EQ(values.values()[0].integer, 100);
  EXPECT_EQ(values.values()[1].integer, 1);
  EXPECT_EQ(values.values()[2].number, 0.5);
  EXPECT_STREQ(values.values()[3].text, "none");
}

TEST(Parameters, TakeWhatIsGiven) {
  const ParameterValues values{
      kDeclared,
      {{"quantity", std::int64_t{500}}, {"passive", false}, {"weight", 1.0}, {"model", "a.bin"}}};
  EXPECT_EQ(values.values()[0].integer, 500);
  EXPECT_EQ(values.values()[1].integer, 0);
  EXPECT_EQ(values.values()[2].number, 1.0);
  EXPECT_STREQ(values.values()[3].text, "a.bin");
}

TEST(Parameters, TakeAWholeNumberWhereANumberIsWanted) {
  const ParameterValues values{kDeclared, {{"weight", std::int64_t{1}}}};
  EXPECT_EQ(values.values()[2].number, 1.0);
}

TEST(Parameters, NameTheNearestOfAnUnknownKey) {
  EXPECT_EQ(refusal_of({{"quantitiy", std::int64_t{1}}}),
            "strategy.parameters: there is no 'quantitiy'; the nearest is 'quantity'");
  EXPECT_THAT(refusal_of({{"modle", "x"}}), HasSubstr("nearest is 'model'"));
  EXPECT_THROW((ParameterValues{{}, {{"x", true}}}), base::Error);
}

TEST(Parameters, RefuseAnotherKind) {
  EXPECT_THAT(refusal_of({{"quantity", 1.5}}), HasSubstr("quantity must be a whole number"));
  EXPECT_THAT(refusal_of({{"quantity", true}}), HasSubstr("quantity must be a whole number"));
  EXPECT_THAT(refusal_of({{"passive", std::int64_t{1}}}), HasSubstr("must be true or false"));
  EXPECT_THAT(refusal_of({{"weight", "1"}}), HasSubstr("weight must be a number"));
  EXPECT_THAT(refusal_of({{"model", false}}), HasSubstr("model must be a text"));
}

TEST(Parameters, StandAtTheEdgeAndOneBeyond) {
  EXPECT_EQ(refusal_of({{"quantity", std::int64_t{1}}}), "");
  EXPECT_EQ(refusal_of({{"quantity", std::int64_t{500}}}), "");
  EXPECT_THAT(refusal_of({{"quantity", std::int64_t{0}}}), HasSubstr("= 0 is outside 1 to 500"));
  EXPECT_THAT(refusal_of({{"quantity", std::int64_t{501}}}), HasSubstr("= 501 is outside"));
  EXPECT_THAT(refusal_of({{"weight", -0.001}}), HasSubstr("outside 0 to 1"));
  EXPECT_EQ(refusal_of({{"model", "12345678"}}), "");
  EXPECT_THAT(refusal_of({{"model", "123456789"}}), HasSubstr("has 9 letters"));
  EXPECT_THAT(refusal_of({{"model", ""}}), HasSubstr("has 0 letters"));
}

TEST(Parameters, DescribeThemselves) {
  EXPECT_EQ(describe(kDeclared),
            "quantity: a whole number from 1 to 500, standard 100. Shares\n"
            "passive: true or false, standard true. Whether it waits\n"
            "weight: a number from 0 to 1, standard 0.5. Of the signal\n"
            "model: a text, standard 'none'. File\n");
}

}  // namespace ridley::strategy
