// SPDX-License-Identifier: Apache-2.0
#include "control/card_trial_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ridley::control {

using Json = nlohmann::ordered_json;

CardStep card_step(std::string_view name) {
  const auto* const found = std::ranges::find(kCardStepNames, name);
  if (found == kCardStepNames.end())
    throw base::Error::with_exit(EX_DATAERR, "a trial has no step '", name, "'");
  return static_cast<CardStep>(found - kCardStepNames.begin());
}

std::string view_json(const CardTrialView& view) {
  const Json json{{"step", name_of(view.step)},
                  {"running", view.running},
                  {"digest", view.digest},
                  {"compared", view.answer.compared},
                  {"differences", view.answer.differences},
                  {"difference", view.answer.first},
                  {"fault", view.answer.fault}};
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

CardTrialView read_view(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    CardTrialView view;
    view.step = card_step(json.at("step").get<std::string>());
    view.running = json.at("running").get<bool>();
    view.digest = json.at("digest").get<std::string>();
    view.answer = {.compared = json.at("compared").get<std::uint64_t>(),
                   .differences = json.at("differences").get<std::uint64_t>(),
                   .fault = json.at("fault").get<std::string>(),
                   .first = json.at("difference").get<std::string>()};
    return view;
  } catch (const nlohmann::json::exception& error) {
    throw base::Error::with_exit(
        EX_PROTOCOL, "what the appliance says of the trial is not understood: ", error.what());
  }
}

}  // namespace ridley::control
