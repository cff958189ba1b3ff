// SPDX-License-Identifier: Apache-2.0
// In: the AXI4 write port of a Verilated block. Out: the memory behind it, which takes addresses,
// data and answers when it likes, each by itself; every write is checked as it comes. One thread.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <unordered_map>

#include "stream.hpp"

namespace ridley::card {

using Line64 = std::array<std::byte, 64>;

struct HostMemoryBehaviour {
  Pauses channels = Pauses::Never;  // when addresses and data are taken
  std::uint32_t answer_cycles_max = 0;
  std::uint32_t errors_in_64 = 0;
};

template <typename Block>
class HostMemory {
 public:
  HostMemory(Block& block, HostMemoryBehaviour behaviour, std::uint64_t seed)
      : block_{block},
        behaviour_{behaviour},
        addresses_end_{behaviour.channels, seed},
        data_end_{behaviour.channels, seed + 1},
        random_{seed + 2} {}

  // Takes nothing and answers nothing any more.
  void stall(bool stalled) { stalled_ = stalled; }

  // Before the clock's edge: what the memory offers in this cycle.
  void offer() {
    block_.m_axi_awready_i = !stalled_ && addresses_end_.active();
    block_.m_axi_wready_i = !stalled_ && data_end_.active();
    ++cycle_;
    const bool answers = !stalled_ && !answers_.empty() && answers_.front() <= cycle_;
    block_.m_axi_bvalid_i = answers;
    block_.m_axi_bresp_i = answers && random_() % 64 < behaviour_.errors_in_64 ? 2 : 0;
  }

  // Still before the edge: what is handed over in this cycle.
  void take() {
    ASSERT_EQ(block_.m_axi_bready_o, 1);
    ASSERT_NO_FATAL_FAILURE(check_that_offers_stand());
    if (block_.m_axi_awvalid_o && block_.m_axi_awready_i) {
      ASSERT_EQ(block_.m_axi_awlen_o, 0);
      ASSERT_EQ(block_.m_axi_awsize_o, 6);
      ASSERT_EQ(block_.m_axi_awburst_o, 1);
      addresses_.push_back(block_.m_axi_awaddr_o);
    }
    if (block_.m_axi_wvalid_o && block_.m_axi_wready_i) {
      ASSERT_EQ(block_.m_axi_wlast_o, 1);
      ASSERT_EQ(block_.m_axi_wstrb_o, ~std::uint64_t{0});
      std::memcpy(data_.emplace_back().data(), &block_.m_axi_wdata_o[0], sizeof(Line64));
    }
    if (block_.m_axi_bvalid_i) {
      errors_ += block_.m_axi_bresp_i != 0;
      answers_.pop_front();
      ++answered_;
    }
    if (addresses_.empty() || data_.empty()) return;
    lines_[addresses_.front()] = data_.front();
    addresses_.pop_front();
    data_.pop_front();
    ++written_;
    // Answers are in the order of the writes.
    const std::uint64_t at = cycle_ + 1 + random_() % (behaviour_.answer_cycles_max + 1);
    answers_.push_back(answers_.empty() ? at : std::max(at, answers_.back()));
  }

  [[nodiscard]] const Line64& line(std::uint64_t address) { return lines_[address]; }
  [[nodiscard]] std::size_t lines() const { return lines_.size(); }
  [[nodiscard]] std::uint64_t written() const { return written_; }
  [[nodiscard]] std::uint64_t answered() const { return answered_; }
  [[nodiscard]] std::uint64_t errors() const { return errors_; }

 private:
  // What was offered and not taken stands as it was.
  void check_that_offers_stand() {
    Line64 data;
    std::memcpy(data.data(), &block_.m_axi_wdata_o[0], sizeof data);
    ASSERT_TRUE(!address_stands_ || (block_.m_axi_awvalid_o && block_.m_axi_awaddr_o == address_));
    ASSERT_TRUE(!data_stand_ || (block_.m_axi_wvalid_o && data == offered_));
    address_stands_ = block_.m_axi_awvalid_o && !block_.m_axi_awready_i;
    data_stand_ = block_.m_axi_wvalid_o && !block_.m_axi_wready_i;
    address_ = block_.m_axi_awaddr_o;
    offered_ = data;
  }

  Block& block_;
  HostMemoryBehaviour behaviour_;
  End addresses_end_;
  End data_end_;
  std::mt19937_64 random_;
  bool stalled_ = false;
  std::uint64_t cycle_ = 0;
  std::deque<std::uint64_t> addresses_;
  std::deque<Line64> data_;
  std::deque<std::uint64_t> answers_;  // the cycle from which on each may come
  std::unordered_map<std::uint64_t, Line64> lines_;
  std::uint64_t written_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t errors_ = 0;
  bool address_stands_ = false;
  bool data_stand_ = false;
  std::uint64_t address_ = 0;
  Line64 offered_{};
};

}  // namespace ridley::card
