// SPDX-License-Identifier: Apache-2.0
// The trial as the command line makes it, against an appliance that is told what to say.
#include "control/remote_trial.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "control/control_socket.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

using namespace std::chrono_literals;

constexpr RemoteTrialPatience kShort{.answer = 5s, .step = 300ms, .silence = 100ms, .between = 1ms};

class RemoteTrialTest : public testing::Test {
 protected:
  // An appliance on a thread of its own.
  void start(bool with_card = true) {
    Operations operations;
    if (with_card) {
      operations.card_step = [this](const std::string& step, const std::string& digest) {
        const std::lock_guard lock{mutex_};
        return answer(step, digest);
      };
    }
    server_ = std::make_unique<ControlSocket>(path(), Permissions::Owner, std::move(operations));
    thread_ = std::thread{[this] {
      while (!ended_) server_->poll(5ms);
    }};
  }
  ~RemoteTrialTest() override {
    ended_ = true;
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "s"; }

  std::string answer(const std::string& step, const std::string& digest) {
    if (!step.empty()) {
      asked_.push_back(digest.empty() ? step : step + " " + digest);
      view_ = {.step = card_step(step), .running = true, .digest = digest, .answer = {}};
      looks_ = 0;
      return view_json(view_);
    }
    ++looks_;
    if (!hangs_) view_.running = false;
    if (view_.step == CardStep::Golden) view_.answer = golden_;
    if (view_.step == CardStep::Shadow && looks_ <= shadow_looks_) view_.answer.compared += 10;
    return view_json(view_);
  }

  test::ScratchFolder folder_{test::memory_folder()};
  std::mutex mutex_;
  CardTrialView view_;
  card::TrialAnswer golden_{.compared = 9, .differences = 0, .fault = {}, .first = {}};
  std::vector<std::string> asked_;
  int looks_ = 0;
  int shadow_looks_ = 1'000'000;
  bool hangs_ = false;
  std::unique_ptr<ControlSocket> server_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

int exit_code_of(const std::filesystem::path& socket) {
  try {
    const RemoteTrial trial{socket, kShort};
  } catch (const base::Error& error) {
    EXPECT_NE(std::string{error.what()}.find("nothing was changed"), std::string::npos);
    return error.exit_code();
  }
  return 0;
}

TEST_F(RemoteTrialTest, WithoutAnApplianceOrWithoutACardSaysThatNothingWasChanged) {
  EXPECT_EQ(exit_code_of(path()), EX_UNAVAILABLE);
  start(false);
  EXPECT_EQ(exit_code_of(path()), EX_UNAVAILABLE);
}

TEST_F(RemoteTrialTest, AsksForEveryStepAndWaitsForIt) {
  start();
  card::Bitstream bitstream;
  bitstream.digest = "d1";
  RemoteTrial trial{path(), kShort};
  EXPECT_EQ(trial.load(bitstream).fault, "");
  EXPECT_EQ(trial.run_golden(bitstream).compared, 9u);
  EXPECT_GE(trial.shadow(bitstream, 55).compared, 55u);
  EXPECT_EQ(trial.use(bitstream).fault, "");
  EXPECT_EQ(trial.restore(nullptr).fault, "");
  EXPECT_EQ(trial.restore(&bitstream).fault, "");
  EXPECT_EQ(asked_, (std::vector<std::string>{"load d1", "golden d1", "shadow d1", "use d1",
                                              "restore", "restore d1"}));
}

TEST_F(RemoteTrialTest, TellsWhatDiffersAndWhenTheFeedFallsSilent) {
  start();
  RemoteTrial trial{path(), kShort};
  golden_ = {.compared = 9, .differences = 3, .fault = {}, .first = "byte 5"};
  const card::TrialAnswer golden = trial.run_golden({});
  EXPECT_EQ(golden.differences, 3u);
  EXPECT_EQ(golden.first, "byte 5");
  shadow_looks_ = 4;
  EXPECT_EQ(trial.shadow({}, 1'000).compared, 40u);
}

TEST_F(RemoteTrialTest, DoesNotWaitForever) {
  start();
  RemoteTrial trial{path(), kShort};
  hangs_ = true;
  EXPECT_NE(trial.load({}).fault.find("does not end"), std::string::npos);
}

}  // namespace
}  // namespace ridley::control
