// SPDX-License-Identifier: Apache-2.0
// In: a Verilated block with an AXI4-Lite port. Out: reads and writes as a host makes them, with as
// many idle cycles before each address, datum and answer as are asked for. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>

#include "clocked.hpp"

namespace ridley::card {

struct Answer {
  std::uint32_t value;
  bool good;
};

template <typename Block>
class AxiLite {
 public:
  // So many cycles without an answer are a block that hangs.
  static constexpr int kCyclesMax = 100;

  explicit AxiLite(Clocked<Block>& clocked) : clocked_{clocked}, block_{*clocked} { reset(); }

  // How many idle cycles, asked for before every step; none by default.
  void pause_by(std::function<int()> cycles) { pause_ = std::move(cycles); }

  // Whether the block took it.
  bool write(std::uint32_t at, std::uint32_t value, std::uint8_t bytes = 0xF) {
    // The two channels come in whichever order the pauses make.
    const int address_pause = pause();
    const int data_pause = pause();
    bool taken = false;
    for (int i = 0; !taken; ++i) {
      block_.awvalid_i = i >= address_pause;
      drive(block_.awaddr_i, at);
      block_.wvalid_i = i >= data_pause;
      block_.wdata_i = value;
      block_.wstrb_i = bytes;
      taken = next([&] { return block_.awready_o && block_.wready_o; }, i);
    }
    block_.awvalid_i = block_.wvalid_i = 0;
    wait(pause());
    block_.bready_i = 1;
    std::uint8_t response = 0;
    for (int i = 0;; ++i) {
      if (next([&] { return response = block_.bresp_o, block_.bvalid_o; }, i)) break;
    }
    block_.bready_i = 0;
    return response == 0;
  }

  Answer read(std::uint32_t at) {
    wait(pause());
    block_.arvalid_i = 1;
    drive(block_.araddr_i, at);
    for (int i = 0; !next([&] { return block_.arready_o; }, i); ++i) {
    }
    block_.arvalid_i = 0;
    wait(pause());
    block_.rready_i = 1;
    Answer answer{};
    for (int i = 0;; ++i) {
      if (next(
              [&] {
                answer = {block_.rdata_o, block_.rresp_o == 0};
                return block_.rvalid_o;
              },
              i))
        break;
    }
    block_.rready_i = 0;
    return answer;
  }

  void write_64(std::uint32_t at, std::uint64_t value) {
    write(at, static_cast<std::uint32_t>(value));
    write(at + 4, static_cast<std::uint32_t>(value >> 32));
  }
  std::uint64_t read_64(std::uint32_t at) {
    const std::uint64_t low = read(at).value;
    return low | std::uint64_t{read(at + 4).value} << 32;
  }

 private:
  void reset() {
    block_.awvalid_i = block_.wvalid_i = block_.arvalid_i = 0;
    block_.bready_i = block_.rready_i = 0;
    clocked_.reset();
  }
  // Verilator gives a port the smallest type that holds its bits.
  template <typename Port>
  static void drive(Port& port, std::uint32_t value) {
    port = static_cast<Port>(value);
  }
  int pause() { return pause_ ? pause_() : 0; }
  void wait(int cycles) {
    for (int i = 0; i < cycles; ++i) clocked_.cycle();
  }
  // What the block says before the clock's edge, then the edge.
  template <typename Condition>
  bool next(Condition&& condition, int cycles_waited) {
    if (cycles_waited > kCyclesMax) throw std::runtime_error{"the block does not answer"};
    clocked_.settle();
    const bool holds = condition();
    clocked_.cycle();
    return holds;
  }

  Clocked<Block>& clocked_;
  Block& block_;
  std::function<int()> pause_;
};

}  // namespace ridley::card
