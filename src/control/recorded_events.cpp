// SPDX-License-Identifier: Apache-2.0
#include "control/recorded_events.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <array>
#include <utility>

#include "base/byte_source.hpp"
#include "base/error.hpp"
#include "control/feed_events.hpp"
#include "event/market_event.hpp"
#include "feed/feed.hpp"
#include "feed/itch_file.hpp"
#include "feed/lobster_file.hpp"
#include "feed/mbo_file.hpp"
#include "nic/capture_file.hpp"
#include "nic/datagram.hpp"

namespace ridley::control {

class RecordedEvents::Source {
 public:
  Source() = default;
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // May throw base::Error where the input is cut off or damaged.
  virtual bool next(event::MarketEvent& event) = 0;
  virtual void complain(std::vector<std::string>& complaints) const = 0;
  [[nodiscard]] virtual bool malformed() const = 0;
  [[nodiscard]] virtual feed::DecodeCounters decoded() const = 0;
  [[nodiscard]] virtual std::uint64_t file_offset() const = 0;
  [[nodiscard]] virtual std::uint64_t file_size() const = 0;

  std::string cut_off;  // the error that ended the input early
};

namespace {

constexpr std::size_t kMagicBytes = 4;
// Holds the first line of any message file.
constexpr std::size_t kHeadBytes = 256;

class FileSource final : public RecordedEvents::Source {
 public:
  explicit FileSource(base::ByteSource bytes) : file_{std::move(bytes)} {}

  bool next(event::MarketEvent& event) override {
    feed::ItchFileMessage read;
    while (file_.next(read)) {
      const feed::Decoded decoded = feed::decode(read.bytes, read.sequence, event);
      decoded_.count(decoded);
      if (decoded == feed::Decoded::Event) return true;
      if (decoded != feed::Decoded::Truncated || read.bytes.empty()) continue;
      event = feed::doubt_of(
          {.unit = 0, .from = read.sequence, .count = 1, .reason = event::DoubtReason::Malformed},
          event::kNoLocate);
      return true;
    }
    return false;
  }
  void complain(std::vector<std::string>&) const override {}
  [[nodiscard]] bool malformed() const override { return false; }
  [[nodiscard]] feed::DecodeCounters decoded() const override { return decoded_; }
  [[nodiscard]] std::uint64_t file_offset() const override { return file_.source().file_offset(); }
  [[nodiscard]] std::uint64_t file_size() const override { return file_.source().file_size(); }

 private:
  feed::ItchFile file_;
  feed::DecodeCounters decoded_{};
};

void complain_of(const feed::LobsterFile::Counts& counts, std::vector<std::string>& complaints) {
  if (counts.wrong != 0)
    complaints.push_back(
        fmt::format("{} of {} lines are no messages and were left out, line {} first", counts.wrong,
                    counts.lines, counts.first_wrong));
  if (counts.strangers != 0)
    complaints.push_back(
        fmt::format("{} cancels are of orders that were never in sight", counts.strangers));
}

void complain_of(const feed::MboFile::Counts& counts, std::vector<std::string>& complaints) {
  if (counts.wrong != 0)
    complaints.push_back(fmt::format("{} of {} records are wrong and were left out, byte {} first",
                                     counts.wrong, counts.records, counts.first_wrong_offset));
  if (counts.others != 0)
    complaints.push_back(
        fmt::format("{} records are not of orders and were left out", counts.others));
}

// Recordings of orders that no exchange sends in this form.
template <typename File>
class OrderSource final : public RecordedEvents::Source {
 public:
  explicit OrderSource(base::ByteSource bytes) : file_{std::move(bytes)} {}

