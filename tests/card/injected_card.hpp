// SPDX-License-Identifier: Apache-2.0
// A card for tests behind its bus: registers that keep what is written, frames that are injected,
// and a ring in shared memory with the records that the test wants.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "card/bus.hpp"
#include "card/catalogue.hpp"
#include "card/event_ring.hpp"
#include "card/golden.hpp"
#include "card/registers.hpp"

namespace ridley::card {

// A packet and two events.
inline GoldenVectors two_frames() {
  GoldenVectors vectors{.lines = {{{0xE936'0C6F, 26'477}, {0xE936'0C70, 26'478}}},
                        .follow_sessions = false,
                        .first_sequence = 7};
  for (unsigned i = 0; i < 2; ++i) {
    vectors.frames.push_back({.port = i,
                              .time_ns = 1'000 + i,
                              .broken = i == 1,
                              .bytes = std::vector<std::byte>(11 + i, std::byte{0xA5}),
                              .records_end = i + 2});
  }
  for (unsigned i = 0; i < 3; ++i) {
    GoldenRecord& record = vectors.records.emplace_back();
    record.form = i == 0 ? CardForm::Packet : CardForm::Event;
    record.port = i / 2;
    record.bytes.fill(static_cast<std::byte>(i + 1));
  }
  return vectors;
}

struct alignas(4096) InjectedPage {
  std::array<std::byte, 4096> bytes;
};

// Gathers the beats that are injected; writes the records it was told to when a frame is whole.
class InjectedCard : public Bus {
 public:
  explicit InjectedCard(GoldenVectors vectors) : answers{std::move(vectors)} {}

  std::uint32_t read(std::uint32_t at) override {
    using namespace registers;
    if (at == kAliveAt) return stands_still ? 1 : ++alive_;
    if (at == kMagicAt) return static_cast<std::uint32_t>(kMagic);
    if (at == kMagicAt + 4) return static_cast<std::uint32_t>(kMagic >> 32);
    if (at == kMapHashAt) return static_cast<std::uint32_t>(kMapHash);
    if (at == kMapHashAt + 4) return static_cast<std::uint32_t>(kMapHash >> 32);
    if (at == kCatalogueHashAt) return static_cast<std::uint32_t>(kCatalogueHash);
    if (at == kCatalogueHashAt + 4) return static_cast<std::uint32_t>(kCatalogueHash >> 32);
    if (at == kStreamBitsAt) return stream_bits;
    if (at == kFilterReadyAt) return 1;
    return values[at];
  }
  void write(std::uint32_t at, std::uint32_t value) override {
    using namespace registers;
    if (at == kRunningAt && value == 1) begin();
    values[at] = value;
    if (at == kInjectBeatAt) beat(value);
  }
  SharedMemory share(std::size_t bytes) override {
    memory_ = std::vector<InjectedPage>(bytes / sizeof(InjectedPage));
    return {.bytes = std::as_writable_bytes(std::span{memory_}), .card_address = 4096};
  }

  // The next record of the ring.
  void put(const GoldenRecord& record) {
    const std::size_t at = written_++ * kRecordBytes % (memory_.size() * sizeof(InjectedPage));
    std::byte* const bytes = std::as_writable_bytes(std::span{memory_}).subspan(at).data();
    std::memcpy(bytes, record.bytes.data(), record.bytes.size());
    CardMark mark;
    mark.number = static_cast<std::uint32_t>(written_);
    mark.form = record.form;
    mark.flags = static_cast<std::uint8_t>(record.port);
    // Release, and last: whoever sees the mark sees the record.
    std::atomic_ref{*reinterpret_cast<std::uint64_t*>(bytes + kMarkAt)}.store(
        std::bit_cast<std::uint64_t>(mark), std::memory_order_release);
  }

  GoldenVectors answers;
  std::map<std::uint32_t, std::uint32_t> values;
  std::vector<GoldenFrame> given;
  std::uint32_t stream_bits = 64;
  bool stands_still = false;

 private:
  // Of a run; its ring is empty.
  void begin() {
    frame_.clear();
    given.clear();
    answered_ = written_ = 0;
  }
  void beat(std::uint32_t command) {
    using namespace registers;
    EXPECT_EQ(values[kInjectAt], 1U);
    EXPECT_EQ(values[kRunningAt], 1U);
    const std::uint64_t word = values[kInjectDataAt] | std::uint64_t{values[kInjectDataAt + 4]}
                                                           << 32;
    for (unsigned i = 0; i < (command & 15U); ++i)
      frame_.push_back(static_cast<std::byte>(word >> (8 * i)));
    if ((command & 16U) == 0) return;
    given.push_back({.port = command >> 8,
                     .time_ns = values[kInjectTimeAt],
                     .broken = (command & 32U) != 0,
                     .bytes = std::move(frame_),
                     .records_end = 0});
    frame_.clear();
    if (given.size() > answers.frames.size()) return;
    const std::size_t end = answers.frames[given.size() - 1].records_end;
    for (; answered_ < end; ++answered_) put(answers.records[answered_]);
  }

  std::vector<std::byte> frame_;
  std::vector<InjectedPage> memory_;
  std::size_t answered_ = 0;  // records of the frames
  std::size_t written_ = 0;   // records of the ring
  std::uint32_t alive_ = 0;
};

}  // namespace ridley::card
