// SPDX-License-Identifier: Apache-2.0
// In: a state folder, bitstreams that were checked, events. Out: slots that are whole whenever the
// process dies, a state that follows the history, and a history that only grows. Cold.
//
//   FOLDER/lock              held by who changes something
//   FOLDER/history.jsonl     one line an event, see history.hpp
//   FOLDER/state.json        active, previous, staged, counter, trial; how far the history had come
//   FOLDER/slots/<digest>/   bitstream.xclbin .manifest .manifest.minisig .golden
//
// An event happens when its line is whole in the history; the state file is written after it. A
// process that dies in between leaves a line that the next one carries into the state file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/instance_lock.hpp"
#include "card/bitstream.hpp"
#include "card/files.hpp"
#include "card/history.hpp"
#include "card/state_folder.hpp"

namespace ridley::card {

// 100,000 events of 600 bytes: ten changes of a bitstream every day for four years.
inline constexpr std::size_t kHistoryBytesMax = 64ULL << 20;

struct SlotsView {
  CardState state;
  History history;
  HistoryHead head;  // as the state file has it; the history may be one line ahead
  bool is_there = false;
};

// Without a lock and without changing anything: what the next process would go on from. A folder
// that is not there is an empty one. Throws base::Error: EX_DATAERR where state or history were
// altered, EX_NOINPUT where they cannot be read.
[[nodiscard]] SlotsView look_at_slots(const std::filesystem::path& folder);

// Digests of what lies in slots/, sorted.
[[nodiscard]] std::vector<std::string> slot_digests(const std::filesystem::path& folder);

[[nodiscard]] BitstreamFiles files_in_slot(const std::filesystem::path& folder,
                                           std::string_view digest);

// The one process that may change the folder.
class Slots {
 public:
  // Makes the folder, takes the lock, and mends what a process left that died. Throws base::Error:
  // EX_TEMPFAIL when another one is at work, EX_NOPERM, EX_CANTCREAT, and as look_at_slots.
  explicit Slots(const std::filesystem::path& folder, Step step = {});

  [[nodiscard]] const CardState& state() const { return view_.state; }
  [[nodiscard]] const History& history() const { return view_.history; }
  [[nodiscard]] Bitstream read(std::string_view digest) const;

  // Puts a bitstream into its slot; one that is there and differs is replaced in one step.
  void keep(const Bitstream& bitstream);
  // The event, and with it the next state.
  void record(std::string_view event, std::string_view digest, std::string_view text,
              const CardState& next);
  // Removes the slots that the state does not name.
  void remove_unused();

 private:
  void write_state();
  void remove_leftovers();
  [[nodiscard]] bool has(const Bitstream& bitstream) const;
  [[nodiscard]] std::filesystem::path slots() const { return folder_ / "slots"; }

  std::filesystem::path folder_;
  DiskWriter disk_;
  base::InstanceLock lock_;
  SlotsView view_;
};

}  // namespace ridley::card
