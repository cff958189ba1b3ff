// SPDX-License-Identifier: Apache-2.0
#include "card/card.hpp"

#include <fmt/format.h>

#include <bit>
#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "card/catalogue.hpp"
#include "card/registers.hpp"

namespace ridley::card {
namespace {

using base::Error;
using namespace registers;
using namespace std::chrono_literals;

// The table of instruments is cleared in 65,536 cycles, 0.4 ms of the slower clock; a simulated
// card on a busy machine takes its time.
constexpr auto kFilterPatience = 10s;
// What a bus gives for an address where nobody is.
constexpr std::uint64_t kNoAnswer = ~std::uint64_t{0};

}  // namespace

Card::Card(Bus& bus) : bus_{bus} {
  // In this order: what answers wrongly to the first is no card of ours.
  const std::uint64_t magic = read64(kMagicAt);
  if (magic == kNoAnswer)
    throw Error::with_exit(EX_UNAVAILABLE, "card: it does not answer, every bit reads as one");
  if (magic != kMagic) {
    throw Error::with_exit(EX_CONFIG, "card: it says ", fmt::format("{:#018x}", magic),
                           " where a Ridley card says RIDLEYC1: another design is loaded");
  }
  facts_.map_hash = read64(kMapHashAt);
  if (facts_.map_hash != kMapHash) {
    throw Error::with_exit(EX_CONFIG, "card: its registers are of map ",
                           fmt::format("{:016x}", facts_.map_hash), ", this program knows ",
                           fmt::format("{:016x}", kMapHash),
                           ": load a bitstream that was built from the same schema/registers.toml");
  }
  facts_.catalogue_hash = read64(kCatalogueHashAt);
  if (facts_.catalogue_hash != kCatalogueHash) {
    throw Error::with_exit(EX_CONFIG, "card: its decoder is of catalogue ",
                           fmt::format("{:016x}", facts_.catalogue_hash), ", this program knows ",
                           fmt::format("{:016x}", kCatalogueHash),
                           ": load a bitstream that was built from the same schema/messages and "
                           "schema/itch_events.toml");
  }
  facts_.rtl_commit = read64(kRtlCommitAt);
  facts_.clock_hz = bus_.read(kClockHzAt);
  facts_.stream_bits = bus_.read(kStreamBitsAt);
}

Card::~Card() {
  try {
    stop();
  } catch (const Error&) {  // it hangs or has gone: there is nothing left to stop
  }
}

void Card::start(const CardSettings& settings) {
  if (!std::has_single_bit(settings.ring_records) || settings.ring_records < kRingRecordsMin) {
    throw Error::with_exit(EX_CONFIG, "card: a ring of ", settings.ring_records,
                           " records; must be a power of two from ", kRingRecordsMin, " on");
  }
  bus_.write(kRunningAt, 0);
  const SharedMemory memory = bus_.share(settings.ring_records * kRecordBytes);
  ring_.emplace(memory.bytes);
  write64(kRingAddressAt, memory.card_address);
  bus_.write(kRingRecordsAt, settings.ring_records);
  bus_.write(kRingConsumedAt, 0);
  credit_returned_ = 0;
  for (std::uint32_t port = 0; port < kPorts; ++port) {
    bus_.write(kLineAddressAt + port * kLineAddressStride, settings.lines[port].address);
    bus_.write(kLinePortAt + port * kLinePortStride, settings.lines[port].port);
  }
  bus_.write(kEveryInstrumentAt, settings.every_instrument ? 1 : 0);
  bus_.write(kFollowSessionsAt, settings.follow_sessions ? 1 : 0);
  write64(kFirstSequenceAt, settings.first_sequence);
  wait_for_filter();
  bus_.write(kRunningAt, 1);
  running_ = true;
}

void Card::stop() {
  if (!running_) return;
  running_ = false;
  bus_.write(kRunningAt, 0);
}

void Card::select(std::uint16_t locate, bool wanted) {
  constexpr std::uint32_t kWantedBit = 1U << 31;
  bus_.write(kInstrumentSelectAt, locate | (wanted ? kWantedBit : 0));
}

void Card::return_credit() {
  const std::uint32_t consumed = ring_->consumed();
  if (consumed == credit_returned_) return;
  bus_.write(kRingConsumedAt, consumed);
  credit_returned_ = consumed;
}

std::uint32_t Card::alive() { return bus_.read(kAliveAt); }

// The low word keeps the high one for the next read; the high one puts both in force.
std::uint64_t Card::read64(std::uint32_t at) {
  const std::uint64_t low = bus_.read(at);
  return low | std::uint64_t{bus_.read(at + 4)} << 32;
}

void Card::write64(std::uint32_t at, std::uint64_t value) {
  bus_.write(at, static_cast<std::uint32_t>(value));
  bus_.write(at + 4, static_cast<std::uint32_t>(value >> 32));
}

void Card::wait_for_filter() {
  const auto until = std::chrono::steady_clock::now() + kFilterPatience;
  while (bus_.read(kFilterReadyAt) == 0) {
    if (std::chrono::steady_clock::now() > until)
      throw Error::with_exit(EX_IOERR, "card: its table of instruments is not cleared in time");
    std::this_thread::sleep_for(100us);
  }
}

}  // namespace ridley::card
