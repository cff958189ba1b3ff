// SPDX-License-Identifier: Apache-2.0
#include "control/hot_thread.hpp"

#include <array>
#include <cstdio>
#include <exception>
#include <utility>

#include "engine/pinning.hpp"

namespace ridley::control {

HotThread::HotThread(std::uint32_t core, std::function<void()> build)
    : thread_{[this, core, build = std::move(build)] { work(core, build); }} {}

HotThread::~HotThread() { join(); }

void HotThread::wait_until_built() { built_.get_future().get(); }

void HotThread::run(std::function<void()> loop) {
  told_ = true;
  loop_.set_value(std::move(loop));
}

void HotThread::join() {
  if (!told_) run({});
  if (thread_.joinable()) thread_.join();
}

void HotThread::work(std::uint32_t core, const std::function<void()>& build) {
  const std::array<std::uint32_t, 1> only{core};
  if (auto refused = engine::bind_this_thread(only)) {
    std::fprintf(stderr, "ridleyd: %s\n", refused->c_str());
  }
  try {
    build();
    engine::prefault_stack();
    built_.set_value();
  } catch (...) {
    built_.set_exception(std::current_exception());
  }
  if (const std::function<void()> loop = loop_.get_future().get()) loop();
}

}  // namespace ridley::control
