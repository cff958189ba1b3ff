// SPDX-License-Identifier: Apache-2.0
#include "control/decode_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <iostream>
#include <optional>
#include <utility>

#include "base/byte_source.hpp"
#include "base/error.hpp"
#include "control/capture_decoder.hpp"
#include "control/decode_events.hpp"
#include "control/feed_protocol.hpp"
#include "control/message_printer.hpp"
#include "control/progress.hpp"
#include "feed/itch_file.hpp"
#include "nic/capture_file.hpp"

namespace ridley::control {
namespace {

// Enough of a file to tell what it is.
constexpr std::size_t kHeadBytes = 128;

// Complaints that are told one by one; the rest are counted.
constexpr std::uint64_t kComplaintsMax = 20;

class Complaints {
 public:
  Complaints(std::string name, std::ostream& messages)
      : name_{std::move(name)}, messages_{messages} {}

  void add(std::uint64_t offset, std::string_view place, std::string_view cause) {
    if (++count_ > kComplaintsMax) return;
    messages_ << fmt::format("{}: byte {}{}: {}\n", name_, offset, place, cause);
  }
  void add(const base::Error& error) {
    ++count_;
    messages_ << error.what() << '\n';
  }
  [[nodiscard]] int exit_code() const {
    if (count_ > kComplaintsMax) {
      messages_ << fmt::format("{}: {} more like these\n", name_, count_ - kComplaintsMax);
    }
    return count_ == 0 ? EX_OK : EX_DATAERR;
  }

 private:
  std::string name_;
  std::ostream& messages_;
  std::uint64_t count_ = 0;
};

void decode_messages(base::ByteSource source, MessagePrinter& printer, Complaints& complaints) {
  Progress progress{"decode", source.file_size()};
  feed::ItchFile file{std::move(source)};
  feed::ItchFileMessage message{};
  while (file.next(message)) {
    const Printed printed = printer.print(MessageProtocol::Itch, message.sequence, message.bytes);
    if (printed == Printed::Malformed) {
      complaints.add(message.offset, fmt::format(", message {}", message.sequence),
                     fmt::format("type {} with {} bytes is too short",
                                 static_cast<char>(message.bytes[0]), message.bytes.size()));
    }
    progress.at(file.source().file_offset());
  }
}

void decode_capture(base::ByteSource source, std::optional<FeedProtocol> protocol,
                    MessagePrinter& printer, Complaints& complaints, std::ostream& messages) {
  Progress progress{"decode", source.file_size()};
  nic::CaptureReader reader{std::move(source)};
  CaptureDecoder decoder{printer,
                         [&complaints](const CapturedBytes& captured, const std::string& cause) {
                           complaints.add(captured.offset,
                                          fmt::format(", frame {}", captured.number), cause);
                         },
                         protocol};
  std::uint64_t number = 0;
  try {
    while (const auto captured = reader.next()) {
      decoder.frame({.frame = captured->bytes,
                     .number = ++number,
                     .offset = captured->offset,
                     .cut = captured->bytes.size() < captured->wire_length});
      progress.at(reader.file_offset());
    }
  } catch (const base::Error& error) {
    complaints.add(error);
  }
  decoder.end();
  progress.wipe();
  if (decoder.other_frames() > 0) {
    messages << fmt::format("{} of {} frames carry neither UDP nor TCP over IPv4\n",
                            decoder.other_frames(), number);
  }
}

}  // namespace

int decode(const DecodeOptions& options, std::ostream& out, std::ostream& messages) {
  if (!options.engine.empty()) return decode_events(options, out, messages);
  if (!options.line.empty() || !options.bitstream.empty() || options.as_recorded) {
    throw base::Error::with_exit(EX_USAGE, "--line, --as-recorded and --bitstream need --engine");
  }
  const std::optional<FeedProtocol> protocol = parse_protocol(options.protocol);
  base::ByteSource source{options.file};
  const std::span<const std::byte> head = source.peek(kHeadBytes);
  const bool capture = nic::is_capture(head);
  if (!capture && feed::ItchFile::form_of(head) == feed::ItchFileForm::Unknown) {
    throw base::Error::with_exit(EX_DATAERR, options.file,
                                 ": byte 0: neither a capture nor a file of ITCH messages");
  }
  if (!capture && protocol.value_or(FeedProtocol::Itch) != FeedProtocol::Itch) {
    throw base::Error::with_exit(EX_DATAERR, options.file, ": a file of ITCH messages, not of ",
                                 name_of(*protocol));
  }
  const MessageForm form = options.json ? MessageForm::Json : MessageForm::Text;
  MessagePrinter printer{options.count ? MessageForm::None : form, out};
  Complaints complaints{options.file, messages};
  try {
    if (capture) {
      decode_capture(std::move(source), protocol, printer, complaints, messages);
    } else {
      decode_messages(std::move(source), printer, complaints);
    }
  } catch (const base::Error& error) {
    if (error.exit_code() != EX_DATAERR) throw;
    complaints.add(error);
  }
  printer.flush();
  if (options.count) printer.print_counts(options.json);
  return complaints.exit_code();
}

int decode_command(const DecodeOptions& options) {
  std::ios::sync_with_stdio(false);
  return decode(options, std::cout, std::cerr);
}

}  // namespace ridley::control
