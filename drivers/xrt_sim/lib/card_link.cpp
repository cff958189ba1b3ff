// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/lib/card_link.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "xrt_sim/message_socket.hpp"

namespace ridley::xrt_sim {
namespace {

using Clock = std::chrono::steady_clock;

// Where many processes share few cores a card may need longer for a register than its bus would
// grant it; this makes the limit longer, in milliseconds.
int register_limit_ms() {
  const char* chosen = std::getenv("RIDLEY_CARD_SIM_LIMIT_MS");
  const int limit = chosen == nullptr ? 0 : std::atoi(chosen);
  return limit > 0 ? limit : kRegisterLimitMs;
}

int limit_of(RequestKind kind) {
  static const int register_limit = register_limit_ms();
  return std::max(limit_ms_of(kind), register_limit);
}

}  // namespace

// One that hangs is there.
bool CardLink::present() { return connect_to(socket_path(), 0) || errno == EAGAIN; }

std::optional<CardLink> CardLink::open() {
  Descriptor socket = connect_to(socket_path(), kBufferLimitMs);
  if (!socket) return std::nullopt;
  return CardLink{std::move(socket)};
}

CardLink::CardLink(CardLink&& other) noexcept
    : socket_{std::move(other.socket_)}, number_{other.number_} {}

std::optional<Answer> CardLink::ask(Request request, int file) {
  const std::lock_guard lock{one_at_a_time_};
  request.number = ++number_;
  // A card that hangs takes no more requests when its queue is full.
  if (send_message(socket_.number(), request, file) != Transfer::Done) return std::nullopt;
  return wait_for(request.number, limit_of(request.kind));
}

std::optional<Answer> CardLink::wait_for(std::uint64_t number, int limit_ms) {
  const auto until = Clock::now() + std::chrono::milliseconds{limit_ms};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::nanoseconds>(until - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    const timespec wait{.tv_sec = left.count() / 1'000'000'000,
                        .tv_nsec = left.count() % 1'000'000'000};
    pollfd waits{socket_.number(), POLLIN, 0};
    if (::ppoll(&waits, 1, &wait, nullptr) == 0) return std::nullopt;
    Answer answer;
    Descriptor file;
    const Transfer received = receive_message(socket_.number(), answer, file);
    if (received == Transfer::Over) return std::nullopt;
    // Answers to what nobody waits for any more are passed over.
    const bool ours = received == Transfer::Done && answer.number == number;
    if (ours) return answer;
  }
}

}  // namespace ridley::xrt_sim
