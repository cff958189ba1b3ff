// SPDX-License-Identifier: Apache-2.0
#include "control/card_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "base/error.hpp"
#include "card/files.hpp"
#include "card/minisign_key.hpp"
#include "control/card_report.hpp"
#include "control/password.hpp"

namespace ridley::control {
namespace {

namespace fs = std::filesystem;
using base::Error;
using card::Bitstream;
using card::CardState;

// Shorter ones would be mistaken for words.
constexpr std::size_t kDigestLettersMin = 4;
constexpr mode_t kSecretMode = 0600;

card::HostRules rules_of(const CardOptions& options) {
  return card::rules_of_host(card::read_public_keys(
      options.keys.empty() ? std::vector<std::string>{kCardKeyFile} : options.keys));
}

// The digest of a slot that is meant; nothing where a file is.
std::string slot_named(const CardOptions& options, const CardState& state) {
  const std::string& target = options.target;
  for (const auto& [word, digest] :
       {std::pair{"active", &state.active}, std::pair{"previous", &state.previous},
        std::pair{"staged", &state.staged}}) {
    if (target != word) continue;
    if (digest->empty()) throw Error::with_exit(EX_NOINPUT, "no bitstream is ", word);
    return *digest;
  }
  std::error_code unknown;
  if (target.size() < kDigestLettersMin || fs::exists(target, unknown)) return {};
  std::vector<std::string> found = card::slot_digests(options.state);
  std::erase_if(found, [&](const std::string& one) { return !one.starts_with(target); });
  if (found.size() > 1) {
    throw Error::with_exit(EX_USAGE, target, " begins ", found.size(), " digests");
  }
  return found.empty() ? std::string{} : found.front();
}

struct Found {
  card::BitstreamFiles files;
  std::string digest;         // of its slot; empty for a file
  std::uint64_t counter = 0;  // that it is held to: what has been in use has passed it
};

Found find(const CardOptions& options) {
  const CardState state = card::look_at_slots(options.state).state;
  std::string digest = slot_named(options, state);
  if (digest.empty()) return {card::files_beside(options.target), {}, state.counter};
  const bool was_used = digest == state.active || digest == state.previous;
  card::BitstreamFiles files = card::files_in_slot(options.state, digest);
  return {std::move(files), std::move(digest), was_used ? 0 : state.counter};
}

std::vector<card::Check> checks_of(const Found& found, const Bitstream& bitstream,
                                   const card::HostRules& rules) {
  std::vector<card::Check> checks = card::examine(bitstream, rules, found.counter);
  if (!found.digest.empty() && found.digest != bitstream.digest) {
    checks.front().fault = "is not for the bitstream that this slot is named after";
  }
  return checks;
}

int list(const CardOptions& options, std::ostream& out) {
  const CardState state = card::look_at_slots(options.state).state;
  std::vector<SlotRow> rows;
  for (const std::string& digest : card::slot_digests(options.state)) {
    SlotRow row{digest, {}, {}, {}};
    for (const auto& [word, used] :
         {std::pair{"active", &state.active}, std::pair{"previous", &state.previous},
          std::pair{"staged", &state.staged}}) {
      if (*used == digest) row.roles += (row.roles.empty() ? "" : ", ") + std::string{word};
    }
    if (row.roles.empty()) row.roles = "unused";
    try {
      const fs::path manifest = card::files_in_slot(options.state, digest).manifest;
      row.manifest = card::read_manifest(card::read_text(manifest, card::kTextBytesMax));
    } catch (const Error& error) {
      row.fault = error.what();
    }
    rows.push_back(std::move(row));
  }
  print_slots(state, rows, options.json, out);
  return EX_OK;
}

int describe(const CardOptions& options, std::ostream& out) {
  const Found found = find(options);
  std::error_code unknown;
  if (!fs::exists(found.files.manifest, unknown) && fs::exists(found.files.xclbin, unknown)) {
    const auto bytes = card::read_bytes(found.files.xclbin, card::kBitstreamBytesMax);
    try {
      print_container(card::read_xclbin(bytes), options.json, out);
    } catch (const Error& error) {
      throw Error::with_exit(error.exit_code(), found.files.xclbin.string(), ": ", error.what());
    }
    return EX_OK;
  }
  const Bitstream bitstream = card::read_bitstream(found.files);
  // A look at a bitstream needs no key: then its signature is one that is not trusted.
  card::HostRules rules = card::rules_of_host({});
  if (!options.keys.empty() || fs::exists(kCardKeyFile, unknown)) rules = rules_of(options);
  print_bitstream(bitstream, checks_of(found, bitstream, rules), options.json, out);
  return EX_OK;
}

int keygen(const CardOptions& options, std::ostream& out) {
  std::string password;
  if (options.password) {
    password = read_password("Password of the new key");
    if (password.empty()) throw Error::with_exit(EX_USAGE, "the password is empty");
  }
  const card::KeyFiles keys = card::make_keys(password);
  const card::DiskWriter disk;
  const std::string secret_file = options.target + ".key";
  const std::string public_file = options.target + ".pub";
  disk.create(secret_file, std::as_bytes(std::span{keys.secret_key}), kSecretMode);
  disk.create(public_file, std::as_bytes(std::span{keys.public_key}));
  const std::string name = card::key_name(keys.number);
  if (options.json) {
    out << fmt::format("{{\"key\": \"{}\"}}\n", name);
  } else {
    out << fmt::format("key {}: keep {}, give {} to the hosts\n", name, secret_file, public_file);
  }
  return EX_OK;
}

card::SecretKey secret_key(const std::string& file) {
  const std::string text = card::read_text(file, card::kTextBytesMax);
  try {
    return card::read_secret_key(text, [] { return read_password("Password of the key"); });
  } catch (const Error& error) {
    throw Error::with_exit(error.exit_code(), file, ": ", error.what());
  }
}

// Whoever signs wants what the manifest says to be so.
void refuse_untrue(const Bitstream& bitstream) {
  constexpr std::array kAboutFiles =
      std::to_array<std::string_view>({"manifest", "xclbin", "container", "golden"});
  for (const card::Check& one : card::examine(bitstream, {}, 0)) {
    const bool counts = std::ranges::find(kAboutFiles, one.name) != kAboutFiles.end();
    if (counts && !one.fault.empty()) {
      throw Error::with_exit(EX_DATAERR, "not signed: ", one.name, ": ", one.fault);
    }
  }
}

int sign(const CardOptions& options, std::ostream& out) {
  const card::BitstreamFiles files = card::files_beside(options.target);
  const Bitstream bitstream = card::read_bitstream(files);
  refuse_untrue(bitstream);
  std::string comment = options.comment;
  if (comment.empty()) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    comment = fmt::format("timestamp:{}\tfile:{}\thashed", now, files.manifest.filename().string());
  }
  const card::SecretKey key = secret_key(options.secret_key);
  const std::string signature =
      card::sign(std::as_bytes(std::span{bitstream.manifest_text}), key, comment);
  card::DiskWriter{}.replace(files.signature, signature);
  const std::string name = card::key_name(key.number);
  if (options.json) {
    out << fmt::format("{{\"digest\": \"{}\", \"key\": \"{}\"}}\n", bitstream.digest, name);
  } else {
    out << fmt::format("{}: signed with key {}\n", files.manifest.string(), name);
  }
  return EX_OK;
}

int verify(const CardOptions& options, std::ostream& out) {
  const card::HostRules rules = rules_of(options);
  const Found found = find(options);
  const Bitstream bitstream = card::read_bitstream(found.files);
  const std::vector<card::Check> checks = checks_of(found, bitstream, rules);
  print_checks(bitstream.digest, checks, options.json, out);
  return card::first_fault(checks).empty() ? EX_OK : EX_DATAERR;
}

std::unique_ptr<card::Trial> card_of(const CardOptions& options) {
  std::unique_ptr<card::Trial> trial = options.open_card ? options.open_card() : nullptr;
  if (!trial) throw Error::with_exit(EX_UNAVAILABLE, "no card is there; nothing was changed");
  return trial;
}

// Says what a dead process left, before anything else is done about it.
card::Slots open_slots(const CardOptions& options, const card::HostRules& rules, card::Trial* trial,
                       std::ostream& messages) {
  card::Slots slots{options.state};
  const std::string& before = slots.state().trial.digest;
  if (!before.empty()) {
    const std::string name = short_digest(before);
    messages << fmt::format("{} is rolled back: {}\n", name, card::settle(slots, rules, trial));
  }
  return slots;
}

int stage(const CardOptions& options, std::ostream& out, std::ostream& messages) {
  const card::HostRules rules = rules_of(options);
  const Bitstream bitstream = card::read_bitstream(card::files_beside(options.target));
  // The appliance's card is put back too, where there is one.
  std::unique_ptr<card::Trial> trial;
  try {
    trial = card_of(options);
  } catch (const Error& error) {
    if (error.exit_code() != EX_UNAVAILABLE && error.exit_code() != EX_NOPERM) throw;
  }
  card::Slots slots = open_slots(options, rules, trial.get(), messages);
  card::stage(slots, bitstream, rules);
  const card::Manifest& manifest = *bitstream.manifest;
  const card::TrialResult result{true, slots.state().active,
                                 fmt::format("{}, {}, version {}", short_digest(bitstream.digest),
                                             manifest.name, manifest.version)};
  print_result("staged", result, slots.state(), options.json, out);
  return EX_OK;
}

int activate(const CardOptions& options, std::ostream& out, std::ostream& messages) {
  const card::HostRules rules = rules_of(options);
  const std::unique_ptr<card::Trial> trial = card_of(options);
  card::Slots slots = open_slots(options, rules, trial.get(), messages);
  const card::TrialResult result = card::activate(slots, rules, *trial, options.shadow_messages);
  print_result(result.ok ? "activated" : "rolled back", result, slots.state(), options.json, out);
  return result.ok ? EX_OK : EX_PROTOCOL;
}

int roll_back(const CardOptions& options, std::ostream& out) {
  const card::HostRules rules = rules_of(options);
  const std::unique_ptr<card::Trial> trial = card_of(options);
  card::Slots slots{options.state};
  const card::TrialResult result = card::roll_back(slots, rules, *trial);
  print_result(result.ok ? "rolled back" : "not rolled back", result, slots.state(), options.json,
               out);
  return result.ok ? EX_OK : EX_PROTOCOL;
}

int history(const CardOptions& options, std::ostream& out, std::ostream& messages) {
  const card::SlotsView view = card::look_at_slots(options.state);
  print_history(view.history, options.json, out);
  if (view.history.is_torn) {
    messages << "a last line that was cut off is left out; the next change removes it\n";
  }
  return EX_OK;
}

}  // namespace

int card_verb(CardVerb verb, const CardOptions& options, std::ostream& out,
              std::ostream& messages) {
  switch (verb) {
    case CardVerb::List: return list(options, out);
    case CardVerb::Describe: return describe(options, out);
    case CardVerb::Keygen: return keygen(options, out);
    case CardVerb::Sign: return sign(options, out);
    case CardVerb::Verify: return verify(options, out);
    case CardVerb::Stage: return stage(options, out, messages);
    case CardVerb::Activate: return activate(options, out, messages);
    case CardVerb::Rollback: return roll_back(options, out);
    case CardVerb::History: return history(options, out, messages);
  }
  return EX_SOFTWARE;
}

int card_command(CardVerb verb, const CardOptions& options) {
  const int result = card_verb(verb, options, std::cout, std::cerr);
  if (!std::cout.flush()) throw Error::with_exit(EX_IOERR, "the answer could not be written");
  return result;
}

}  // namespace ridley::control
