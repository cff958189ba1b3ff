// SPDX-License-Identifier: Apache-2.0
// In: the hot core, what it needs built, later the loop it runs. Out: both done by one thread on
// that core, so that the memory of the street is touched where it is used and while others prepare
// the rest. Cold; the loop is not ours.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <thread>

namespace ridley::control {

class HotThread {
 public:
  HotThread(std::uint32_t core, std::function<void()> build);
  // Waits for the loop, or lets the thread go when there was none.
  ~HotThread();
  HotThread(const HotThread&) = delete;
  HotThread& operator=(const HotThread&) = delete;

  // Waits until everything is built. Throws what build threw.
  void wait_until_built();

  // Once. The thread runs it to its end.
  void run(std::function<void()> loop);

  // Waits for the end of the loop.
  void join();

 private:
  void work(std::uint32_t core, const std::function<void()>& build);

  std::promise<void> built_;
  std::promise<std::function<void()>> loop_;
  bool told_ = false;
  std::thread thread_;
};

}  // namespace ridley::control
