// SPDX-License-Identifier: Apache-2.0
#include "card/slots.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "card/digest.hpp"

namespace ridley::card {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHistoryFile = "history.jsonl";
constexpr const char* kStateFile = "state.json";
// Folders of this process alone, with names that are no digests.
constexpr const char* kFreshSlot = ".new";
constexpr const char* kLeavingSlot = ".old";
// A process at work writes some lines a second; to be overtaken twice is luck.
constexpr int kAttemptsMax = 10;

// Its text, or none where there is no such file.
std::string text_of(const fs::path& file, std::size_t bytes_max) {
  std::error_code failed;
  if (!fs::exists(file, failed) && !failed) return {};
  return read_text(file, bytes_max);
}

// Calls `look` with the file's name before whatever it has to say.
template <typename Look>
void naming(const fs::path& file, const Look& look) {
  try {
    look();
  } catch (const base::Error& error) {
    if (error.exit_code() != EX_DATAERR) throw;
    throw base::Error::with_exit(EX_DATAERR, file.string(), ": ", error.what());
  }
}

std::string now() {
  const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

std::string user() {
  const uid_t id = ::getuid();
  const passwd* entry = ::getpwuid(id);
  return fmt::format("{} ({})", entry != nullptr ? entry->pw_name : "unknown", id);
}

fs::path whole_path(const fs::path& folder) {
  fs::path path = fs::absolute(folder).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

// The lock is a file of the folder.
fs::path made(const DiskWriter& disk, const fs::path& folder) {
  disk.make_folder(folder);
  return folder;
}

bool names(const CardState& state, std::string_view digest) {
  return digest == state.active || digest == state.previous || digest == state.staged ||
         digest == state.trial.digest;
}

}  // namespace

SlotsView look_at_slots(const fs::path& folder) {
  SlotsView view;
  const fs::path state_file = folder / kStateFile;
  const fs::path history_file = folder / kHistoryFile;
  // Whoever is at work meanwhile writes a line, then the state. Where the state stayed the same,
  // the history is at most one line ahead of it.
  std::string state = text_of(state_file, kTextBytesMax);
  std::string history;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    history = text_of(history_file, kHistoryBytesMax);
    std::string again = text_of(state_file, kTextBytesMax);
    if (again == state) break;
    state = std::move(again);
  }
  view.is_there = !state.empty() || !history.empty();
  if (!state.empty()) naming(state_file, [&] { read_state(state, view.state, view.head); });
  naming(history_file, [&] { view.history = read_history(history, view.head); });
  const std::vector<HistoryLine>& lines = view.history.lines;
  if (view.head.line > 0 && lines[view.head.line - 1].state != view.state) {
    throw base::Error::with_exit(EX_DATAERR, state_file.string(),
                                 ": was altered: it says something else than the history");
  }
  if (!lines.empty()) view.state = lines.back().state;
  return view;
}

std::vector<std::string> slot_digests(const fs::path& folder) {
  std::vector<std::string> digests;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator{folder / "slots", failed}) {
    std::string name = entry.path().filename().string();
    if (is_digest(name)) digests.push_back(std::move(name));
  }
  std::ranges::sort(digests);
  return digests;
}

BitstreamFiles files_in_slot(const fs::path& folder, std::string_view digest) {
  return files_beside(folder / "slots" / digest / "bitstream");
}

Slots::Slots(const fs::path& folder, Step step)
    : folder_{whole_path(folder)},
      disk_{std::move(step)},
      lock_{made(disk_, folder_) / "lock", "another command works on the card's bitstreams"},
      view_{look_at_slots(folder_)} {
  disk_.make_folder(slots());
  remove_leftovers();
  const bool was_torn = view_.history.is_torn;
  if (was_torn) {
    disk_.cut(folder_ / kHistoryFile, view_.history.whole_bytes);
    view_.history.is_torn = false;
  }
  if (view_.history.lines.size() > view_.head.line) write_state();
  if (was_torn) {
    record("repaired", {}, "a process died while it wrote a line; what it began was removed",
           view_.state);
  }
}

Bitstream Slots::read(std::string_view digest) const {
  return read_bitstream(files_in_slot(folder_, digest));
}

bool Slots::has(const Bitstream& bitstream) const {
  try {
    const Bitstream there = read(bitstream.digest);
    return there.manifest_text == bitstream.manifest_text &&
           there.signature_text == bitstream.signature_text && there.xclbin == bitstream.xclbin &&
           there.golden == bitstream.golden;
  } catch (const base::Error&) {
    return false;  // damaged: it is replaced
  }
}

void Slots::keep(const Bitstream& bitstream) {
  if (has(bitstream)) return;
  const fs::path fresh = slots() / kFreshSlot;
  const fs::path slot = slots() / bitstream.digest;
  disk_.make_folder(fresh);
  const BitstreamFiles files = files_beside(fresh / "bitstream");
  disk_.create(files.xclbin, bitstream.xclbin);
  disk_.create(files.golden, bitstream.golden);
  disk_.create(files.manifest, std::as_bytes(std::span{bitstream.manifest_text}));
  disk_.create(files.signature, std::as_bytes(std::span{*bitstream.signature_text}));
  disk_.sync_folder(fresh);
  if (!fs::exists(slot)) {
    disk_.rename(fresh, slot);
    return;
  }
  disk_.exchange(fresh, slot);
  disk_.remove_folder(fresh);
}

void Slots::record(std::string_view event, std::string_view digest, std::string_view text,
                   const CardState& next) {
  const std::vector<HistoryLine>& lines = view_.history.lines;
  HistoryLine line{lines.size() + 1,  now(), user(), std::string{event}, std::string{digest},
                   std::string{text}, next,  {}};
  const std::string written =
      history_line(line, lines.empty() ? std::string_view{} : lines.back().hash);
  line.hash = digest_of(std::string_view{written}.substr(0, written.size() - 1));
  disk_.append(folder_ / kHistoryFile, written);
  view_.history.whole_bytes += written.size();
  view_.history.lines.push_back(std::move(line));
  view_.state = next;
  write_state();
}

void Slots::write_state() {
  const HistoryLine& last = view_.history.lines.back();
  view_.head = {last.line, last.hash};
  disk_.replace(folder_ / kStateFile, state_text(view_.state, view_.head));
}

void Slots::remove_unused() {
  for (const std::string& digest : slot_digests(folder_)) {
    if (names(view_.state, digest)) continue;
    record("removed", digest, "its slot is used by nothing", view_.state);
    // A slot is never half there under its own name.
    disk_.rename(slots() / digest, slots() / kLeavingSlot);
    disk_.remove_folder(slots() / kLeavingSlot);
  }
}

void Slots::remove_leftovers() {
  for (const char* name : {kFreshSlot, kLeavingSlot}) {
    if (fs::exists(slots() / name)) disk_.remove_folder(slots() / name);
  }
}

}  // namespace ridley::card
