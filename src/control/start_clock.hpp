// SPDX-License-Identifier: Apache-2.0
// In: the steps of a start, as they are done. Out: how long after exec each was, and the moment
// from which the clock is calibrated. Cold; made first of all in main, used by the thread that
// starts.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/tsc_clock.hpp"

namespace ridley::control {

class StartClock {
 public:
  StartClock() noexcept;

  // Since exec. What was before main is known by the processor time that the process had used then:
  // the kernel's exec and the dynamic loader, which wait for nothing once the files are cached.
  [[nodiscard]] double milliseconds() const noexcept;

  void done(std::string_view step);

  // "0.81 ms configuration", a line a step.
  [[nodiscard]] std::string report() const;

  [[nodiscard]] const base::TscCalibration& calibration() const noexcept { return calibration_; }

 private:
  struct Step {
    std::string_view name;
    double milliseconds;
  };

  base::TscCalibration calibration_;
  std::chrono::nanoseconds before_main_;
  std::chrono::steady_clock::time_point main_;
  std::vector<Step> steps_;
};

}  // namespace ridley::control
