// SPDX-License-Identifier: Apache-2.0
// In: requests. Out: the card's answers, each within its limit of time, or none: the card hangs, or
// has gone. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "xrt_sim/mapping.hpp"
#include "xrt_sim/protocol.hpp"

namespace ridley::xrt_sim {

class CardLink {
 public:
  // Whether there is a card.
  [[nodiscard]] static bool present();
  // Empty when there is none.
  [[nodiscard]] static std::optional<CardLink> open();
  CardLink(CardLink&& other) noexcept;

  // Empty: no answer in time. A file is given along where the kind of request wants one.
  [[nodiscard]] std::optional<Answer> ask(Request request, int file = -1);

 private:
  explicit CardLink(Descriptor socket) : socket_{std::move(socket)} {}
  [[nodiscard]] std::optional<Answer> wait_for(std::uint64_t number, int limit_ms);

  std::mutex one_at_a_time_;
  Descriptor socket_;
  std::uint64_t number_ = 0;
};

}  // namespace ridley::xrt_sim
