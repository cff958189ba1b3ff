// SPDX-License-Identifier: Apache-2.0
// A card for tests: says what it was told to say, and writes down what it was asked.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "card/trial.hpp"

namespace ridley::card {

class ScriptedCard : public Trial {
 public:
  TrialAnswer load_answer{};
  TrialAnswer golden_answer{.compared = 230, .differences = 0, .fault = {}};
  TrialAnswer use_answer{};
  TrialAnswer restore_answer{};
  std::uint64_t shadow_differences = 0;
  std::uint64_t shadow_missing = 0;  // messages that never come
  std::function<void(std::string_view)> on_asked{};
  std::vector<std::string> asked;
  std::string in_it;  // digest of what the card runs

  TrialAnswer load(const Bitstream& bitstream) override {
    was_asked("load");
    in_it = bitstream.digest;
    return load_answer;
  }
  TrialAnswer run_golden(const Bitstream& bitstream) override {
    was_asked("golden " + std::to_string(bitstream.golden.size()));
    return golden_answer;
  }
  TrialAnswer shadow(const Bitstream&, std::uint64_t messages) override {
    was_asked("shadow " + std::to_string(messages));
    return {messages - shadow_missing, shadow_differences, {}};
  }
  TrialAnswer use(const Bitstream&) override {
    was_asked("use");
    return use_answer;
  }
  TrialAnswer restore(const Bitstream* before) override {
    was_asked("restore");
    in_it = before != nullptr ? before->digest : "";
    return restore_answer;
  }

 private:
  void was_asked(const std::string& what) {
    asked.push_back(what);
    if (on_asked) on_asked(what);
  }
};

}  // namespace ridley::card
