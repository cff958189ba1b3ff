// SPDX-License-Identifier: Apache-2.0
// In: an address and a port. Out: a socket of the kernel that is bound there and does not block.
// Cold.
#pragma once

#include <cstdint>
#include <string>

namespace ridley::venue {

struct BoundSocket {
  std::string address;
  std::uint16_t port;  // 0: any free one
  int type;            // SOCK_STREAM, which listens, or SOCK_DGRAM
};

// Throws base::Error when it cannot be had.
[[nodiscard]] int open_bound(const BoundSocket& wanted);
[[nodiscard]] std::uint16_t bound_port(int descriptor);
// The next client of a listening socket; negative when there is none.
[[nodiscard]] int accept_client(int descriptor);

}  // namespace ridley::venue
