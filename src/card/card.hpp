// SPDX-License-Identifier: Apache-2.0
// In: a bus with a card at its other end, and what the card shall do. Out: a card that was
// recognised, set up and started, whose events arrive in a ring. Cold; one thread at a time, but
// for the ring, which is the hot core's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "card/bus.hpp"
#include "card/event_ring.hpp"

namespace ridley::card {

inline constexpr std::size_t kPorts = 2;
// Less than that and a busy millisecond does not fit.
inline constexpr std::uint32_t kRingRecordsMin = 64;

struct Line {
  std::uint32_t address = 0;  // host byte order
  std::uint16_t port = 0;     // 0: nothing comes in here

  friend bool operator==(const Line&, const Line&) = default;
};

struct CardSettings {
  std::array<Line, kPorts> lines{};
  std::uint32_t ring_records = 65'536;  // a power of two
  bool every_instrument = true;
  bool follow_sessions = true;
  std::uint64_t first_sequence = 1;  // 0: what the first packet says
};

// What is built into the bitstream.
struct CardFacts {
  std::uint64_t map_hash = 0;
  std::uint64_t catalogue_hash = 0;
  std::uint64_t rtl_commit = 0;
  std::uint32_t clock_hz = 0;
  std::uint32_t stream_bits = 0;
};

class Card {
 public:
  // Looks whether it is ours, of our map and of our catalogue, before anything is written to it.
  // Throws base::Error (EX_CONFIG) when it is not. The bus outlives the card.
  explicit Card(Bus& bus);
  // Stops it, if it answers.
  ~Card();
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  [[nodiscard]] const CardFacts& facts() const noexcept { return facts_; }

  // Once: makes the ring, sets the card up and lets it take frames. Throws base::Error.
  void start(const CardSettings& settings);
  void stop();

  // Only after start().
  [[nodiscard]] EventRing& ring() noexcept { return *ring_; }

  // From now on the events of this instrument come, or no longer do.
  void select(std::uint16_t locate, bool wanted);

  // Tells the card how far the ring was read. Often enough that the ring never fills.
  void return_credit();

  // The card's count of cycles; two looks that give the same mean that it hangs.
  [[nodiscard]] std::uint32_t alive();

  // Any register of 64 bits, by address.
  [[nodiscard]] std::uint64_t read64(std::uint32_t at);

 private:
  void write64(std::uint32_t at, std::uint64_t value);
  void wait_for_filter();

  Bus& bus_;
  CardFacts facts_;
  std::optional<EventRing> ring_;
  std::uint32_t credit_returned_ = 0;
  bool running_ = false;
};

}  // namespace ridley::card