  bool next(event::MarketEvent& event) override {
    if (!file_.next(event)) return false;
    ++events_;
    return true;
  }
  void complain(std::vector<std::string>& complaints) const override {
    complain_of(file_.counts(), complaints);
  }
  [[nodiscard]] bool malformed() const override { return file_.counts().wrong != 0; }
  [[nodiscard]] feed::DecodeCounters decoded() const override {
    return {.events = events_, .unknown_types = 0, .truncated = 0};
  }
  [[nodiscard]] std::uint64_t file_offset() const override { return file_.source().file_offset(); }
  [[nodiscard]] std::uint64_t file_size() const override { return file_.source().file_size(); }

 private:
  File file_;
  std::uint64_t events_ = 0;
};

class CaptureSource final : public RecordedEvents::Source {
 public:
  CaptureSource(base::ByteSource bytes, std::optional<FeedProtocol> protocol)
      : capture_{std::move(bytes)} {
    if (protocol) follow(*protocol);
  }

  bool next(event::MarketEvent& event) override {
    while (at_ == events_.size()) {
      events_.clear();
      at_ = 0;
      if (over_) return end();
      if (next_packet()) continue;
      over_ = true;
      if (feed_) feed_->finish(listener_);
    }
    event = events_[at_++];
    return true;
  }

  void complain(std::vector<std::string>& complaints) const override {
    const feed::SequencerCounters counters = feed_ ? feed_->counters() : feed::SequencerCounters{};
    if (counters.malformed != 0)
      complaints.push_back(fmt::format("{} of {} packets are malformed and were left out",
                                       counters.malformed, counters.packets));
    if (counters.missing_messages != 0)
      complaints.push_back(fmt::format("{} messages are missing in {} gaps",
                                       counters.missing_messages,
                                       counters.gaps - counters.gaps_filled));
    if (counters.session_changes != 0)
      complaints.push_back(fmt::format("{} packets of other sessions than the first were left out",
                                       counters.session_changes));
    if (truncated_ != 0)
      complaints.push_back(fmt::format("{} frames are cut short and were left out", truncated_));
    if (feed_) feed_->complain(complaints);
    for (std::size_t i = 0; i < others_.size(); ++i) {
      const std::string_view name = name_of(static_cast<FeedProtocol>(i));
      if (others_[i] != 0)
        complaints.push_back(fmt::format("{} packets are of {} and were left out: --protocol {}",
                                         others_[i], name, name));
    }
    if (strangers_ != 0)
      complaints.push_back(
          fmt::format("{} datagrams fit no protocol of {}", strangers_, protocol_names()));
    if (datagrams_ == 0) complaints.emplace_back("there is no UDP packet in the capture");
  }

  [[nodiscard]] bool malformed() const override {
    return strangers_ != 0 || truncated_ != 0 || (feed_ && feed_->counters().malformed != 0);
  }
  [[nodiscard]] feed::DecodeCounters decoded() const override {
    return feed_ ? feed_->decoded() : feed::DecodeCounters{};
  }
  [[nodiscard]] std::uint64_t file_offset() const override { return capture_.file_offset(); }
  [[nodiscard]] std::uint64_t file_size() const override { return capture_.file_size(); }

 private:
  void follow(FeedProtocol protocol) {
    protocol_ = protocol;
    feed_ = FeedEvents::make(
        protocol,
        {.policy = feed::SessionPolicy::Refuse, .first_sequence = feed::SequencerOptions::kAdopt},
        kCaptureHeldPackets);
  }

  // What ended the input early is told behind what was held.
  [[nodiscard]] bool end() {
    if (failure_) throw base::Error{*std::exchange(failure_, std::nullopt)};
    return false;
  }

  std::optional<nic::CapturedFrame> next_frame() {
    try {
      return capture_.next();
    } catch (const base::Error& error) {
      if (error.exit_code() != EX_DATAERR) throw;
      failure_ = error;
      return std::nullopt;
    }
  }

