// SPDX-License-Identifier: Apache-2.0
#include "control/card_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "base/error.hpp"
#include "card/golden_run.hpp"

namespace ridley::control {
namespace {

using base::Error;
using engine::CardFault;
using engine::CardState;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// The hot core changes the driver at its next turn.
constexpr auto kUsePatience = 5s;
constexpr auto kLook = 1ms;

std::string_view sentence(CardFault fault) {
  switch (fault) {
    case CardFault::Hung: return "the card hangs";
    case CardFault::LostRecords: return "the card lost records";
    case CardFault::Missing: return "one of both said an event that the other one left out";
    case CardFault::None:
    case CardFault::Different:
    case CardFault::Replaced: break;
  }
  return {};
}

}  // namespace

void CardTrial::begin(CardStep step, const std::string& digest) {
  if (busy()) {
    throw Error::with_exit(EX_TEMPFAIL, "the card is at work: ", name_of(view().step));
  }
  must_follow(step);
  if (worker_.joinable()) worker_.join();
  {
    const std::lock_guard lock{mutex_};
    asked_ = Clock::now();
    view_.step = step;
    view_.running = true;
    view_.answer = {};
    if (step == CardStep::Load || step == CardStep::Restore) view_.digest = digest;
    is_shadow_ = false;
  }
  worker_ = std::thread{[this, step, digest] { work(step, digest); }};
}

// Nothing is used that has not answered the golden vectors and been a shadow.
void CardTrial::must_follow(CardStep step) const {
  if (step == CardStep::Load || step == CardStep::Restore) return;
  const CardTrialView now = view();
  const bool follows = is_open() && static_cast<int>(now.step) + 1 == static_cast<int>(step);
  if (!follows) throw Error::with_exit(EX_DATAERR, "no trial is at a step before ", name_of(step));
  if (now.answer.differences > 0 || !now.answer.fault.empty())
    throw Error::with_exit(EX_DATAERR, name_of(now.step), " has failed; no step follows it");
}

CardTrialView CardTrial::ask() {
  {
    const std::lock_guard lock{mutex_};
    asked_ = Clock::now();
  }
  return view();
}

CardTrialView CardTrial::view() const {
  const std::lock_guard lock{mutex_};
  CardTrialView view = view_;
  if (is_shadow_ && view.answer.fault.empty()) view.answer = heard();
  return view;
}

bool CardTrial::busy() const {
  const std::lock_guard lock{mutex_};
  return view_.running;
}

bool CardTrial::is_open() const {
  const std::lock_guard lock{mutex_};
  return is_open_;
}

void CardTrial::look_after() {
  std::string before;
  {
    const std::lock_guard lock{mutex_};
    if (!is_open_ || view_.running || Clock::now() - asked_ < lease_) return;
    before = before_;
  }
  std::fprintf(stderr, "ridleyd: card: nobody goes on with the trial of %s: it is taken back\n",
               view().digest.c_str());
  begin(CardStep::Restore, before);
}

void CardTrial::finish() {
  ending_.store(true, std::memory_order_relaxed);
  if (worker_.joinable()) worker_.join();
}

void CardTrial::work(CardStep step, const std::string& digest) {
  card::TrialAnswer answer;
  try {
    answer = do_step(step, digest);
  } catch (const std::exception& error) {
    answer.fault = error.what();
  }
  if (!answer.fault.empty()) std::fprintf(stderr, "ridleyd: %s\n", answer.fault.c_str());
  const std::lock_guard lock{mutex_};
  view_.answer = std::move(answer);
  view_.running = false;
}

card::TrialAnswer CardTrial::do_step(CardStep step, const std::string& digest) {
  switch (step) {
    case CardStep::Load: load(digest); break;
    case CardStep::Golden:
      return card::run_golden(*bus_, *source_.golden, {.patience = 5s, .ending = &ending_});
    case CardStep::Shadow: shadow(); break;
    case CardStep::Use: return use();
    case CardStep::Restore: restore(digest); break;
  }
  return {};
}

void CardTrial::load(const std::string& digest) {
  source_ = slot_source(card_.state_folder, digest);
  {
    const std::lock_guard lock{mutex_};
    if (!is_open_) before_ = side_.digest();
    is_open_ = true;
  }
  bus_.reset();
  side_.withdraw();
  bus_ = side_.load(source_);
}

void CardTrial::shadow() {
  const std::uint64_t same = count("card.same");
  const std::uint64_t different = count("card.different");
  side_.start(std::move(bus_), source_, engine::kNeverDrives);
  const std::lock_guard lock{mutex_};
  same_before_ = same;
  different_before_ = different;
  is_shadow_ = true;
}

// A role of shadow stays one: then there is nothing to wait for.
card::TrialAnswer CardTrial::use() {
  const auto until = Clock::now() + kUsePatience;
  if (card_.role == CardRole::Use) side_.feed().allow(0);
  while (card_.role == CardRole::Use && side_.feed().state() == CardState::Shadow &&
         !ending_.load(std::memory_order_relaxed)) {
    if (Clock::now() > until)
      return {.compared = 0, .differences = 0, .fault = "the hot core does not take it"};
    std::this_thread::sleep_for(kLook);
  }
  card::TrialAnswer answer = heard();
  if (answer.fault.empty() && answer.differences == 0) {
    const std::lock_guard lock{mutex_};
    is_open_ = false;
  }
  return answer;
}

void CardTrial::restore(const std::string& digest) {
  const bool file = card_.bitstream != kActiveBitstream && card_.bitstream != kNoBitstream;
  bus_.reset();
  if (!digest.empty()) {
    source_ = slot_source(card_.state_folder, digest);
  } else {
    source_ = file ? CardSource{.xclbin = card_.bitstream} : CardSource{};
  }
  {
    const std::lock_guard lock{mutex_};
    is_open_ = false;
  }
  // What has run all the while needs no new start.
  if (side_.runs(source_)) return;
  side_.withdraw();
  if (source_.xclbin.empty()) return;
  side_.start(side_.load(source_), source_, equal_events_of(card_));
}

std::uint64_t CardTrial::count(const char* name) const {
  return static_cast<std::uint64_t>(reader_.number(name).value_or(0));
}

// Of the shadow so far.
card::TrialAnswer CardTrial::heard() const {
  const CardFault fault = side_.feed().fault();
  card::TrialAnswer answer;
  answer.compared = count("card.same") - same_before_;
  answer.differences = count("card.different") - different_before_;
  if (fault == CardFault::Different)
    answer.differences = std::max<std::uint64_t>(answer.differences, 1);
  answer.fault = sentence(fault);
  if (answer.differences > 0) answer.first = side_.difference();
  return answer;
}

}  // namespace ridley::control
