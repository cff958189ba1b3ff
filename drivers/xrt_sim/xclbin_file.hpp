// SPDX-License-Identifier: Apache-2.0
// In: the bytes of an xclbin, which src/card reads. Out: what of it the simulated card uses, or why
// it is refused. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ridley::xrt_sim {

struct XclbinFile {
  std::string uuid;
  std::span<const std::byte> bitstream;
  std::uint32_t units = 0;  // of IP_LAYOUT
};

// A file whose UUID is not that of its contents, as scripts/xclbin.py writes it, is damaged. Throws
// base::Error with an errno as its exit code.
[[nodiscard]] XclbinFile read_xclbin(std::span<const std::byte> bytes);

}  // namespace ridley::xrt_sim
