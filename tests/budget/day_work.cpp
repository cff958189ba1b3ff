// SPDX-License-Identifier: Apache-2.0
#include <sysexits.h>

#include "base/error.hpp"
#include "control/itch_day.hpp"
#include "control/itch_passes.hpp"
#include "work.hpp"

namespace ridley::budget {
namespace {

// As many are read and checked whatever the count.
constexpr std::uint64_t kMessagesRead = 1'500'000;

class Prefix {
 public:
  Prefix(const std::string& file, std::uint64_t messages)
      : day_{file, kMessagesRead}, in_memory_{day_.in_memory()} {
    if (messages > in_memory_.messages) {
      throw base::Error::with_exit(EX_DATAERR, file, ": ", messages, " messages wanted, there are ",
                                   in_memory_.messages);
    }
    in_memory_.messages = messages;
  }

  [[nodiscard]] const control::DayInMemory& operator*() const noexcept { return in_memory_; }

 private:
  control::ItchDay day_;
  control::DayInMemory in_memory_;
};

void require_whole(const feed::DecodeCounters& decoded) {
  if (decoded.unknown_types + decoded.truncated != 0) {
    throw base::Error::with_exit(EX_DATAERR, "budget: not every message was decoded");
  }
}

}  // namespace

void walk_day(std::uint64_t messages, const std::string& day) {
  keep(control::walk(*Prefix{day, messages}));
}

void decode_day(std::uint64_t messages, const std::string& day) {
  require_whole(control::decode(*Prefix{day, messages}));
}

void apply_day(std::uint64_t messages, const std::string& day) {
  book::Books books{book::Limits{}};
  require_whole(control::apply(*Prefix{day, messages}, books).decoded);
  const book::Counters& counters = books.counters();
  if (counters.unknown_orders + counters.inconsistencies + counters.out_of_memory != 0) {
    throw base::Error::with_exit(EX_DATAERR, "budget: not every order is in the books");
  }
}

}  // namespace ridley::budget
