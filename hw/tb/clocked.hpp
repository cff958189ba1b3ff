// SPDX-License-Identifier: Apache-2.0
// In: a Verilated block. Out: the block under a clock, after a reset. One thread.
#pragma once

#include <verilated.h>

#include <cstdint>
#ifdef RIDLEY_COVERAGE
#include "coverage.hpp"
#endif

namespace ridley::card {

template <typename Block>
class Clocked {
 public:
  explicit Clocked(const char* name) : block_{&context_, name} { reset(); }
#ifdef RIDLEY_COVERAGE
  ~Clocked() { write_coverage(context_, block_.modelName()); }
#endif

  Block* operator->() { return &block_; }
  Block& operator*() { return block_; }

  // A block that has no reset begins anew by itself.
  void reset() {
    if constexpr (requires(Block& any) { any.rst_i; }) {
      block_.rst_i = 1;
      cycle();
      cycle();
      block_.rst_i = 0;
    }
  }
  // What follows from the inputs, before the clock's edge.
  void settle() {
    block_.clk_i = 0;
    block_.eval();
  }
  void cycle() {
    settle();
    block_.clk_i = 1;
    block_.eval();
    ++cycles_;
  }

  [[nodiscard]] std::uint64_t cycles() const { return cycles_; }

 private:
  VerilatedContext context_;
  Block block_;
  std::uint64_t cycles_ = 0;
};

}  // namespace ridley::card
