// SPDX-License-Identifier: Apache-2.0
#include "control/card_events.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>

#include "base/descriptor.hpp"
#include "card/registers.hpp"
#include "feed/sequencer.hpp"
#include "nic/capture_file.hpp"

namespace ridley::control {
namespace {

namespace fs = std::filesystem;
namespace registers = card::registers;
using base::Error;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// The card waits for credit before its ring is full, so the size changes nothing but the pace.
constexpr std::uint32_t kRingRecords = 16'384;
constexpr std::uint32_t kCreditRecords = kRingRecords / 16;
// Every counter agrees before this is counted: what is left is a record on its way to memory.
constexpr std::uint32_t kRestCycles = 1'024;
// A simulated card that does not come on in this time never will.
constexpr auto kPatience = 60s;
constexpr auto kLook = 200us;

// A file without a name: whatever happens, it does not stay.
base::Descriptor unnamed_file() {
  std::string name = (fs::temp_directory_path() / "ridley-frames-XXXXXX").string();
  base::Descriptor file{::mkostemp(name.data(), 0)};  // the card inherits it
  if (!file) throw Error::with_exit(EX_CANTCREAT, name, ": ", std::strerror(errno));
  ::unlink(name.c_str());
  return file;
}

std::string path_of(int file) { return "/dev/fd/" + std::to_string(file); }

}  // namespace

CardEvents::CardEvents(FeedFrames& frames, FeedLine line, const fs::path& bitstream) {
  const base::Descriptor recording = unnamed_file();
  nic::CaptureWriter writer{path_of(recording.number())};
  try {
    nic::Datagram datagram;
    for (; const auto frame = frames.next(); ++frames_) {
      (void)line.take(*frame, datagram);
      writer.write(frame->span(), frame->stamp.ns);
    }
  } catch (const Error& error) {
    if (error.exit_code() != EX_DATAERR) throw;
    failure_ = error;
  }
  writer.close();
  start(line, bitstream, recording.number());
}

void CardEvents::start(const FeedLine& line, const fs::path& bitstream, int recording) {
  const SimulatedCard simulated = SimulatedCard::find();
  const fs::path design = bitstream.empty() ? simulated.bitstream : bitstream;
  if (!fs::exists(design)) {
    throw Error::with_exit(bitstream.empty() ? EX_UNAVAILABLE : EX_NOINPUT, design.string(),
                           ": there is no such bitstream");
  }
  process_ = std::make_unique<CardProcess>(
      simulated, std::vector<std::string>{"--clock", "frames", "--port0",
                                          "pcap:" + path_of(recording) + ",rate=max"});
  bus_ = card::open_xrt({.device = "0", .xclbin = design, .uuid = {}});
  card_ = std::make_unique<card::Card>(*bus_);
  process_->hide();
  card::CardSettings settings;
  settings.lines[0] = {.address = line.address().ip, .port = line.address().port};
  settings.ring_records = kRingRecords;
  settings.first_sequence = feed::SequencerOptions::kAdopt;
  card_->start(settings);
  changed_ = Clock::now();
}

bool CardEvents::next(FeedRecord& record) {
  if (!card_->ring().has_next() && !wait_for_record()) return false;
  const card::Record found = card_->ring().next();
  record.form = found.form();
  if (record.form == card::CardForm::Event) {
    record.event = found.event();
  } else {
    record.packet = found.packet();
  }
  card_->ring().pop();
  if (card_->ring().consumed() % kCreditRecords == 0) card_->return_credit();
  return true;
}

bool CardEvents::wait_for_record() {
  while (!card_->ring().has_next()) {
    if (over_) return false;
    card_->return_credit();
    if (over()) {
      over_ = true;
      must_have_lost_nothing();
      if (failure_) throw Error{*failure_};
      return false;
    }
    std::this_thread::sleep_for(kLook);
  }
  return true;
}

// At rest, and still so after many cycles of the card.
bool CardEvents::over() {
  process_->must_run();
  const std::uint32_t cycle = card_->alive();
  const Counts counts = look();
  if (counts != counts_) {
    counts_ = counts;
    changed_at_ = cycle;
    changed_ = Clock::now();
  }
  // Behind the counts: a record that was written before them is seen now.
  if (card_->ring().has_next()) return false;
  if (counts.at_rest && cycle - changed_at_ >= kRestCycles) return true;
  if (Clock::now() - changed_ > kPatience) {
    throw Error::with_exit(EX_IOERR, "the simulated card stands still: ", counts.frames, " of ",
                           frames_, " frames, ", counts.records, " records, ",
                           card_->ring().consumed(), " of them read");
  }
  return false;
}

CardEvents::Counts CardEvents::look() {
  using namespace registers;
  const auto count = [this](std::uint32_t at) { return card_->read64(at); };
  Counts counts;
  counts.frames = count(kFramesAt) + count(kBadFramesAt);
  counts.packets = count(kPacketsAt) + count(kPacketsDroppedAt);
  counts.messages = count(kEventsAt) + count(kUnknownTypesAt) + count(kTruncatedAt);
  counts.records = count(kRecordsWrittenAt);
  counts.at_rest = counts.frames == frames_ && counts.packets == count(kPort0CausesAt) &&
                   counts.messages == count(kMessagesAt) &&
                   static_cast<std::uint32_t>(counts.records) == bus_->read(kRingProducedAt) &&
                   static_cast<std::uint32_t>(counts.records) == card_->ring().consumed();
  return counts;
}

void CardEvents::must_have_lost_nothing() {
  const std::uint64_t packets = card_->read64(registers::kPacketsDroppedAt);
  const std::uint64_t records = card_->read64(registers::kRecordsDroppedAt);
  if (packets == 0 && records == 0) return;
  throw Error::with_exit(EX_IOERR, "the card had no room for ", packets, " packets and ", records,
                         " records");
}

FeedTotals CardEvents::totals() {
  FeedTotals totals;
  for (std::uint32_t cause = 0; cause < nic::kStripCauses; ++cause) {
    totals.causes[cause] =
        card_->read64(registers::kPort0CausesAt + cause * registers::kPort0CausesStride);
  }
  totals.packets = card_->read64(registers::kPacketsAt);
  totals.malformed = card_->read64(registers::kMalformedAt);
  totals.unknown_types = card_->read64(registers::kUnknownTypesAt);
  totals.truncated = card_->read64(registers::kTruncatedAt);
  return totals;
}

}  // namespace ridley::control
