// SPDX-License-Identifier: Apache-2.0
// In: frames of the kernel, frames of the wire and packets of the hot core, in turns; the first
// byte of each says which, two more how long it is. Holds the exception path to this: it stays
// within the frame and the room, and what it lets pass is intact, edited or not.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "order/exception_path.hpp"

using namespace ridley;

namespace {

// Random bytes are seldom a segment of the one connection: the rest of the frame is given.
std::vector<std::byte> frame_of(std::span<const std::byte> chosen, bool from_kernel) {
  std::vector<std::byte> frame(54);
  frame[12] = std::byte{8};
  frame[14] = std::byte{0x45};
  frame[23] = std::byte{6};
  frame[29] = from_kernel ? std::byte{1} : std::byte{2};
  frame[33] = from_kernel ? std::byte{2} : std::byte{1};
  frame[35] = frame[29];
  frame[37] = frame[33];
  frame[46] = std::byte{0x50};
  // Numbers, flags, window; then options and payload.
  const std::size_t fixed = chosen.size() < 11 ? chosen.size() : 11;
  for (std::size_t i = 0; i < fixed; ++i) frame[(i < 8 ? 38 : 39) + i] = chosen[i];
  frame.insert(frame.end(), chosen.begin() + static_cast<std::ptrdiff_t>(fixed), chosen.end());
  const std::size_t option_words = frame.size() > 54 ? static_cast<std::size_t>(frame[54]) % 11 : 0;
  if (frame.size() >= 54 + option_words * 4)
    frame[46] = static_cast<std::byte>((5 + option_words) << 4);
  base::store_big_endian(&frame[16], static_cast<std::uint16_t>(frame.size() - 14));
  return frame;
}

void check(order::ExceptionPath& path, std::vector<std::byte> bytes, bool from_kernel,
           std::uint64_t now_ns) {
  auto frame = nic::TcpFrame::read(bytes);
  if (!frame) return;
  frame->seal();
  if (from_kernel) {
    if (path.from_kernel(*frame, now_ns)) RIDLEY_ASSERT(frame->is_intact());
  } else {
    path.from_wire(*frame);
    RIDLEY_ASSERT(frame->is_intact());
  }
  RIDLEY_ASSERT(frame->bytes().size() <= bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::span<const std::byte> rest = std::as_bytes(std::span{bytes, size});
  order::ExceptionPath path{16'384};
  path.set_congestion({.window_bytes = 14'600, .segment_bytes = 1'460});
  std::uint64_t now_ns = 1;
  while (rest.size() >= 3) {
    const auto kind = static_cast<unsigned>(rest[0]) % 4;
    const std::size_t wanted = base::load_big_endian<std::uint16_t>(&rest[1]) % 1'500;
    rest = rest.subspan(3);
    const std::size_t length = wanted < rest.size() ? wanted : rest.size();
    const auto chosen = rest.first(length);
    rest = rest.subspan(length);
    now_ns += 700'000;
    if (kind < 2) check(path, frame_of(chosen, kind == 0), kind == 0, now_ns);
    if (kind == 2) {
      order::Outbound packet;
      packet.sequence = path.given();
      packet.length = static_cast<std::uint16_t>(length % order::kOutboundBytesMax);
      if (path.took(packet, 0, now_ns)) path.gave(packet.length);
    }
    // Any bytes at all.
    if (kind == 3) {
      std::vector<std::byte> raw{chosen.begin(), chosen.end()};
      if (auto frame = nic::TcpFrame::read(raw)) path.from_wire(*frame);
    }
    std::array<std::byte, order::kAcknowledgementBytesMax> room;
    const auto again = path.say_again(room);
    RIDLEY_ASSERT(again.size() <= room.size());
    (void)path.allowance();
  }
  return 0;
}
