// SPDX-License-Identifier: Apache-2.0
// Also tests order/handover.hpp.
#include "order/hot_end.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "nic/memory_port.hpp"
#include "nic/segments.hpp"

namespace ridley::order {
namespace {

constexpr std::uint16_t kConnection = 3;

class HotEndTest : public testing::Test {
 protected:
  void give(std::uint32_t sequence, std::uint32_t packets, std::uint16_t generation = 1) {
    handover.set_permit(
        {.send_until = sequence + 1'000, .generation = generation, .limit = Fallback::Window});
    const auto head = nic::test::frame_of({});
    WireTask task;
    task.kind = WireTaskKind::Lease;
    task.connection = kConnection;
    task.generation = generation;
    task.sequence = sequence;
    task.packets = packets;
    std::copy_n(head.begin(), kSegmentHeadBytes, task.bytes.begin());
    ASSERT_TRUE(handover.tasks().push(task));
  }

  void write(const std::string& text, std::uint16_t connection = kConnection) {
    Outbound packet;
    packet.connection = connection;
    packet.length = static_cast<std::uint16_t>(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) packet.bytes[i] = static_cast<std::byte>(text[i]);
    ASSERT_TRUE(written.push(packet));
  }

  // The next on the session thread's side.
  Outbound departed() {
    Outbound packet;
    EXPECT_TRUE(handover.departed().pop(packet));
    return packet;
  }

  // Each frame on the wire: its sequence number and payload, or its length when it is no segment.
  std::vector<std::string> on_wire() {
    std::vector<std::string> seen;
    std::array<nic::Frame, nic::kBurstFramesMax> burst;
    const std::size_t count = link.right().receive_burst(burst);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<std::byte> bytes(burst[i].bytes, burst[i].bytes + burst[i].length);
      const auto segment = nic::TcpFrame::read(bytes);
      if (!segment) {
        seen.push_back(std::to_string(burst[i].length));
        continue;
      }
      EXPECT_TRUE(segment->is_intact());
      const auto payload = segment->payload();
      seen.push_back(std::to_string(segment->sequence()) + ":" +
                     std::string{reinterpret_cast<const char*>(payload.data()), payload.size()});
    }
    return seen;
  }

  [[nodiscard]] std::uint64_t fallbacks(Fallback why) const {
    return hot.counters().fallbacks[static_cast<std::size_t>(why)];
  }

  using Seen = std::vector<std::string>;

  nic::MemoryLink link{4};
  base::SpscRing<Outbound> written{8};
  Handover handover{4};
  HotEnd<nic::MemoryPort> hot{link.left(), written, handover};
};

TEST_F(HotEndTest, WithoutALeaseEveryPacketGoesToTheKernel) {
  write("one");
  hot.turn();
  EXPECT_EQ(departed().way, Way::Kernel);
  EXPECT_EQ(on_wire(), Seen{});
  EXPECT_EQ(fallbacks(Fallback::NotOpen), 1U);
}

TEST_F(HotEndTest, WithALeasePacketsGoOutOneBehindTheOther) {
  give(0xFFFF'FFFE, 0);
  handover.set_answer({.acknowledgement = 77, .window = 5});
  write("one");
  write("four");
  hot.turn();
  EXPECT_EQ(on_wire(), (Seen{"4294967294:one", "1:four"}));
  const Outbound first = departed();
  EXPECT_EQ(first.way, Way::Wire);
  EXPECT_EQ(first.sequence, 0xFFFF'FFFE);
  EXPECT_EQ(first.acknowledgement, 77U);
  EXPECT_EQ(first.window, 5);
  EXPECT_EQ(departed().sequence, 1U);
  EXPECT_EQ(hot.counters().packets_hot, 2U);
}

TEST_F(HotEndTest, ALeaseThatDoesNotKnowOfEveryPacketIsVoid) {
  write("early");
  hot.depart();
  give(10, 0);
  hot.turn();
  EXPECT_FALSE(hot.leased());
  EXPECT_EQ(hot.counters().leases_void, 1U);
  give(15, 1);
  hot.turn();
  EXPECT_TRUE(hot.leased());
}

TEST_F(HotEndTest, SendsUpToTheLimitAndNotAByteFurther) {
  give(0, 0);
  handover.set_permit({.send_until = 6, .generation = 1, .limit = Fallback::Unacknowledged});
  hot.turn();
  write("abc");
  write("def");
  hot.depart();
  EXPECT_EQ(on_wire(), (Seen{"0:abc", "3:def"}));
  write("g");
  hot.depart();
  EXPECT_EQ(on_wire(), Seen{});
  EXPECT_EQ(fallbacks(Fallback::Unacknowledged), 1U);
  EXPECT_FALSE(hot.leased()) << "what follows comes behind it";
}

TEST_F(HotEndTest, HavingGivenALeaseBackItSendsNothingBeforeTheNext) {
  give(0, 0);
  hot.turn();
  handover.set_permit({.send_until = 0, .generation = 1, .limit = Fallback::Window});
  write("abc");
  hot.depart();
  handover.set_permit({.send_until = 1'000, .generation = 1, .limit = Fallback::None});
  write("def");
  hot.depart();
  EXPECT_EQ(on_wire(), Seen{});
  EXPECT_EQ(fallbacks(Fallback::Window), 1U);
  EXPECT_EQ(fallbacks(Fallback::KernelBehind), 1U);
  give(6, 2, 2);
  hot.turn();
  write("ghi");
  hot.depart();
  EXPECT_EQ(on_wire(), Seen{"6:ghi"});
}

TEST_F(HotEndTest, ALeaseThatIsTakenBackEndsWithTheNextPacket) {
  give(0, 0);
  hot.turn();
  handover.set_permit({.send_until = 1'000, .generation = kNoLease, .limit = Fallback::Route});
  write("abc");
  hot.depart();
  EXPECT_EQ(departed().way, Way::Kernel);
  EXPECT_EQ(fallbacks(Fallback::Route), 1U);
}

TEST_F(HotEndTest, APacketOfAnotherConnectionIsNotSent) {
  give(0, 0);
  hot.turn();
  write("old", kConnection - 1);
  hot.depart();
  EXPECT_EQ(on_wire(), Seen{});
  EXPECT_EQ(departed().way, Way::Kernel);
}

TEST_F(HotEndTest, WhatThePortRefusesGoesToTheKernel) {
  give(0, 0);
  hot.turn();
  for (int i = 0; i < 4; ++i) {
    write("abc");
    hot.depart();
    EXPECT_EQ(departed().way, Way::Wire);
  }
  write("def");
  hot.depart();
  EXPECT_EQ(departed().way, Way::Kernel);
  EXPECT_EQ(fallbacks(Fallback::PortRefused), 1U);
}

TEST_F(HotEndTest, WaitsForRoomTowardsTheSessionThread) {
  for (int i = 0; i < 6; ++i) write("abc");
  hot.depart();
  EXPECT_EQ(handover.departed().size(), 4U);
  EXPECT_EQ(written.size(), 2U);
  for (int i = 0; i < 4; ++i) (void)departed();
  hot.turn();
  EXPECT_EQ(handover.departed().size(), 2U);
  EXPECT_EQ(written.size(), 0U);
}

TEST_F(HotEndTest, AHeartbeatGoesOutBehindThePacketsBeforeIt) {
  give(0, 0);
  hot.turn();
  WireTask task;
  task.kind = WireTaskKind::Heartbeat;
  task.connection = kConnection;
  ASSERT_TRUE(handover.tasks().push(task));
  write("abc");
  hot.turn();
  EXPECT_EQ(on_wire(), (Seen{"0:abc", "3:" + std::string{'\0', '\1', 'R'}}));
  (void)departed();
  EXPECT_EQ(departed().length, 3);
}

TEST_F(HotEndTest, AHeartbeatWithoutRoomIsTriedAgain) {
  for (int i = 0; i < 4; ++i) write("abc");
  hot.depart();
  WireTask task;
  task.kind = WireTaskKind::Heartbeat;
  ASSERT_TRUE(handover.tasks().push(task));
  hot.turn();
  EXPECT_EQ(handover.tasks().size(), 1U);
  (void)departed();
  hot.turn();
  EXPECT_EQ(handover.tasks().size(), 0U);
}

TEST_F(HotEndTest, SendsFramesOfTheKernelBeforeTheLeaseBehindThem) {
  WireTask task;
  task.length = 100;
  ASSERT_TRUE(handover.tasks().push(task));
  give(0, 0);
  write("abc");
  hot.turn();
  EXPECT_EQ(on_wire(), (Seen{"100", "0:abc"}));
}

TEST_F(HotEndTest, LeavesWithEverythingPassedOn) {
  write("abc");
  EXPECT_FALSE(handover.hot_ended());
  hot.leave();
  EXPECT_TRUE(handover.hot_ended());
  EXPECT_EQ(handover.departed().size(), 1U);
}

}  // namespace
}  // namespace ridley::order
