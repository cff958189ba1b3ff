// SPDX-License-Identifier: Apache-2.0
// The block that answers for every register, against the header that the host
// was made from.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string_view>

#include "Vridley_registers.h"
#include "axi_lite.hpp"
#include "card/registers.hpp"
#include "clocked.hpp"

namespace ridley::card {
namespace {

constexpr std::uint32_t kClockHz = 322'265'625;  // as hw/tb/meson.build says
constexpr std::uint64_t kCatalogueHash = 0x0123'4567'89AB'CDEF;
constexpr std::uint64_t kRtlCommit = 0xFEDC'BA98'7654'3210;

struct RegistersBench : testing::Test {
  Clocked<Vridley_registers> block{"ridley_registers"};
  AxiLite<Vridley_registers> host{block};

  // A pause of up to three cycles before every step, here and there.
  void pause_at_random(std::uint32_t seed) {
    auto random = std::make_shared<std::mt19937>(seed);
    host.pause_by([random] { return static_cast<int>((*random)() % 8 < 4 ? 0 : (*random)() % 4); });
  }

  // Gives every input that tells of the card, and where it is read.
  void say_status(const auto& say) {
    namespace at = registers;
    say(block->rtl_commit_i, at::kRtlCommitAt);
    say(block->alive_i, at::kAliveAt);
    say(block->ring_produced_i, at::kRingProducedAt);
    say(block->time_ns_i, at::kTimeNsAt);
    say(block->filter_ready_i, at::kFilterReadyAt);
    say(block->frames_i, at::kFramesAt);
    say(block->bad_frames_i, at::kBadFramesAt);
    say(block->packets_dropped_i, at::kPacketsDroppedAt);
    say(block->port_0_causes_i, at::kPort0CausesAt);
    say(block->port_1_causes_i, at::kPort1CausesAt);
    say(block->packets_i, at::kPacketsAt);
    say(block->messages_i, at::kMessagesAt);
    say(block->duplicates_i, at::kDuplicatesAt);
    say(block->duplicate_messages_i, at::kDuplicateMessagesAt);
    say(block->overlaps_i, at::kOverlapsAt);
    say(block->gaps_i, at::kGapsAt);
    say(block->missing_messages_i, at::kMissingMessagesAt);
    say(block->heartbeats_i, at::kHeartbeatsAt);
    say(block->ends_of_session_i, at::kEndsOfSessionAt);
    say(block->session_changes_i, at::kSessionChangesAt);
    say(block->malformed_i, at::kMalformedAt);
    say(block->events_i, at::kEventsAt);
    say(block->unknown_types_i, at::kUnknownTypesAt);
    say(block->truncated_i, at::kTruncatedAt);
    say(block->events_filtered_i, at::kEventsFilteredAt);
    say(block->records_written_i, at::kRecordsWrittenAt);
    say(block->records_dropped_i, at::kRecordsDroppedAt);
    say(block->write_errors_i, at::kWriteErrorsAt);
  }

  std::uint64_t read(const RegisterDescription& one, std::uint32_t member) {
    const std::uint32_t at = one.at + member * one.stride;
    return one.bits == 64 ? host.read_64(at) : host.read(at).value;
  }
};

std::uint64_t mask_of(const RegisterDescription& one) {
  return one.bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << one.bits) - 1;
}

}  // namespace

TEST_F(RegistersBench, TellsWhatTheHostLooksAtFirst) {
  EXPECT_EQ(host.read_64(registers::kMagicAt), registers::kMagic);
  EXPECT_EQ(host.read_64(registers::kMapHashAt), registers::kMapHash);
  EXPECT_EQ(host.read_64(registers::kCatalogueHashAt), kCatalogueHash);
  block->rtl_commit_i = kRtlCommit;
  EXPECT_EQ(host.read_64(registers::kRtlCommitAt), kRtlCommit);
  EXPECT_EQ(host.read(registers::kClockHzAt).value, kClockHz);
}

TEST_F(RegistersBench, HasNothingWrittenAfterAReset) {
  for (const RegisterDescription& one : registers::kAll) {
    if (one.access != Access::Control) continue;
    for (std::uint32_t member = 0; member < one.count; ++member)
      EXPECT_EQ(read(one, member), 0u) << one.name;
  }
}

// With pauses before addresses, data and answers, in all combinations.
TEST_F(RegistersBench, GivesBackEverythingThatWasWritten) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  pause_at_random(seed);
  std::map<std::pair<std::string_view, std::uint32_t>, std::uint64_t> written;
  for (int round = 0; round < 50; ++round) {
    for (const RegisterDescription& one : registers::kAll) {
      if (one.access != Access::Control) continue;
      const auto member = static_cast<std::uint32_t>(random() % one.count);
      const std::uint32_t at = one.at + member * one.stride;
      const std::uint64_t value = random();
      if (one.bits == 64) {
        host.write_64(at, value);
      } else {
        EXPECT_TRUE(host.write(at, static_cast<std::uint32_t>(value))) << one.name;
      }
      written[{one.name, member}] = value & mask_of(one);
    }
    for (const RegisterDescription& one : registers::kAll) {
      for (std::uint32_t member = 0; member < one.count; ++member) {
        if (!written.contains({one.name, member})) continue;
        EXPECT_EQ(read(one, member), (written[{one.name, member}])) << one.name;
      }
    }
  }
  EXPECT_EQ(block->line_address_o,
            (written[{"line_address", 0}] | written[{"line_address", 1}] << 32));
  EXPECT_EQ(block->ring_address_o, (written[{"ring_address", 0}]));
}

