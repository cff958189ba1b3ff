// SPDX-License-Identifier: Apache-2.0
// In: the name of a piece of hot work, how many units of it to do, and a day of ITCH messages.
// Out: they are done; scripts/testing/budgets.py counts the instructions under valgrind.
#include <sysexits.h>

#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <string>

#include "work.hpp"

namespace ridley::budget {
namespace {

using Work = void (*)(std::uint64_t count, const std::string& day);

const std::map<std::string, Work>& works() {
  static const std::map<std::string, Work> works{
      {"walk", walk_day},           {"decode", decode_day},
      {"book", apply_day},          {"gate", check_orders},
      {"ouch", encode_orders},      {"histogram", record_hops},
      {"log", log_calls},           {"quiet_frame", run_quiet_frames},
      {"street_order", run_orders},
  };
  return works;
}

int run(const std::string& name, const std::string& count, const std::string& day) {
  const auto found = works().find(name);
  if (found == works().end()) {
    std::cerr << "budget: no work is called " << name << '\n';
    return EX_USAGE;
  }
  found->second(std::stoull(count), day);
  return EX_OK;
}

}  // namespace
}  // namespace ridley::budget

int main(int count, char** words) {
  if (count != 4) {
    std::cerr << "usage: budget_work NAME COUNT DAY\n";
    return EX_USAGE;
  }
  try {
    return ridley::budget::run(words[1], words[2], words[3]);
  } catch (const std::exception& error) {
    std::cerr << "budget: " << error.what() << '\n';
    return EX_SOFTWARE;
  }
}
