// SPDX-License-Identifier: Apache-2.0
// In: bytes that might be a capture file, compressed or not. The reader ends with the file or with
// an error, and every frame it gives goes through the strip.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "nic/capture_file.hpp"
#include "nic/datagram.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  using namespace ridley;
  static const int file = ::memfd_create("capture", 0);
  static const std::string name = "/proc/self/fd/" + std::to_string(file);
  if (::ftruncate(file, 0) != 0) return 0;
  if (::pwrite(file, bytes, count, 0) != static_cast<ssize_t>(count)) return 0;
  try {
    nic::CaptureReader reader{name};
    // A small compressed file may hold a very long one.
    constexpr int kFramesMax = 10'000;
    for (int i = 0; i < kFramesMax; ++i) {
      const auto frame = reader.next();
      if (!frame) break;
      nic::Datagram datagram;
      static_cast<void>(nic::strip(frame->frame(), datagram));
    }
  } catch (const base::Error&) {
    // The right answer to most inputs.
  }
  return 0;
}
