// SPDX-License-Identifier: Apache-2.0
// In: the bitstream of an xclbin: an ELF shared object with the functions of model.h. Out: the
// design under its clock, cycle by cycle. Cold; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "xrt_sim/model.h"

namespace ridley::xrt_sim {

class Design {
 public:
  // Throws base::Error with an errno as its exit code, and says what was wrong.
  Design(std::span<const std::byte> bitstream, const ridley_model_memory& memory);
  ~Design();
  Design(const Design&) = delete;
  Design& operator=(const Design&) = delete;

  [[nodiscard]] std::uint32_t stream_bytes() const { return model_->stream_bits / 8; }
  [[nodiscard]] std::uint32_t clock_hz() const { return model_->clock_hz; }

  // False: another one is under way.
  bool begin_access(const ridley_model_access& access) {
    return model_->begin_access(model_->self, &access) == 0;
  }
  [[nodiscard]] ridley_model_answer answer() const {
    ridley_model_answer answer{};
    model_->answer(model_->self, &answer);
    return answer;
  }
  void abandon_access() { model_->abandon_access(model_->self); }
  // Bits RIDLEY_MODEL_ANSWERED and RIDLEY_MODEL_WRITES.
  std::uint32_t cycle(const ridley_model_cycle& inputs) {
    return model_->cycle(model_->self, &inputs);
  }

 private:
  void* library_ = nullptr;
  const ridley_model* model_ = nullptr;
};

}  // namespace ridley::xrt_sim
