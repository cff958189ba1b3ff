// SPDX-License-Identifier: Apache-2.0
// In: a bitstream of the simulated card, frames for its two ports. Out: the whole card, clocked, as
// a bus with memory that it writes its records to. A frame begins at the earliest a whole gap after
// the one before it at the same port, as on a wire. One thread.
#pragma once

#include <dlfcn.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "card/bus.hpp"
#include "card/card.hpp"
#include "ethernet_source.hpp"
#include "xrt_sim/model.h"

namespace ridley::card {

// What a frame was, once its last beat is through.
struct FrameThrough {
  unsigned port;
  std::vector<std::byte> bytes;
  std::uint64_t stamp_ns;
  bool bad;
};

class CardModel : public Bus {
 public:
  CardModel(const std::string& bitstream, Pauses pauses, std::uint64_t seed)
      : object_{::dlopen(bitstream.c_str(), RTLD_NOW | RTLD_LOCAL)}, random_{seed} {
    if (object_ == nullptr) throw std::runtime_error{::dlerror()};
    const auto create =
        reinterpret_cast<ridley_model_create_function>(::dlsym(object_, "ridley_model_create"));
    const ridley_model_memory memory{.owner = this, .write = write_memory};
    if (create != nullptr) model_ = create(&memory);
    if (model_ == nullptr) throw std::runtime_error{bitstream + " has no card"};
    for (unsigned port = 0; port < kPorts; ++port)
      ports_.push_back({EthernetSource{beat_bytes(), pauses, seed + 100 * port}, {}, 0, 0});
    // Until the table of instruments is clear.
    for (int i = 0; i < kClearCycles; ++i) idle();
  }
  ~CardModel() override { model_->destroy(model_->self); }
  CardModel(const CardModel&) = delete;
  CardModel& operator=(const CardModel&) = delete;

  std::uint32_t read(std::uint32_t at) override { return access({at, 0, 0}); }
  void write(std::uint32_t at, std::uint32_t value) override { (void)access({at, value, 1}); }
  SharedMemory share(std::size_t bytes) override {
    memory_ = std::vector<Page>((bytes + sizeof(Page) - 1) / sizeof(Page));
    memory_at_ = random_() & ~std::uint64_t{sizeof(Page) - 1};
    return {.bytes = std::as_writable_bytes(std::span{memory_}).first(bytes),
            .card_address = memory_at_};
  }

  void send(unsigned port, std::span<const std::byte> frame, bool bad = false) {
    ports_[port].source.send(frame, bad);
    ports_[port].frames.push_back({port, {frame.begin(), frame.end()}, 0, bad});
  }
  [[nodiscard]] std::size_t waiting(unsigned port) const { return ports_[port].frames.size(); }

  // One cycle; the frames whose last beat was in it are appended, port 0 first.
  void cycle(std::vector<FrameThrough>& through) {
    ridley_model_cycle inputs{};
    inputs.time_ns = time_ns_ += 6;
    for (Port& port : ports_) {
      if (port.gap > 0) {
        --port.gap;
        continue;
      }
      const EthernetBeat beat = port.source.next();
      inputs.beats[&port - ports_.data()] = {.data = beat.data,
                                             .keep = beat.keep,
                                             .valid = beat.valid,
                                             .last = beat.last,
                                             .bad = beat.bad};
      if (!beat.valid) continue;
      if (beat.first) port.stamp_ns = inputs.time_ns;
      if (!beat.last) continue;
      port.gap = kGapBytes / beat_bytes();
      through.push_back(std::move(port.frames.front()));
      through.back().stamp_ns = port.stamp_ns;
      port.frames.pop_front();
    }
    given_ |= model_->cycle(model_->self, &inputs);
    ++cycles_;
  }

  [[nodiscard]] std::uint64_t cycles() const { return cycles_; }
  [[nodiscard]] std::size_t beat_bytes() const { return model_->stream_bits / 8; }
  [[nodiscard]] std::uint64_t writes_outside() const { return outside_; }

 private:
  // Preamble, check sequence and the shortest pause between two frames.
  static constexpr std::size_t kGapBytes = 8 + 4 + 12;
  static constexpr int kAccessCyclesMax = 100;
  static constexpr int kClearCycles = 66'000;

  struct alignas(4096) Page {
    std::array<std::byte, 4096> bytes{};
  };
  struct Port {
    EthernetSource source;
    std::deque<FrameThrough> frames;
    std::uint64_t stamp_ns;
    std::size_t gap;
  };

  // Frames stand still meanwhile: what an access does to them is the daemon's to test.
  std::uint32_t access(const ridley_model_access& access) {
    given_ = 0;
    if (model_->begin_access(model_->self, &access) != 0) throw std::runtime_error{"busy"};
    for (int i = 0; i < kAccessCyclesMax && (given_ & RIDLEY_MODEL_ANSWERED) == 0; ++i) idle();
    ridley_model_answer answer{};
    model_->answer(model_->self, &answer);
    if ((given_ & RIDLEY_MODEL_ANSWERED) == 0 || answer.response != 0)
      throw std::runtime_error{"register " + std::to_string(access.address)};
    return answer.value;
  }

  void idle() {
    ridley_model_cycle inputs{};
    inputs.time_ns = time_ns_ += 6;
    given_ |= model_->cycle(model_->self, &inputs);
  }

  static std::uint32_t write_memory(void* owner, std::uint64_t address, const std::uint8_t* bytes,
                                    std::uint64_t strobe) {
    auto& self = *static_cast<CardModel*>(owner);
    const std::uint64_t at = address - self.memory_at_;
    const std::size_t there = self.memory_.size() * sizeof(Page);
    if (there < 64 || at % 64 != 0 || at > there - 64) {
      ++self.outside_;
      return 3;
    }
    auto* to = reinterpret_cast<std::byte*>(self.memory_.data()) + at;
    for (unsigned i = 0; i < 64; ++i)
      if ((strobe >> i & 1) != 0) to[i] = static_cast<std::byte>(bytes[i]);
    return 0;
  }

  void* object_;  // stays: another bench may have it open as well
  const ridley_model* model_ = nullptr;
  std::vector<Port> ports_;
  std::vector<Page> memory_;
  std::uint64_t memory_at_ = 0;  // anywhere: the card looks at none of its bits
  std::mt19937_64 random_;
  // Soon all bits of the time change, as they do once in centuries.
  std::uint64_t time_ns_ = (std::uint64_t{1} << 63) - 600'000;
  std::uint64_t cycles_ = 0;
  std::uint64_t outside_ = 0;
  std::uint32_t given_ = 0;
};

}  // namespace ridley::card