TEST_F(RegistersBench, PutsBothWordsInForceAtOnce) {
  host.write_64(registers::kRingAddressAt, 0x1111'1111'2222'2222);
  host.write(registers::kRingAddressAt, 0x4444'4444);
  EXPECT_EQ(block->ring_address_o, 0x1111'1111'2222'2222u) << "the low word alone changes nothing";
  host.write(registers::kRingAddressAt + 4, 0x3333'3333);
  EXPECT_EQ(block->ring_address_o, 0x3333'3333'4444'4444u);
}

TEST_F(RegistersBench, ReadsBothWordsOfOneMoment) {
  block->time_ns_i = 0x0000'0001'FFFF'FFFF;
  const std::uint64_t low = host.read(registers::kTimeNsAt).value;
  block->time_ns_i = 0x0000'0002'0000'0000;
  const std::uint64_t high = host.read(registers::kTimeNsAt + 4).value;
  EXPECT_EQ(high << 32 | low, 0x0000'0001'FFFF'FFFFu);
  EXPECT_EQ(host.read_64(registers::kTimeNsAt), 0x0000'0002'0000'0000u);
}

TEST_F(RegistersBench, TellsTheStatusOfEveryMember) {
  // The first member is the lowest part of the vector.
  block->frames_i[0] = 11;
  block->frames_i[1] = 22;
  block->frames_i[2] = 33;
  block->frames_i[3] = 44;
  EXPECT_EQ(host.read_64(registers::kFramesAt), (std::uint64_t{22} << 32 | 11));
  EXPECT_EQ(host.read_64(registers::kFramesAt + registers::kFramesStride),
            (std::uint64_t{44} << 32 | 33));
}

// The instruments' command and the beats' one are read as 0; all of status is one of these.
TEST_F(RegistersBench, TellsWhateverTheCardSaysOfItself) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 20; ++round) {
    std::map<std::uint32_t, std::uint64_t> said;
    const auto say = [&](auto& port, std::uint32_t at) {
      const auto one = std::ranges::find(registers::kAll, at, &RegisterDescription::at);
      const std::size_t bytes = std::min<std::size_t>(sizeof port, 8);
      for (std::uint32_t member = 0; member < one->count; ++member) {
        const std::uint64_t value = random() & mask_of(*one);
        said[at + member * one->stride] = value;
        std::memcpy(reinterpret_cast<std::byte*>(&port) + member * bytes, &value, bytes);
      }
    };
    say_status(say);
    std::size_t compared = 0;
    for (const RegisterDescription& one : registers::kAll) {
      if (one.access != Access::Status) continue;
      for (std::uint32_t member = 0; member < one.count; ++member, ++compared) {
        ASSERT_TRUE(said.contains(one.at + member * one.stride)) << one.name;
        EXPECT_EQ(read(one, member), said[one.at + member * one.stride]) << one.name;
      }
    }
    EXPECT_EQ(compared, said.size());
  }
}

TEST_F(RegistersBench, GivesOneCommandForEveryWrite) {
  int commands = 0;
  const auto watch = [&] {
    if (block->instrument_select_valid_o) {
      ++commands;
      EXPECT_EQ(block->instrument_select_o, 0x8000'1234u);
    }
  };
  block->awvalid_i = block->wvalid_i = 1;
  block->awaddr_i = static_cast<std::uint16_t>(registers::kInstrumentSelectAt);
  block->wdata_i = 0x8000'1234;
  block->wstrb_i = 0xF;
  block->bready_i = 1;
  block.cycle();
  watch();
  block->awvalid_i = block->wvalid_i = 0;
  for (int i = 0; i < 10; ++i) {
    block.cycle();
    watch();
  }
  EXPECT_EQ(commands, 1);
  EXPECT_EQ(host.read(registers::kInstrumentSelectAt).value, 0u);
}

TEST_F(RegistersBench, RefusesWhatIsNoWholeWriteToARegisterThatCanBeWritten) {
  EXPECT_FALSE(host.write(registers::kMagicAt, 1)) << "a constant";
  EXPECT_FALSE(host.write(registers::kFramesAt, 1)) << "a status";
  EXPECT_FALSE(host.write(registers::kMapBytes - 4, 1)) << "nothing is there";
  EXPECT_FALSE(host.write(registers::kRunningAt, 1, 0x1)) << "a part of a word";
  EXPECT_EQ(block->running_o, 0);
  EXPECT_TRUE(host.write(registers::kRunningAt, 1));
  EXPECT_EQ(block->running_o, 1);
  EXPECT_FALSE(host.read(registers::kMapBytes - 4).good);
  EXPECT_TRUE(host.read(registers::kRunningAt).good);
}

TEST_F(RegistersBench, AnswersOneCycleAfterItWasAsked) {
  const std::uint64_t before = block.cycles();
  host.read(registers::kClockHzAt);
  EXPECT_EQ(block.cycles() - before, 2u) << "the address in one, the answer in the next";
  host.write(registers::kRunningAt, 1);
  EXPECT_EQ(block.cycles() - before, 4u);
}

}  // namespace ridley::card
