// SPDX-License-Identifier: Apache-2.0
// In: any bytes. Out: nothing: no frame, packet or message may make `ridley decode` read beyond its
// end. The first byte says what the rest is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sstream>
#include <string>

#include "control/capture_decoder.hpp"
#include "control/message_printer.hpp"

namespace {

using ridley::control::CapturedBytes;
using ridley::control::CaptureDecoder;
using ridley::control::kMessageProtocols;
using ridley::control::MessageForm;
using ridley::control::MessagePrinter;
using ridley::control::MessageProtocol;

// Frames of 64 bytes and a last shorter one, as one capture.
void decode_frames(std::span<const std::byte> bytes, MessagePrinter& printer) {
  constexpr std::size_t kFrameBytes = 64;
  CaptureDecoder decoder{printer, [](const CapturedBytes&, const std::string&) {}};
  std::uint64_t number = 0;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kFrameBytes);
    decoder.frame(
        {.frame = bytes.first(size), .number = ++number, .offset = 0, .cut = size % 2 == 0});
    bytes = bytes.subspan(size);
  }
  decoder.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::byte> bytes = std::as_bytes(std::span{input, size}).subspan(1);
  std::ostringstream out;
  MessagePrinter printer{(input[0] & 0x80) != 0 ? MessageForm::Json : MessageForm::Text, out};
  const std::size_t choice = input[0] & 0x7F;
  if (choice < kMessageProtocols) {
    (void)printer.print(static_cast<MessageProtocol>(choice), 1, bytes);
  } else {
    decode_frames(bytes, printer);
  }
  printer.flush();
  printer.print_counts(true);
  return 0;
}
