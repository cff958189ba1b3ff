// SPDX-License-Identifier: Apache-2.0
// In: the socket of a running appliance. Out: its card, as whoever tries a bitstream sees it: the
// appliance does each step, this end asks how far it is. Cold.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "card/trial.hpp"
#include "control/card_trial_view.hpp"
#include "control/control_client.hpp"

namespace ridley::control {

struct RemoteTrialPatience {
  std::chrono::milliseconds answer{10'000};   // of the socket, once
  std::chrono::milliseconds step{600'000};    // a large bitstream on a slow card
  std::chrono::milliseconds silence{60'000};  // of the feed, in the shadow
  std::chrono::milliseconds between{50};      // two looks
};

class RemoteTrial : public card::Trial {
 public:
  // Throws base::Error (EX_UNAVAILABLE) when no appliance answers there or it has no card.
  explicit RemoteTrial(std::filesystem::path socket, RemoteTrialPatience patience = {});

  [[nodiscard]] card::TrialAnswer load(const card::Bitstream& bitstream) override;
  [[nodiscard]] card::TrialAnswer run_golden(const card::Bitstream& bitstream) override;
  // Ends with fewer messages than asked for when the feed falls silent.
  [[nodiscard]] card::TrialAnswer shadow(const card::Bitstream& bitstream,
                                         std::uint64_t messages) override;
  [[nodiscard]] card::TrialAnswer use(const card::Bitstream& bitstream) override;
  [[nodiscard]] card::TrialAnswer restore(const card::Bitstream* before) override;

 private:
  // An empty step only looks.
  [[nodiscard]] CardTrialView tell(const std::string& step, const std::string& digest) const;
  [[nodiscard]] card::TrialAnswer step(CardStep step, const std::string& digest) const;

  std::filesystem::path socket_;
  RemoteTrialPatience patience_;
};

}  // namespace ridley::control
