// SPDX-License-Identifier: Apache-2.0
// config_reader.cpp: every kind of mistake is named with its place.
#include <gtest/gtest.h>

#include "control/config.hpp"
#include "control/sample_config.hpp"

namespace ridley::control {
namespace {

using test::kSampleConfig;
using test::sample_with;

std::string problems_of(const std::string& text) {
  return problems_text(check_config(text, "r.toml").problems, "r.toml");
}

TEST(ConfigReader, TakesTheShortestConfiguration) {
  const CheckedConfig checked = check_config(kSampleConfig, "r.toml");
  EXPECT_EQ(problems_text(checked.problems, "r.toml"), "");
  EXPECT_EQ(checked.config.feed.groups, (std::vector<FeedGroup>{{"233.54.12.111", 26477}}));
  EXPECT_EQ(checked.config.order.port, 26400);
  EXPECT_EQ(checked.config.strategy.symbols, (std::vector<std::string>{"AAPL", "MSFT"}));
  EXPECT_EQ(checked.config.risk.max_gross_notional_usd, 5'000'000U);
  EXPECT_EQ(checked.config.engine.hot_core, std::nullopt);
  EXPECT_EQ(checked.config.telemetry.interval_ms, 1'000U);
}

TEST(ConfigReader, AnswersWhereTheParserWouldAssert) {
  for (const std::string text : {"[\nmax_open\n", "[ \n", "[[\n]\n", "[a.\nb]\n"}) {
    const CheckedConfig checked = check_config("# a line\n" + text, "r.toml");
    ASSERT_FALSE(checked.problems.empty()) << text;
    EXPECT_GE(checked.problems.front().place.line, 2u) << text;
    EXPECT_LE(checked.problems.front().place.line, 3u) << text;
  }
}

TEST(ConfigReader, RefusesLettersBeyondAsciiOutsideOfTextsAndComments) {
  // Each of them is in none of the parser's ranges, so it once did as it liked.
  for (const std::string letter : {"\u01CF", "\u30FF", "\uFE7F", "\u0364"}) {
    for (const std::string& text : {letter + " = 1\n", "a = \"\" " + letter + "\n",
                                    "[" + letter + "]\n", "a = 250\"\" ['\\=00" + letter + "\n"}) {
      const CheckedConfig checked = check_config("# ä fine\n" + text, "r.toml");
      ASSERT_FALSE(checked.problems.empty()) << text;
      EXPECT_EQ(checked.problems.front().place.line, 2u) << text;
    }
  }
}

TEST(ConfigReader, FindsABrokenNameBehindManyLines) {
  constexpr std::uint32_t kLines = 50'000;
  std::string text;
  for (std::uint32_t i = 0; i < kLines; ++i) text += "# a line\n";
  const CheckedConfig checked = check_config(text + "[a.\nb]\n[engine]\n", "r.toml");
  ASSERT_EQ(checked.problems.size(), 1u);
  EXPECT_EQ(checked.problems[0].place.line, kLines + 1);
}

TEST(ConfigReader, ReadsEveryKindOfValue) {
  const std::string text = sample_with("[strategy]", R"([engine]
hot_core = 3
poll = "yield"
huge_pages = "off"
[control]
permissions = "0660"
[strategy.parameters]
depth = 5
ratio = 2.5
name = "north"
aggressive = true
[[risk.instrument]]
symbol = "AAPL"
max_order_quantity = 10
max_order_notional_usd = 0x10
[strategy])");
  const CheckedConfig checked = check_config(text, "r.toml");
  EXPECT_EQ(problems_text(checked.problems, "r.toml"), "");
  const Config& config = checked.config;
  EXPECT_EQ(config.engine.hot_core, 3U);
  EXPECT_EQ(config.engine.poll, Poll::Yield);
  EXPECT_EQ(config.engine.huge_pages, HugePages::Off);
  EXPECT_EQ(config.control.permissions, Permissions::Group);
  EXPECT_EQ(config.strategy.parameters, (Parameters{{"depth", std::int64_t{5}},
                                                    {"ratio", 2.5},
                                                    {"name", std::string{"north"}},
                                                    {"aggressive", true}}));
  ASSERT_EQ(config.risk.instruments.size(), 1U);
  EXPECT_EQ(config.risk.instruments[0].symbol, "AAPL");
  EXPECT_EQ(config.risk.instruments[0].max_order_quantity, 10U);
  EXPECT_EQ(config.risk.instruments[0].max_order_notional_usd, 16U);
  EXPECT_EQ(config.risk.instruments[0].lot, std::nullopt);
}

TEST(ConfigReader, RemembersWhereEachValueIsWritten) {
  const CheckedConfig checked = check_config(kSampleConfig, "r.toml");
  ASSERT_TRUE(checked.written.contains("order.port"));
  EXPECT_EQ(checked.written.at("order.port").line, 7U);
  EXPECT_EQ(checked.written.at("order.port").column, 1U);
  EXPECT_FALSE(checked.written.contains("order.session"));
}

struct Mistake {
  const char* name;
  const char* was;
  const char* is;
  const char* problem;
};

class ConfigMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ConfigMistake, IsNamedWithItsPlace) {
  EXPECT_EQ(problems_of(sample_with(GetParam().was, GetParam().is)), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Each, ConfigMistake,
    ::testing::Values(
        Mistake{"UnknownTable", "[feed]", "[fed]\n[feed]",
                "r.toml:1:2: unknown table [fed] (did you mean 'feed'?)"},
        Mistake{"UnknownKey", "host =", "hots = \"a\"\nhost =",
                "r.toml:6:1: unknown key 'hots' in [order] (did you mean 'host'?)"},
        Mistake{"UnknownKeyLikeNothing", "host =", "brightness = 1\nhost =",
                "r.toml:6:1: unknown key 'brightness' in [order]"},
        Mistake{"TextForInteger", "port = 26400", "port = \"26400\"",
                "r.toml:7:8: order.port must be an integer, not a text"},
        Mistake{"FractionForInteger", "port = 26400", "port = 26400.0",
                "r.toml:7:8: order.port must be an integer, not a number with a fraction"},
        Mistake{"IntegerForText", "host = \"192.0.2.20\"", "host = 192",
                "r.toml:6:8: order.host must be a text, not an integer"},
        Mistake{"OneAboveTheRange", "port = 26400", "port = 65536",
                "r.toml:7:8: order.port is 65536, must be 1 to 65535"},
        Mistake{"OneBelowTheRange", "port = 26400", "port = 0",
                "r.toml:7:8: order.port is 0, must be 1 to 65535"},
        Mistake{"Negative", "message_rate = 1_000", "message_rate = -1",
                "r.toml:20:16: risk.message_rate is -1, must be 1 to 1000000"},
        Mistake{"TextTooLong", "\"RIDLEY\"", "\"RIDLEY7\"",
                "r.toml:8:12: order.username has 7 characters, must have 1 to 6"},
        Mistake{"TextOfAnotherLength", "\"RDLY\"", "\"RDL\"",
                "r.toml:10:8: order.firm has 3 characters, must have 4"},
        Mistake{"WrongForm", "\"RDLY\"", "\"rdly\"",
                "r.toml:10:8: order.firm must be capital letters or digits"},
        Mistake{"SymbolInSmallLetters", "\"MSFT\"", "\"msft\"",
                "r.toml:14:20: strategy.symbols[1] must be a symbol in capital letters"},
        Mistake{"SymbolTwice", "\"MSFT\"", "\"AAPL\"",
                "r.toml:14:20: strategy.symbols[1]: 'AAPL' stands there twice"},
        Mistake{"SymbolTooLong", "\"MSFT\"", "\"MSFTMSFTX\"",
                "r.toml:14:20: strategy.symbols[1] has 9 characters, must have 1 to 8"},
        Mistake{"NoSymbol", "[\"AAPL\", \"MSFT\"]", "[]",
                "r.toml:14:11: strategy.symbols has 0 entries, must have 1 to 65535"},
        Mistake{"TextForList", "[\"AAPL\", \"MSFT\"]", "\"AAPL\"",
                "r.toml:14:11: strategy.symbols must be a list, not a text"},
        Mistake{"UnicastGroup", "233.54.12.111", "192.0.2.1",
                "r.toml:3:21: feed.groups[0].group must be an IPv4 multicast address (224.0.0.0 "
                "and up)"},
        Mistake{"GroupWithoutPort", ", port = 26477", "",
                "r.toml:3:11: feed.groups[0].port is missing"},
        Mistake{"GroupWithUnknownKey", "group = \"", "grup = 1, group = \"",
                "r.toml:3:13: unknown key 'grup' in feed.groups[0] (did you mean 'group'?)"},
        Mistake{"GroupThatIsNoTable", "{ group = \"233.54.12.111\", port = 26477 }", "26477",
                "r.toml:3:11: feed.groups[0] must be { group = \"...\", port = ... }, not an "
                "integer"},
        Mistake{"UnknownChoice", "firm =", "capacity = \"principle\"\nfirm =",
                "r.toml:10:12: order.capacity is 'principle', must be one of 'agency', "
                "'principal', 'riskless', 'other' (did you mean 'principal'?)"},
        Mistake{"NumberForChoice", "firm =", "capacity = 1\nfirm =",
                "r.toml:10:12: order.capacity must be a text, not an integer"},
        Mistake{"TruthValueOfAnotherType", "port = \"net", "verify_udp_checksum = 1\nport = \"net",
                "r.toml:2:23: feed.verify_udp_checksum must be true or false, not an integer"},
        Mistake{"CoreThatIsNoCore", "[feed]", "[engine]\nhot_core = \"first\"\n[feed]",
                "r.toml:2:12: engine.hot_core must be \"auto\" or an integer, not a text"},
        Mistake{"ValueInThePlaceOfATable", "[feed]", "engine = 1\n[feed]",
                "r.toml:1:10: engine must be a table, not an integer"},
        Mistake{"MissingKey", "firm = \"RDLY\"\n", "",
                "r.toml:5:1: order.firm is missing, for example firm = \"RDLY\""},
        Mistake{"RelativeFolder", "[feed]", "[telemetry]\nfolder = \"log\"\n[feed]",
                "r.toml:2:10: telemetry.folder must be an absolute path"},
        Mistake{"ParameterThatIsAList", "[risk]", "parameters = { a = [1] }\n[risk]",
                "r.toml:16:20: strategy.parameters.a must be a number, a text or a truth value, "
                "not a list"},
        Mistake{"InstrumentWithoutSymbol", "[feed]", "[[risk.instrument]]\nlot = 1\n[feed]",
                "r.toml:1:1: risk.instrument[0].symbol is missing"},
        Mistake{"InstrumentWithUnknownKey", "[feed]",
                "[[risk.instrument]]\nsymbol = \"A\"\nlots = 1\n[feed]",
                "r.toml:3:1: unknown key 'lots' in [[risk.instrument]] (did you mean 'lot'?)"}),
    [](const auto& instance) { return std::string{instance.param.name}; });

TEST(ConfigReader, NamesEveryProblemInTheOrderOfTheFile) {
  std::string text = sample_with("port = 26400", "port = 0");
  text.replace(text.find("\"RDLY\""), 6, "12345");
  text += "lott = 1\n";
  EXPECT_EQ(problems_of(text),
            "r.toml:7:8: order.port is 0, must be 1 to 65535\n"
            "r.toml:10:8: order.firm must be a text, not an integer\n"
            "r.toml:26:1: unknown key 'lott' in [risk] (did you mean 'lot'?)");
}

TEST(ConfigReader, NamesEverythingThatAnEmptyFileLacks) {
  const CheckedConfig checked = check_config("", "r.toml");
  EXPECT_GE(checked.problems.size(), 15U);
  EXPECT_EQ(problems_text({checked.problems.front()}, "r.toml"),
            "r.toml: feed.port is missing, for example port = \"net_pcap0,rx_pcap=morning.pcap\"");
}

TEST(ConfigReader, GivesThePlaceOfTextThatIsNoToml) {
  const CheckedConfig checked = check_config("[feed]\nport = = 3\n", "r.toml");
  ASSERT_EQ(checked.problems.size(), 1U);
  EXPECT_EQ(checked.problems.front().place.line, 2U);
}

TEST(ConfigReader, RefusesAKeyThatIsWrittenTwice) {
  const CheckedConfig checked = check_config("[feed]\nport = \"a\"\nport = \"b\"\n", "r.toml");
  ASSERT_EQ(checked.problems.size(), 1U);
  EXPECT_EQ(checked.problems.front().place.line, 3U);
}

}  // namespace
}  // namespace ridley::control
