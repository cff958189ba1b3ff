// SPDX-License-Identifier: Apache-2.0
#include "control/itch_messages.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/byte_source.hpp"
#include "base/error.hpp"
#include "feed/blocks.hpp"
#include "feed/itch_file.hpp"
#include "feed/sequencer.hpp"
#include "nic/capture_file.hpp"
#include "nic/datagram.hpp"

namespace ridley::control {

class ItchMessages::Source {
 public:
  Source() = default;
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // May throw base::Error where the input is cut off or damaged.
  virtual bool next(ItchMessage& message) = 0;
  virtual void complain(std::vector<std::string>& complaints) const = 0;
  [[nodiscard]] virtual bool malformed() const = 0;
  [[nodiscard]] virtual std::uint64_t file_offset() const = 0;
  [[nodiscard]] virtual std::uint64_t file_size() const = 0;

  std::string cut_off;  // the error that ended the input early
};

namespace {

constexpr std::size_t kMagicBytes = 4;

class FileSource final : public ItchMessages::Source {
 public:
  explicit FileSource(base::ByteSource bytes) : file_{std::move(bytes)} {}

  bool next(ItchMessage& message) override {
    feed::ItchFileMessage read;
    if (!file_.next(read)) return false;
    message = {.bytes = read.bytes, .sequence = read.sequence, .missing_before = 0};
    return true;
  }
  void complain(std::vector<std::string>&) const override {}
  [[nodiscard]] bool malformed() const override { return false; }
  [[nodiscard]] std::uint64_t file_offset() const override { return file_.source().file_offset(); }
  [[nodiscard]] std::uint64_t file_size() const override { return file_.source().file_size(); }

 private:
  feed::ItchFile file_;
};

class CaptureSource final : public ItchMessages::Source {
 public:
  explicit CaptureSource(base::ByteSource bytes) : capture_{std::move(bytes)} {}

  bool next(ItchMessage& message) override {
    while (!walk_ || walk_->at == walk_->end) {
      if (!next_packet()) return false;
    }
    const feed::Block block = *walk_->at;
    ++walk_->at;
    message = {.bytes = block.message,
               .sequence = block.sequence,
               .missing_before = std::exchange(missing_, 0)};
    return true;
  }

  void complain(std::vector<std::string>& complaints) const override {
    const feed::SequencerCounters& counters = sequencer_.counters();
    if (counters.malformed != 0)
      complaints.push_back(fmt::format("{} of {} packets are malformed and were left out",
                                       counters.malformed, counters.packets));
    if (counters.missing_messages != 0)
      complaints.push_back(fmt::format("{} messages are missing in {} gaps",
                                       counters.missing_messages, counters.gaps));
    if (counters.session_changes != 0)
      complaints.push_back(fmt::format("{} packets of other sessions than {} were left out",
                                       counters.session_changes, sequencer_.session().text()));
    if (truncated_ != 0)
      complaints.push_back(fmt::format("{} frames are cut short and were left out", truncated_));
    if (counters.packets == 0) complaints.emplace_back("there is no UDP packet in the capture");
  }

  [[nodiscard]] bool malformed() const override {
    return sequencer_.counters().malformed != 0 || truncated_ != 0;
  }
  [[nodiscard]] std::uint64_t file_offset() const override { return capture_.file_offset(); }
  [[nodiscard]] std::uint64_t file_size() const override { return capture_.file_size(); }

 private:
  struct Walk {
    feed::Blocks::Iterator at;
    feed::Blocks::Iterator end;
  };

  bool next_packet() {
    // Anonymised captures have other addresses than those that were summed up.
    static constexpr nic::StripChecks kNoChecksums{.header_checksum = false, .udp_checksum = false};
    const std::optional<nic::CapturedFrame> frame = capture_.next();
    if (!frame) return false;
    nic::Datagram datagram;
    const nic::Strip strip = nic::strip(frame->frame(), datagram, kNoChecksums);
    if (strip == nic::Strip::Truncated) ++truncated_;
    if (strip != nic::Strip::Udp) return true;
    const feed::Arrived arrived = sequencer_.accept(datagram.payload);
    const feed::Blocks blocks{arrived};
    walk_ = Walk{blocks.begin(), blocks.end()};
    missing_ += arrived.missing_count;
    return true;
  }

  nic::CaptureReader capture_;
  feed::Sequencer sequencer_{
      {.policy = feed::SessionPolicy::Refuse, .first_sequence = feed::SequencerOptions::kAdopt}};
  std::optional<Walk> walk_;
  std::uint64_t missing_ = 0;
  std::uint64_t truncated_ = 0;
};

}  // namespace

ItchMessages::ItchMessages(const std::string& name) {
  base::ByteSource bytes{name};
  if (nic::is_capture(bytes.peek(kMagicBytes))) {
    source_ = std::make_unique<CaptureSource>(std::move(bytes));
  } else {
    source_ = std::make_unique<FileSource>(std::move(bytes));
  }
}

ItchMessages::~ItchMessages() = default;

bool ItchMessages::next(ItchMessage& message) {
  if (!source_->cut_off.empty()) return false;
  try {
    return source_->next(message);
  } catch (const base::Error& error) {
    if (error.exit_code() != EX_DATAERR) throw;
    source_->cut_off = error.what();
    return false;
  }
}

std::vector<std::string> ItchMessages::complaints() const {
  std::vector<std::string> complaints;
  source_->complain(complaints);
  if (!source_->cut_off.empty()) complaints.push_back(source_->cut_off);
  return complaints;
}

bool ItchMessages::malformed() const { return !source_->cut_off.empty() || source_->malformed(); }

std::uint64_t ItchMessages::file_offset() const { return source_->file_offset(); }
std::uint64_t ItchMessages::file_size() const { return source_->file_size(); }

}  // namespace ridley::control
