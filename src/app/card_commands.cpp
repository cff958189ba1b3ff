// SPDX-License-Identifier: Apache-2.0
#include "app/card_commands.hpp"

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

}  // namespace

Command card_commands(CardOptions& options) {
  const Option file{"file", &options.target, "Its xclbin, manifest, or both without ending", true};
  const Option any{"bitstream", &options.target,
                   "A file, or active, previous, staged, or the start of a digest", true};
  const Option state{"--state", &options.state, "Folder of slots and history"};
  const Option key{"--key", &options.keys,
                   "Public key of who may sign (else /etc/ridley/card.pub); may be repeated"};
  return {
      "card",
      "The card's bitstreams: look at them, check them, use another one, go back.",
      "ridley card list",
      {},
      {},
      {command(options, CardVerb::List, "list", "The slots, and which one is in use.",
               "ridley card list --json", {state}),
       command(options, CardVerb::Describe, "info",
               "What a bitstream is: version, hashes, tools, reports, sections.",
               "ridley card info card.xclbin", {any, state, key}),
       command(options, CardVerb::Keygen, "keygen", "Make NAME.key and NAME.pub to sign with.",
               "ridley card keygen release",
               {{"name", &options.target, "Of both files, without ending", true},
                {"--password", &options.password, "Encrypt the key; asks, or reads a line"}}),
       command(options, CardVerb::Sign, "sign", "Sign a bitstream's manifest, as minisign does.",
               "ridley card sign card.xclbin --secret-key release.key",
               {file,
                {"--secret-key", &options.secret_key, "Secret key, also one of minisign", true},
                {"--comment", &options.comment, "Trusted comment: one line that is signed"}}),
       command(options, CardVerb::Verify, "verify", "Every reason to refuse a bitstream, or none.",
               "ridley card verify card.xclbin --key release.pub", {any, state, key}),
       command(options, CardVerb::Stage, "stage", "Put a bitstream that verifies into a slot.",
               "ridley card stage card.xclbin", {file, state, key}),
       command(options, CardVerb::Activate, "activate",
               "Try the staged bitstream on the card, and use it when nothing differs.",
               "ridley card activate --messages 1000000",
               {state,
                key,
                {"--messages",
                 &options.shadow_messages,
                 "To decode beside the software first",
                 false,
                 {},
                 1,
                 kShadowMessagesMax}}),
       command(options, CardVerb::Rollback, "rollback", "Back to the bitstream before this one.",
               "ridley card rollback", {state, key}),
       command(options, CardVerb::History, "history",
               "Everything that was done; whether the file was altered is checked.",
               "ridley card history --json", {state})}};
}

}  // namespace ridley::app
