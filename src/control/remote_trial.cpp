// SPDX-License-Identifier: Apache-2.0
#include "control/remote_trial.hpp"

#include <thread>
#include <utility>

#include "base/error.hpp"

namespace ridley::control {

using base::Error;
using Clock = std::chrono::steady_clock;

RemoteTrial::RemoteTrial(std::filesystem::path socket, RemoteTrialPatience patience)
    : socket_{std::move(socket)}, patience_{patience} {
  try {
    (void)tell("", "");
  } catch (const Error& error) {
    if (error.exit_code() != EX_UNAVAILABLE) throw;
    throw Error::with_exit(EX_UNAVAILABLE, error.what(),
                           ": a card is tried beside a running appliance; nothing was changed");
  }
}

card::TrialAnswer RemoteTrial::load(const card::Bitstream& bitstream) {
  return step(CardStep::Load, bitstream.digest);
}

card::TrialAnswer RemoteTrial::run_golden(const card::Bitstream& bitstream) {
  return step(CardStep::Golden, bitstream.digest);
}

card::TrialAnswer RemoteTrial::shadow(const card::Bitstream& bitstream, std::uint64_t messages) {
  card::TrialAnswer answer = step(CardStep::Shadow, bitstream.digest);
  auto until = Clock::now() + patience_.silence;
  while (answer.fault.empty() && answer.differences == 0 && answer.compared < messages &&
         Clock::now() < until) {
    std::this_thread::sleep_for(patience_.between);
    const std::uint64_t before = answer.compared;
    answer = tell("", "").answer;
    if (answer.compared != before) until = Clock::now() + patience_.silence;
  }
  return answer;
}

card::TrialAnswer RemoteTrial::use(const card::Bitstream& bitstream) {
  return step(CardStep::Use, bitstream.digest);
}

card::TrialAnswer RemoteTrial::restore(const card::Bitstream* before) {
  // One who died may have left a step under way.
  const auto until = Clock::now() + patience_.step;
  while (tell("", "").running && Clock::now() < until)
    std::this_thread::sleep_for(patience_.between);
  return step(CardStep::Restore, before != nullptr ? before->digest : std::string{});
}

CardTrialView RemoteTrial::tell(const std::string& step, const std::string& digest) const {
  Request request;
  request.verb = Verb::CardStep;
  request.step = step;
  request.object = digest;
  const Answer answer = ask(socket_, request, patience_.answer);
  if (!answer.ok) throw Error::with_exit(answer.exit_code, answer.error);
  return read_view(answer.result);
}

card::TrialAnswer RemoteTrial::step(CardStep wanted, const std::string& digest) const {
  CardTrialView view = tell(std::string{name_of(wanted)}, digest);
  const auto until = Clock::now() + patience_.step;
  while (view.running) {
    if (Clock::now() > until)
      return {.compared = 0, .differences = 0, .fault = "the appliance does not end this step"};
    std::this_thread::sleep_for(patience_.between);
    view = tell("", "");
  }
  if (view.step != wanted)
    return {.compared = 0, .differences = 0, .fault = "somebody else tries a bitstream as well"};
  return view.answer;
}

}  // namespace ridley::control
