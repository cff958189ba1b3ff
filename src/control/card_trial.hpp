// SPDX-License-Identifier: Apache-2.0
// In: the steps of a bitstream's trial, one after the other, as somebody at the control socket asks
// for them. Out: they are done on the card of this appliance, which goes on with the software's
// events; and how far they have come. The steps take seconds, so a thread does them. Cold.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "control/card_side.hpp"
#include "control/card_source.hpp"
#include "control/card_trial_view.hpp"
#include "control/config.hpp"
#include "telemetry/counter_reader.hpp"

namespace ridley::control {

// Whoever makes a trial asks several times a second how it goes. When nobody does, he has died.
inline constexpr std::chrono::seconds kTrialLease{10};

class CardTrial {
 public:
  CardTrial(CardSide& side, const CardConfig& card, const telemetry::CounterReader& reader,
            std::chrono::milliseconds lease = kTrialLease)
      : side_{side}, card_{card}, reader_{reader}, lease_{lease} {}
  ~CardTrial() { finish(); }
  CardTrial(const CardTrial&) = delete;
  CardTrial& operator=(const CardTrial&) = delete;

  // The control core. Throws base::Error: EX_TEMPFAIL when a step is under way, EX_DATAERR when the
  // step is not the one that follows, or the one before it found something. `digest` names the slot
  // that is loaded or brought back; bringing back none is what the configuration names.
  void begin(CardStep step, const std::string& digest);
  // Somebody asks.
  [[nodiscard]] CardTrialView ask();
  // The same, as nobody in particular.
  [[nodiscard]] CardTrialView view() const;
  [[nodiscard]] bool busy() const;
  // Something is loaded that may not be used yet.
  [[nodiscard]] bool is_open() const;
  // Often: takes a trial back whose maker has gone.
  void look_after();
  void finish();

 private:
  void must_follow(CardStep step) const;
  void work(CardStep step, const std::string& digest);
  [[nodiscard]] card::TrialAnswer do_step(CardStep step, const std::string& digest);
  void load(const std::string& digest);
  void shadow();
  [[nodiscard]] card::TrialAnswer use();
  void restore(const std::string& digest);
  [[nodiscard]] std::uint64_t count(const char* name) const;
  [[nodiscard]] card::TrialAnswer heard() const;

  CardSide& side_;
  const CardConfig card_;
  const telemetry::CounterReader& reader_;
  const std::chrono::milliseconds lease_;

  // The worker's.
  CardSource source_;
  std::unique_ptr<card::XrtBus> bus_;  // loaded, and not yet a shadow

  mutable std::mutex mutex_;
  CardTrialView view_;
  bool is_open_ = false;  // something was loaded that is not yet used
  bool is_shadow_ = false;
  std::string before_;  // digest of what ran when the trial began
  std::uint64_t same_before_ = 0;
  std::uint64_t different_before_ = 0;
  std::chrono::steady_clock::time_point asked_;

  std::atomic<bool> ending_{false};
  std::thread worker_;
};

}  // namespace ridley::control
