// SPDX-License-Identifier: Apache-2.0
// One end of an order connection over a DPDK port, for tests that need two processes.
//   delegated_peer DEVICE client ORDERS SEED LOSS   the product's end, on a wire that loses LOSS of
//   all frames both ways; ends when every order was answered
//   delegated_peer DEVICE exchange                  a kernel's TCP behind the wire; ends with stdin
// Prints "ready", and at the end what came: "orders N wrong N out of order N".
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "delegated_client.hpp"
#include "impaired_port.hpp"
#include "kernel_exchange.hpp"
#include "nic/dpdk_port.hpp"
#include "nic/dpdk_setup.hpp"

namespace {

using namespace ridley;
using namespace std::chrono_literals;

// Without an answer. How long all of them take is a matter of who else has the processor; a stall
// is one of the connection. A frame that is lost six times in a row takes 12 s.
constexpr auto kPatience = 20s;

// True once the parent has closed our standard input.
bool told_to_end() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&input, 1, 0) <= 0) return false;
  char ignored[64];
  return ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
}

// How long a number that should grow has stood still at most, once it had begun to.
class LongestPause {
 public:
  void look(std::uint64_t number) {
    const auto now = std::chrono::steady_clock::now();
    if (number_ != 0) longest_ = std::max(longest_, now - since_);
    if (std::exchange(number_, number) != number) since_ = now;
  }
  [[nodiscard]] auto now() const { return std::chrono::steady_clock::now() - since_; }
  [[nodiscard]] auto ms() const { return longest_ / 1ms; }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration longest_{};
  std::uint64_t number_ = 0;
};

int client(nic::DpdkPort& port, const std::vector<std::string>& words) {
  const auto orders = std::strtoull(words[0].c_str(), nullptr, 10);
  const double loss = std::strtod(words[2].c_str(), nullptr);
  order::test::ImpairedPort wire{port,
                                 {.seed = std::strtoull(words[1].c_str(), nullptr, 10),
                                  .lose_sent = loss,
                                  .lose_received = loss}};
  order::test::DelegatedClient client{wire, {.orders = orders, .mac = port.mac()}};
  LongestPause sending;
  LongestPause answering;
  while (client.answers() < orders && answering.now() < kPatience && !told_to_end()) {
    if (client.ready() && client.sent() < orders) sending.look(client.sent());
    answering.look(client.answers());
    std::this_thread::sleep_for(1ms);
  }
  client.stop();
  std::cout << client.summary() << "; longest pause of orders " << sending.ms()
            << " ms, of answers " << answering.ms() << " ms\nanswers " << client.answers()
            << " hot " << client.hot().packets_hot << std::endl;
  return client.answers() == orders ? 0 : 1;
}

int exchange(nic::DpdkPort& port) {
  order::test::KernelExchange exchange;
  order::test::TapPort tap{exchange.network()};
  std::array<nic::Frame, nic::kBurstFramesMax> burst;
  for (std::uint64_t round = 0; round % 64 != 0 || !told_to_end(); ++round) {
    const std::size_t from_wire = port.receive_burst(burst);
    for (std::size_t i = 0; i < from_wire; ++i) (void)tap.send(burst[i].span());
    const std::size_t from_kernel = tap.receive_burst(burst);
    for (std::size_t i = 0; i < from_kernel; ++i) (void)port.send(burst[i].span());
    if (from_wire + from_kernel == 0) std::this_thread::yield();
  }
  exchange.stop();
  const std::vector<std::uint64_t> numbers = exchange.numbers();
  std::size_t out_of_order = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) out_of_order += numbers[i] != i ? 1U : 0U;
  std::cout << "orders " << numbers.size() << " wrong " << exchange.wrong_count()
            << " out of order " << out_of_order << std::endl;
  return 0;
}

int run(const std::vector<std::string>& words) {
  const auto clock = base::TscClock::calibrate();
  const std::array<nic::PortRequest, 1> wire{{{.description = nic::describe_port(words[0])}}};
  nic::DpdkSetup setup{wire, clock, nic::Pages::Small};
  std::cout << "ready" << std::endl;
  if (words[1] == "exchange") return exchange(setup.port(0));
  if (words[1] == "client" && words.size() == 5)
    return client(setup.port(0), {words.begin() + 2, words.end()});
  return 2;
}

}  // namespace

int main(int count, char** words) {
  try {
    if (count < 3) return 2;
    return run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::cout << "error " << error.what() << std::endl;
    return 3;
  }
}