  bool next_packet() {
    // Anonymised captures have other addresses than those that were summed up.
    static constexpr nic::StripChecks kNoChecksums{.header_checksum = false, .udp_checksum = false};
    const std::optional<nic::CapturedFrame> frame = next_frame();
    if (!frame) return false;
    nic::Datagram datagram;
    const nic::Strip strip = nic::strip(frame->frame(), datagram, kNoChecksums);
    if (strip == nic::Strip::Truncated) ++truncated_;
    if (strip == nic::Strip::Udp) take(datagram);
    return true;
  }

  void take(const nic::Datagram& datagram) {
    ++datagrams_;
    const std::optional<FeedProtocol> told = protocol_of(datagram.payload);
    const std::optional<FeedProtocol> wanted = told ? told : suspicion_of(datagram.payload);
    if (!feed_ && wanted) follow(*wanted);
    if (!feed_) {
      ++strangers_;
      return;
    }
    if (told && !same_packets(*told, protocol_)) {
      ++others_[static_cast<std::size_t>(*told)];
      return;
    }
    (void)feed_->accept(datagram, listener_);
  }

  nic::CaptureReader capture_;
  FeedProtocol protocol_{};
  std::unique_ptr<FeedEvents> feed_;  // none before a datagram told
  std::vector<event::MarketEvent> events_;
  std::size_t at_ = 0;
  FeedEvents::Listener listener_{
      .on_event = [this](const event::MarketEvent& event) { events_.push_back(event); },
      .on_session = [] {}};
  std::array<std::uint64_t, kFeedProtocols> others_{};
  std::uint64_t strangers_ = 0;
  std::uint64_t datagrams_ = 0;
  std::uint64_t truncated_ = 0;
  bool over_ = false;
  std::optional<base::Error> failure_;
};

}  // namespace

RecordedEvents::RecordedEvents(const std::string& name, std::optional<FeedProtocol> protocol) {
  base::ByteSource bytes{name};
  if (nic::is_capture(bytes.peek(kMagicBytes))) {
    source_ = std::make_unique<CaptureSource>(std::move(bytes), protocol);
    return;
  }
  if (protocol.value_or(FeedProtocol::Itch) != FeedProtocol::Itch) {
    throw base::Error::with_exit(EX_DATAERR, name, ": not a capture, so not of ",
                                 name_of(*protocol));
  }
  const std::span<const std::byte> head = bytes.peek(kHeadBytes);
  if (feed::MboFile::is_zstd(head)) {
    throw base::Error::with_exit(EX_DATAERR, name, ": is compressed with zstd, which is not read: ",
                                 "give what \"zstd -dc\" makes of it, from a file or as -");
  }
  if (feed::MboFile::is_mbo(head)) {
    source_ = std::make_unique<OrderSource<feed::MboFile>>(std::move(bytes));
  } else if (feed::LobsterFile::is_lobster(head)) {
    source_ = std::make_unique<OrderSource<feed::LobsterFile>>(std::move(bytes));
  } else {
    source_ = std::make_unique<FileSource>(std::move(bytes));
  }
}

RecordedEvents::~RecordedEvents() = default;

bool RecordedEvents::next(event::MarketEvent& event) {
  if (!source_->cut_off.empty()) return false;
  try {
    return source_->next(event);
  } catch (const base::Error& error) {
    if (error.exit_code() != EX_DATAERR) throw;
    source_->cut_off = error.what();
    return false;
  }
}

std::vector<std::string> RecordedEvents::complaints() const {
  std::vector<std::string> complaints;
  source_->complain(complaints);
  if (!source_->cut_off.empty()) complaints.push_back(source_->cut_off);
  return complaints;
}

bool RecordedEvents::malformed() const { return !source_->cut_off.empty() || source_->malformed(); }

feed::DecodeCounters RecordedEvents::decoded() const { return source_->decoded(); }
std::uint64_t RecordedEvents::file_offset() const { return source_->file_offset(); }
std::uint64_t RecordedEvents::file_size() const { return source_->file_size(); }

}  // namespace ridley::control
