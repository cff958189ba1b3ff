// SPDX-License-Identifier: Apache-2.0
#include "control/config_text.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>

#include "control/sample_config.hpp"

namespace ridley::control {
namespace {

std::string all_settings() {
  return test::sample_with("[strategy]", R"([engine]
hot_core = 3
[strategy.parameters]
"odd name" = "say \"no\"\t"
ratio = 2.0
large = 1e300
[[risk.instrument]]
symbol = "AAPL"
lot = 5
[[risk.instrument]]
symbol = "MSFT"
position_limit_long = 7
[strategy])");
}

std::string problems_of(std::string_view text) {
  return problems_text(check_config(text, "shown").problems, "shown");
}

TEST(ConfigText, ShowsTheGoldenConfiguration) {
  const char* source = std::getenv("RIDLEY_SOURCE_FOLDER");
  const std::string path =
      std::string{source != nullptr ? source : "."} + "/tests/control/config_show.golden.toml";
  std::ifstream file{path};
  ASSERT_TRUE(file) << path;
  const std::string golden{std::istreambuf_iterator<char>{file}, {}};
  const std::string licence = "# SPDX-License-Identifier: Apache-2.0\n";
  EXPECT_EQ(licence + config_toml(check_config(all_settings(), "r.toml")), golden);
}

TEST(ConfigText, ShowsWhatCanBeReadAgainAndIsTheSame) {
  const CheckedConfig checked = check_config(all_settings(), "r.toml");
  const std::string shown = config_toml(checked);
  EXPECT_EQ(problems_of(shown), "");
  const CheckedConfig again = check_config(shown, "shown");
  EXPECT_EQ(again.config.strategy.parameters, checked.config.strategy.parameters);
  // Everything is written now, so only the origins differ.
  const auto values = [](std::string text) {
    std::string kept;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      kept += line.substr(0, line.find("  # ")) + "\n";
    }
    return kept;
  };
  EXPECT_EQ(values(config_toml(again)), values(shown));
}

TEST(ConfigText, NeverShowsAPassword) {
  const CheckedConfig checked = check_config(test::kSampleConfig, "r.toml");
  EXPECT_EQ(checked.config.order.password, "secret");
  EXPECT_EQ(config_toml(checked).find("\"secret\""), std::string::npos);
  EXPECT_EQ(config_json(checked).find("\"secret\""), std::string::npos);
}

TEST(ConfigText, PrintsAReferenceThatIsAConfiguration) {
  EXPECT_EQ(problems_of(reference_toml()), "");
}

TEST(ConfigText, NamesEverySettingInTheReference) {
  const std::string reference = reference_toml();
  for (const ConfigSetting& row : config_settings()) {
    if (row.setting.key == "instrument" || row.setting.key == "parameters") continue;
    EXPECT_NE(reference.find(std::string{row.setting.key} + " = "), std::string::npos)
        << row.setting.path();
    EXPECT_FALSE(row.setting.purpose.empty()) << row.setting.path();
    EXPECT_TRUE(reference_json().find(row.setting.path()) != std::string::npos);
  }
  EXPECT_NE(reference.find("[[risk.instrument]]"), std::string::npos);
}

TEST(ConfigText, PrintsTheDefaultsThatAnEmptyConfigurationHas) {
  const Config defaults;
  const CheckedConfig reference = check_config(reference_toml(), "reference");
  for (const ConfigSetting& row : config_settings()) {
    if (!row.setting.example.empty()) continue;
    EXPECT_EQ(toml_value(slot_of(row, reference.config), row.setting),
              toml_value(slot_of(row, defaults), row.setting))
        << row.setting.path();
  }
}

TEST(ConfigText, QuotesWhatTomlWouldRead) {
  EXPECT_EQ(toml_text("a\"b\\c\n"), R"("a\"b\\c\u000A")");
}

TEST(ConfigText, KeepsAFractionAFraction) {
  EXPECT_EQ(toml_parameter(2.0), "2.0");
  EXPECT_EQ(toml_parameter(0.25), "0.25");
  EXPECT_EQ(toml_parameter(std::int64_t{2}), "2");
  EXPECT_EQ(toml_parameter(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(toml_parameter(std::numeric_limits<double>::quiet_NaN()), "nan");
}

}  // namespace
}  // namespace ridley::control
