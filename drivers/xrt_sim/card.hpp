// SPDX-License-Identifier: Apache-2.0
// In: what hosts ask of the card, and cycles to run. Out: answers, and what the design does with
// the frames at its ports. Holds what a card holds: one design or none, memory, a clock. Cold; one
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "xrt_sim/card_clock.hpp"
#include "xrt_sim/design.hpp"
#include "xrt_sim/device_memory.hpp"
#include "xrt_sim/mapping.hpp"
#include "xrt_sim/protocol.hpp"

namespace ridley::xrt_sim {

struct CardCounts {
  std::uint64_t designs = 0;
  std::uint64_t cycles = 0;
  std::uint64_t busy_cycles = 0;
  double busy_seconds = 0;
  std::uint64_t records = 0;
  std::uint64_t lost_writes = 0;  // to where no memory is
};

class Card {
 public:
  explicit Card(std::unique_ptr<CardClock> clock) : clock_{std::move(clock)} {}
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  // What an owner asks for; each connection is one.
  [[nodiscard]] Answer serve(int owner, const Request& request, const Descriptor& file);
  // An owner has gone: its buffers and compute units are free again. The design goes on.
  void forget(int owner);

  // Whether cycles would do something.
  [[nodiscard]] bool busy() const;
  void run_busy(std::uint32_t cycles);
  void run_idle(std::uint32_t cycles);

  [[nodiscard]] const CardCounts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t frames(std::size_t port) const { return clock_->frames(port); }

 private:
  struct Unit {
    bool shared = false;
    std::multiset<int> owners;
  };

  void answer(int owner, const Request& request, const Descriptor& file, Answer& answer);
  void load(const Descriptor& file, std::uint64_t size, Answer& answer);
  void open_unit(int owner, const Request& request);
  void close_unit(int owner, std::uint32_t index);
  void allocate(int owner, const Request& request, const Descriptor& file, Answer& answer);
  [[nodiscard]] std::uint32_t read_register(const Request& request);
  void write_register(const Request& request);
  ridley_model_answer access(const ridley_model_access& access);
  void watch(std::uint32_t address, std::uint32_t value);
  std::uint32_t cycle();
  static std::uint32_t write_memory(void* self, std::uint64_t address, const std::uint8_t* bytes,
                                    std::uint64_t strobe);

  std::unique_ptr<CardClock> clock_;
  DeviceMemory memory_;
  RingView ring_;
  bool injects_ = false;  // the ports take their frames from the host
  std::unique_ptr<Design> design_;
  std::string uuid_;
  std::uint32_t unit_count_ = 0;
  std::map<std::uint32_t, Unit> units_;
  std::uint32_t settling_cycles_ = 0;
  CardCounts counts_;
};

}  // namespace ridley::xrt_sim
