// SPDX-License-Identifier: Apache-2.0
#include "control/decode_events.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "base/error.hpp"
#include "control/card_events.hpp"
#include "control/event_printer.hpp"
#include "control/feed_frames.hpp"
#include "control/feed_protocol.hpp"
#include "control/progress.hpp"
#include "control/software_events.hpp"
#include "nic/address.hpp"

namespace ridley::control {
namespace {

using base::Error;

// Before a file is opened.
FeedLine checked_line(const DecodeOptions& options) {
  if (options.engine != "cpp" && options.engine != "rtl") {
    throw Error::with_exit(EX_USAGE, "--engine is \"", options.engine, "\", not cpp or rtl");
  }
  if (!options.bitstream.empty() && options.engine != "rtl") {
    throw Error::with_exit(EX_USAGE, "--bitstream needs --engine rtl");
  }
  if (options.line.empty()) return {};
  const auto address = nic::parse_socket_address(options.line);
  if (address) return FeedLine{*address};
  throw Error::with_exit(EX_USAGE, "--line is \"", options.line, "\", not ADDRESS:PORT");
}

// The card speaks ITCH.
std::optional<FeedProtocol> checked_protocol(const DecodeOptions& options) {
  const std::optional<FeedProtocol> protocol = parse_protocol(options.protocol);
  if (options.engine == "rtl" && protocol.value_or(FeedProtocol::Itch) != FeedProtocol::Itch) {
    throw Error::with_exit(EX_USAGE, "--engine rtl decodes itch alone, not ", name_of(*protocol));
  }
  return protocol;
}

// The card would count every packet of another feed as malformed.
void must_be_itch(const DecodeOptions& options) {
  FeedFrames frames{options.file, Addresses::Repaired};
  while (const auto frame = frames.next()) {
    nic::Datagram datagram;
    if (nic::strip(*frame, datagram) != nic::Strip::Udp) continue;
    const auto told = protocol_of(datagram.payload);
    if (!told || *told == FeedProtocol::Itch) return;
    throw Error::with_exit(EX_DATAERR, options.file, ": a capture of ", name_of(*told),
                           ": --engine rtl decodes itch alone");
  }
}

std::unique_ptr<EventSource> source_of(const DecodeOptions& options, FeedFrames& frames,
                                       const FeedLine& line, std::optional<FeedProtocol> protocol) {
  if (options.engine == "cpp") return std::make_unique<SoftwareEvents>(frames, line, protocol);
  return std::make_unique<CardEvents>(frames, line, options.bitstream);
}

// What the events do not say. True where something was malformed.
bool tell(const FeedTotals& totals, const std::string& name, std::ostream& messages) {
  constexpr auto kUdp = static_cast<std::size_t>(nic::Strip::Udp);
  std::uint64_t others = 0;
  std::string causes;
  for (std::size_t cause = 0; cause < totals.causes.size(); ++cause) {
    if (cause == kUdp || totals.causes[cause] == 0) continue;
    others += totals.causes[cause];
    causes += fmt::format("{}{} {}", causes.empty() ? "" : ", ", totals.causes[cause],
                          event::name_of(static_cast<nic::Strip>(cause)));
  }
  if (others != 0) {
    messages << fmt::format("{}: {} of {} frames are not the line's: {}\n", name, others,
                            others + totals.causes[kUdp], causes);
  }
  if (totals.unknown_types != 0) {
    messages << fmt::format("{}: {} messages are of no known type\n", name, totals.unknown_types);
  }
  if (totals.malformed != 0) {
    messages << fmt::format("{}: {} of {} packets are malformed\n", name, totals.malformed,
                            totals.packets);
  }
  if (totals.truncated != 0) {
    messages << fmt::format("{}: {} messages are shorter than their type\n", name,
                            totals.truncated);
  }
  return totals.malformed != 0 || totals.truncated != 0;
}

}  // namespace

int decode_events(const DecodeOptions& options, std::ostream& out, std::ostream& messages) {
  const FeedLine line = checked_line(options);
  const std::optional<FeedProtocol> protocol = checked_protocol(options);
  if (options.engine == "rtl" && !protocol && options.file != "-") must_be_itch(options);
  FeedFrames frames{options.file,
                    options.as_recorded ? Addresses::AsRecorded : Addresses::Repaired};
  const std::unique_ptr<EventSource> source = source_of(options, frames, line, protocol);
  const MessageForm form = options.json ? MessageForm::Json : MessageForm::Text;
  EventPrinter printer{options.count ? MessageForm::None : form, out};
  Progress progress{"decode", frames.file_size()};
  std::string damage;
  try {
    for (FeedRecord record; source->next(record);) {
      printer.print(record);
      progress.at(frames.file_offset());
    }
  } catch (const Error& error) {
    // What came before is whole.
    printer.flush();
    if (error.exit_code() != EX_DATAERR) throw;
    damage = error.what();
  }
  printer.flush();
  if (options.count) printer.print_counts(options.json);
  progress.wipe();
  for (const std::string& complaint : frames.complaints()) {
    messages << fmt::format("{}: {}\n", options.file, complaint);
  }
  if (frames.repaired() != 0) {
    messages << fmt::format("{}: {} frames with anonymous addresses were repaired\n", options.file,
                            frames.repaired());
  }
  for (const std::string& complaint : source->complaints())
    messages << fmt::format("{}: {}\n", options.file, complaint);
  const bool malformed = tell(source->totals(), options.file, messages);
  if (!damage.empty()) messages << damage << '\n';
  return malformed || !damage.empty() || !frames.complaints().empty() ? EX_DATAERR : EX_OK;
}

}  // namespace ridley::control
