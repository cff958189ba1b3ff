// SPDX-License-Identifier: Apache-2.0
// config_json.cpp
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "control/config_text.hpp"
#include "control/sample_config.hpp"

namespace ridley::control {
namespace {

TEST(ConfigJson, TellsValueAndOrigin) {
  const auto json = nlohmann::json::parse(config_json(check_config(test::kSampleConfig, "r.toml")));
  EXPECT_EQ(json["order"]["port"],
            (nlohmann::json{{"value", 26400}, {"origin", "file"}, {"line", 7}}));
  EXPECT_EQ(json["engine"]["hot_core"], (nlohmann::json{{"value", "auto"}, {"origin", "default"}}));
  EXPECT_EQ(json["order"]["password"]["value"], "(hidden)");
  EXPECT_EQ(json["feed"]["groups"]["value"][0]["port"], 26477);
}

TEST(ConfigJson, HoldsEverySetting) {
  const auto json = nlohmann::json::parse(config_json(check_config(test::kSampleConfig, "r.toml")));
  const auto reference = nlohmann::json::parse(reference_json());
  EXPECT_EQ(reference.size(), config_settings().size());
  for (const ConfigSetting& row : config_settings()) {
    EXPECT_TRUE(json[std::string{row.setting.table}].contains(row.setting.key))
        << row.setting.path();
  }
}

TEST(ConfigJson, LeavesOutTheLimitsThatAnInstrumentDoesNotHave) {
  const std::string text =
      std::string{test::kSampleConfig} + "[[risk.instrument]]\nsymbol = \"AAPL\"\nlot = 5\n";
  const auto json = nlohmann::json::parse(config_json(check_config(text, "r.toml")));
  EXPECT_EQ(json["risk"]["instrument"]["value"],
            nlohmann::json::parse(R"([{"symbol": "AAPL", "lot": 5}])"));
}

TEST(ConfigJson, SurvivesAParameterThatIsNoNumber) {
  const std::string text = test::sample_with("[risk]", "parameters = { a = nan }\n[risk]");
  const auto json = nlohmann::json::parse(config_json(check_config(text, "r.toml")));
  EXPECT_TRUE(json["strategy"]["parameters"]["value"]["a"].is_null());
}

}  // namespace
}  // namespace ridley::control
