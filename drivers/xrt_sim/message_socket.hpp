// SPDX-License-Identifier: Apache-2.0
// In: messages of a fixed size, one of them perhaps with an open file. Out: the same at the other
// end of a Unix socket. Waits for nothing unless it says so. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "xrt_sim/mapping.hpp"

namespace ridley::xrt_sim {

enum class Transfer : std::uint8_t {
  Done,
  NotNow,  // nothing has come, or there is no room
  Over,    // the other end has gone
};

// Of RIDLEY_CARD_SIM, or ridley-card-sim in the folder of this user's running programs.
[[nodiscard]] std::string socket_path();

// A socket of whole messages; an empty one and errno when it cannot be had: EAGAIN when somebody
// listens there who has not taken those that came before, for as long as was waited.
[[nodiscard]] Descriptor connect_to(const std::string& path, int wait_ms);
[[nodiscard]] Descriptor listen_on(const std::string& path);

[[nodiscard]] Transfer send_message(int socket, std::span<const std::byte> message, int file);
// What is not exactly as long as asked for is as good as an end.
[[nodiscard]] Transfer receive_message(int socket, std::span<std::byte> message, Descriptor& file);

template <typename Message>
[[nodiscard]] Transfer send_message(int socket, const Message& message, int file = -1) {
  return send_message(socket, std::as_bytes(std::span{&message, 1}), file);
}
template <typename Message>
[[nodiscard]] Transfer receive_message(int socket, Message& message, Descriptor& file) {
  return receive_message(socket, std::as_writable_bytes(std::span{&message, 1}), file);
}

}  // namespace ridley::xrt_sim
