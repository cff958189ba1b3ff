// SPDX-License-Identifier: Apache-2.0
// In: the path of a Unix socket. Out: whether somebody listens there; a file that a killed process
// left behind is removed. Cold.
#pragma once

#include <cstdint>
#include <string>

namespace ridley::nic {

enum class SocketFile : std::uint8_t { Absent, Stale, Listening, NotASocket };

// Connects for a moment to find out.
[[nodiscard]] SocketFile look_at_socket(const std::string& path) noexcept;

// Makes way for a listener. Throws base::Error when somebody listens already, when the path is
// something else than a socket, or when its folder is absent.
void remove_stale_socket(const std::string& path);

}  // namespace ridley::nic
