// SPDX-License-Identifier: Apache-2.0
#include "card/activation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>

#include "base/error.hpp"

namespace ridley::card {
namespace {

std::string title(const Bitstream& bitstream) {
  return fmt::format("{}, version {}", bitstream.manifest->name, bitstream.manifest->version);
}

// One that is in its slot, or why it cannot be used.
Bitstream checked(Slots& slots, const HostRules& rules, const std::string& digest,
                  std::uint64_t counter) {
  std::optional<Bitstream> bitstream;
  std::string fault;
  try {
    bitstream = slots.read(digest);
    fault = bitstream->digest == digest ? first_fault(examine(*bitstream, rules, counter))
                                        : "manifest: was altered in its slot";
  } catch (const base::Error& error) {
    fault = error.what();
  }
  if (!fault.empty()) {
    slots.record("refused", digest, fault, slots.state());
    throw base::Error::with_exit(EX_DATAERR, "refused: ", fault);
  }
  return std::move(*bitstream);
}

struct Asked {
  std::string_view step;
  std::string_view things;     // what is compared
  std::uint64_t compared_min;  // or the answer is none
  std::function<TrialAnswer()> ask;
};

// Empty where the card agreed; else why not. `told` gets what it compared.
std::string ask(const Asked& asked, std::string& told) {
  TrialAnswer answer;
  try {
    answer = asked.ask();
  } catch (const std::exception& error) {
    return fmt::format("{}: {}", asked.step, error.what());
  }
  if (!answer.fault.empty()) return fmt::format("{}: {}", asked.step, answer.fault);
  if (answer.differences > 0) {
    return fmt::format("{}: {} differences in {} {}{}{}", asked.step, answer.differences,
                       answer.compared, asked.things, answer.first.empty() ? "" : "; ",
                       answer.first);
  }
  if (answer.compared < asked.compared_min) {
    return fmt::format("{}: {} {} were compared, not {}", asked.step, answer.compared, asked.things,
                       asked.compared_min);
  }
  if (asked.compared_min > 0) {
    told += fmt::format("{}{} {} agreed", told.empty() ? "" : ", ", answer.compared, asked.things);
  }
  return {};
}

// Puts the card back to `digest`; a sentence where it did not go. What it is put back to was in
// use, so the counter does not matter.
std::string put_back(Slots& slots, const HostRules& rules, Trial& card, const std::string& digest) {
  try {
    std::optional<Bitstream> before;
    if (!digest.empty()) before = checked(slots, rules, digest, 0);
    std::string told;
    return ask({kStepRestore, "", 0, [&] { return card.restore(before ? &*before : nullptr); }},
               told);
  } catch (const base::Error& error) {
    return fmt::format("{}: {}", kStepRestore, error.what());
  }
}

CardState without_trial(CardState state) {
  state.trial = {};
  return state;
}

// Of one that did not go well: what was tried is not tried again by itself.
CardState after_trial(CardState state) {
  const bool was_staged = state.trial.step != kStepRestore;
  if (was_staged) state.staged.clear();
  return without_trial(std::move(state));
}

// The trial ends, what was in use before stays in use, and what was tried is no longer staged.
TrialResult take_back(Slots& slots, const HostRules& rules, Trial& card, std::string fault) {
  const std::string tried = slots.state().trial.digest;
  CardState next = after_trial(slots.state());
  const std::string unrestored = put_back(slots, rules, card, next.active);
  if (!unrestored.empty()) fault += "; and the card could not be put back: " + unrestored;
  slots.record("rolled_back", tried, fault, next);
  return {false, next.active, std::move(fault)};
}

void begin_step(Slots& slots, const std::string& digest, std::string_view step,
                std::string_view text) {
  CardState next = slots.state();
  next.trial = {digest, std::string{step}};
  slots.record(step, digest, text, next);
}

}  // namespace

std::string settle(Slots& slots, const HostRules& rules, Trial* card) {
  if (slots.state().trial.digest.empty()) return {};
  const TrialState trial = slots.state().trial;
  const CardState next = after_trial(slots.state());
  std::string text = fmt::format("a process died in step {}", trial.step);
  if (card != nullptr) {
    const std::string unrestored = put_back(slots, rules, *card, next.active);
    if (!unrestored.empty()) text += "; the card could not be put back: " + unrestored;
  }
  slots.record("rolled_back", trial.digest, text, next);
  return text;
}

void stage(Slots& slots, const Bitstream& bitstream, const HostRules& rules) {
  (void)settle(slots, rules, nullptr);
  std::string fault = first_fault(examine(bitstream, rules, slots.state().counter));
  if (fault.empty() && bitstream.digest == slots.state().active) fault = "it is in use already";
  if (!fault.empty()) {
    slots.record("refused", bitstream.digest, fault, slots.state());
    throw base::Error::with_exit(EX_DATAERR, "refused: ", fault);
  }
  slots.keep(bitstream);
  CardState next = slots.state();
  next.staged = bitstream.digest;
  slots.record("staged", bitstream.digest, title(bitstream), next);
  slots.remove_unused();
}

TrialResult activate(Slots& slots, const HostRules& rules, Trial& card,
                     std::uint64_t shadow_messages) {
  (void)settle(slots, rules, &card);
  const std::string digest = slots.state().staged;
  if (digest.empty()) {
    throw base::Error::with_exit(EX_NOINPUT, "nothing is staged: ridley card stage FILE");
  }
  const Bitstream bitstream = checked(slots, rules, digest, slots.state().counter);
  const std::array steps{
      Asked{kStepLoad, "", 0, [&] { return card.load(bitstream); }},
      Asked{kStepGolden, "golden vectors", 1, [&] { return card.run_golden(bitstream); }},
      Asked{kStepShadow, "messages", std::max<std::uint64_t>(shadow_messages, 1),
            [&] { return card.shadow(bitstream, std::max<std::uint64_t>(shadow_messages, 1)); }},
      Asked{kStepUse, "", 0, [&] { return card.use(bitstream); }},
  };
  std::string told;
  for (const Asked& step : steps) {
    begin_step(slots, digest, step.step, told.empty() ? title(bitstream) : told);
    std::string fault = ask(step, told);
    if (!fault.empty()) return take_back(slots, rules, card, std::move(fault));
  }
  CardState next = without_trial(slots.state());
  next.previous = next.active;
  next.active = digest;
  next.staged.clear();
  next.counter = std::max(next.counter, bitstream.manifest->version);
  slots.record("active", digest, told, next);
  return {true, digest, told};
}

TrialResult roll_back(Slots& slots, const HostRules& rules, Trial& card) {
  std::string settled = settle(slots, rules, &card);
  if (!settled.empty()) return {true, slots.state().active, std::move(settled)};
  const std::string digest = slots.state().previous;
  if (digest.empty()) {
    throw base::Error::with_exit(EX_NOINPUT, "there is no bitstream before this one");
  }
  const Bitstream before = checked(slots, rules, digest, 0);
  begin_step(slots, digest, kStepRestore, title(before));
  std::string told;
  std::string fault = ask({kStepRestore, "", 0, [&] { return card.restore(&before); }}, told);
  if (!fault.empty()) return take_back(slots, rules, card, std::move(fault));
  CardState next = without_trial(slots.state());
  next.active = digest;
  next.previous.clear();
  slots.record("restored", digest, title(before), next);
  return {true, digest, title(before)};
}

}  // namespace ridley::card
