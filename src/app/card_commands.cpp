// SPDX-License-Identifier: Apache-2.0
#include "app/card_commands.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include "card/files.hpp"
#include "card/golden.hpp"
#include "control/remote_trial.hpp"
#include "venue/golden_day.hpp"

namespace ridley::app {
namespace {

using control::CardOptions;
using control::CardVerb;

// Longer than any day; a number above it is a slip.
constexpr std::uint64_t kShadowMessagesMax = 1'000'000'000'000;

Command command(CardOptions& options, CardVerb verb, std::string name, std::string summary,
                std::string example, std::vector<Option> own) {
  own.push_back({"--json", &options.json, "Print JSON"});
  return {std::move(name),
          std::move(summary),
          std::move(example),
          std::move(own),
          [&options, verb] { return control::card_command(verb, options); },
          {}};
}

// The exchange's room makes the frames, which no room of the street may see.
int golden(const CardOptions& options) {
  const card::GoldenVectors vectors =
      venue::golden_day({.seed = options.seed, .packets = venue::GoldenDayOptions{}.packets});
  card::DiskWriter{}.replace(options.target, card::golden_text(vectors));
  const std::size_t frames = vectors.frames.size();
  const std::size_t records = vectors.records.size();
  if (options.json) {
    fmt::print("{{\"frames\": {}, \"records\": {}}}\n", frames, records);
  } else {
    fmt::print("{} frames, {} records\n", frames, records);
  }
  return EX_OK;
}

// Of who builds bitstreams.
std::vector<Command> makers(CardOptions& options, const Option& file) {
  return {command(options, CardVerb::Keygen, "keygen", "Make NAME.key and NAME.pub to sign with.",
                  "ridley card keygen release",
                  {{"name", &options.target, "Of both files, without ending", true},
                   {"--password", &options.password, "Encrypt the key; asks, or reads a line"}}),
          {"golden",
           "Make golden vectors: frames of a short day, and the records that a card must give.",
           "ridley card golden card.golden",
           {{"file", &options.target, "To write to", true},
            {"--seed", &options.seed, "The same one gives the same vectors"},
            {"--json", &options.json, "Print JSON"}},
           [&options] { return golden(options); },
           {}},
          command(options, CardVerb::Sign, "sign", "Sign a bitstream's manifest, as minisign does.",
                  "ridley card sign card.xclbin --secret-key release.key",
                  {file,
                   {"--secret-key", &options.secret_key, "Secret key, also one of minisign", true},
                   {"--comment", &options.comment, "Trusted comment: one line that is signed"}})};
}

// What changes the bitstream of an appliance. `host`: its slots and keys.
std::vector<Command> changers(CardOptions& options, const Option& file,
                              const std::vector<Option>& host) {
  const auto with = [&](std::vector<Option> own) {
    own.insert(own.end(), host.begin(), host.end());
    own.push_back({"--socket", &options.appliance.socket,
                   "Control socket of the appliance (else $RIDLEY_SOCKET)"});
    own.push_back({"--config", &options.appliance.config,
                   "Configuration of the appliance, which names its socket"});
    return own;
  };
  const Option messages{"--messages",
                        &options.shadow_messages,
                        "To decode beside the software first",
                        false,
                        {},
                        1,
                        kShadowMessagesMax};
  return {command(options, CardVerb::Stage, "stage", "Put a bitstream that verifies into a slot.",
                  "ridley card stage card.xclbin", with({file})),
          command(options, CardVerb::Activate, "activate",
                  "Try the staged bitstream on the card, and use it when nothing differs.",
                  "ridley card activate --messages 1000000", with({messages})),
          command(options, CardVerb::Rollback, "rollback", "Back to the bitstream before this one.",
                  "ridley card rollback", with({}))};
}

}  // namespace

Command card_commands(CardOptions& options) {
  const Option file{"file", &options.target, "Its xclbin, manifest, or both without ending", true};
  const Option any{"bitstream", &options.target,
                   "A file, or active, previous, staged, or the start of a digest", true};
  const Option state{"--state", &options.state, "Folder of slots and history"};
  const Option key{"--key", &options.keys,
                   "Public key of who may sign (else /etc/ridley/card.pub); may be repeated"};
  options.open_card = [&options] {
    return std::make_unique<control::RemoteTrial>(control::socket_of(options.appliance));
  };
  Command card{"card",
               "The card's bitstreams: look at them, check them, use another one, go back.",
               "ridley card list",
               {},
               {},
               {command(options, CardVerb::List, "list", "The slots, and which one is in use.",
                        "ridley card list --json", {state}),
                command(options, CardVerb::Describe, "info",
                        "What a bitstream is: version, hashes, tools, reports, sections.",
                        "ridley card info card.xclbin", {any, state, key})}};
  const auto add = [&card](std::vector<Command> more) {
    card.commands.insert(card.commands.end(), more.begin(), more.end());
  };
  add(makers(options, file));
  add({command(options, CardVerb::Verify, "verify", "Every reason to refuse a bitstream, or none.",
               "ridley card verify card.xclbin --key release.pub", {any, state, key})});
  add(changers(options, file, {state, key}));
  add({command(options, CardVerb::History, "history",
               "Everything that was done; whether the file was altered is checked.",
               "ridley card history --json", {state})});
  return card;
}

}  // namespace ridley::app
