// SPDX-License-Identifier: Apache-2.0
// From the kernel to the wire, and the connection as a whole.
#include "order/exception_path.hpp"

#include <gtest/gtest.h>

#include "exception_fixture.hpp"

namespace ridley::order {
namespace {

using namespace test;

TEST_F(ExceptionPathTest, IsOpenBetweenTheHandshakeAndTheFirstEnd) {
  EXPECT_TRUE(path.is_open());
  EXPECT_TRUE(path.kernel_is_even());
  EXPECT_EQ(path.given(), kFirst);
  EXPECT_TRUE(from_kernel({.sequence = kFirst,
                           .acknowledgement = kPeerFirst,
                           .flags = tcp::kFin | tcp::kAcknowledge})
                  .passed);
  EXPECT_FALSE(path.is_open());
  EXPECT_EQ(path.allowance().limit, Fallback::NotOpen);
}

TEST_F(ExceptionPathTest, PassesWhatTheKernelAloneSends) {
  path.gave(5);
  EXPECT_FALSE(path.kernel_is_even());
  const Passed passed = from_kernel(kernel_copy(kFirst, "login"));
  EXPECT_TRUE(passed.passed);
  EXPECT_EQ(passed.payload, "login");
  EXPECT_TRUE(path.kernel_is_even());
}

TEST_F(ExceptionPathTest, DropsTheFirstCopyOfWhatIsOnTheWire) {
  hot(5);
  EXPECT_FALSE(from_kernel(kernel_copy(kFirst, "order")).passed);
  EXPECT_EQ(path.counters().copies_dropped, 1U);
  EXPECT_TRUE(path.kernel_is_even());
}

TEST_F(ExceptionPathTest, PassesEveryFurtherCopy) {
  hot(5);
  (void)from_kernel(kernel_copy(kFirst, "order"));
  const Passed passed = from_kernel(kernel_copy(kFirst, "order"));
  EXPECT_TRUE(passed.passed);
  EXPECT_EQ(passed.payload, "order");
  EXPECT_EQ(path.counters().retransmissions, 1U);
}

TEST_F(ExceptionPathTest, PassesARetransmissionThatGoesOnIntoNewBytesWhole) {
  hot(5);
  (void)from_kernel(kernel_copy(kFirst, "order"));
  hot(3);
  EXPECT_EQ(from_kernel(kernel_copy(kFirst, "ordernew")).payload, "ordernew");
}

TEST_F(ExceptionPathTest, CutsTheHotFrontOffAMergedSegment) {
  hot(3);
  path.gave(4);
  const Passed passed = from_kernel(kernel_copy(kFirst, "hotcold"));
  EXPECT_TRUE(passed.passed);
  EXPECT_EQ(passed.sequence, kFirst + 3);
  EXPECT_EQ(passed.payload, "cold");
}

TEST_F(ExceptionPathTest, DropsACopyOfSeveralHotPacketsAndOfAPartOfOne) {
  hot(3);
  now_ns += kStaleNs;  // so that it is a range of its own
  hot(4);
  EXPECT_FALSE(from_kernel(kernel_copy(kFirst, "onetw")).passed);
  EXPECT_FALSE(from_kernel(kernel_copy(kFirst + 5, "o.")).passed);
}

TEST_F(ExceptionPathTest, LetsAFirstCopyPassWhoseOriginalMayBeLost) {
  hot(5);
  now_ns += kStaleNs;
  EXPECT_FALSE(from_kernel(kernel_copy(kFirst, "or")).passed) << "not yet";
  now_ns += 1;
  EXPECT_EQ(from_kernel(kernel_copy(kFirst + 2, "der")).payload, "der");
  EXPECT_EQ(path.counters().copies_stale, 1U);
}

TEST_F(ExceptionPathTest, DropsAnOldCopyWhoseOriginalWasAcknowledged) {
  hot(5);
  now_ns += 2 * kStaleNs;
  (void)from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst + 5});
  EXPECT_FALSE(from_kernel(kernel_copy(kFirst, "order")).passed);
}

TEST_F(ExceptionPathTest, PassesAFinWithItsBytes) {
  hot(5);
  Segment fin = kernel_copy(kFirst, "order");
  fin.flags = tcp::kFin | tcp::kAcknowledge;
  EXPECT_EQ(from_kernel(fin).payload, "order");
}

TEST_F(ExceptionPathTest, MovesAPureAcknowledgementToWhatThePeerExpects) {
  hot(5);
  EXPECT_EQ(from_kernel({.sequence = kFirst, .acknowledgement = kPeerFirst + 9}).sequence,
            kFirst + 5);
  EXPECT_EQ(path.answer().acknowledgement, kPeerFirst + 9);
}

TEST_F(ExceptionPathTest, LeavesAProbeAsItIs) {
  hot(5);
  EXPECT_EQ(from_kernel({.sequence = kFirst - 1, .acknowledgement = kPeerFirst}).sequence,
            kFirst - 1);
}

TEST_F(ExceptionPathTest, MovesAResetToWhatThePeerExpects) {
  hot(5);
  const Passed passed = from_kernel({.sequence = kFirst, .flags = tcp::kReset});
  EXPECT_TRUE(passed.passed);
  EXPECT_EQ(passed.sequence, kFirst + 5);
  EXPECT_FALSE(path.is_open());
}

TEST_F(ExceptionPathTest, SavesTheAcknowledgementOfADroppedCopy) {
  hot(5);
  Segment copy = kernel_copy(kFirst, "order");
  copy.acknowledgement = kPeerFirst + 20;
  copy.flags = tcp::kAcknowledge | tcp::kPush;
  const Passed passed = from_kernel(copy);
  EXPECT_TRUE(passed.passed);
  EXPECT_EQ(passed.payload, "");
  EXPECT_EQ(passed.sequence, kFirst + 5);
  EXPECT_EQ(passed.acknowledgement, kPeerFirst + 20);
  EXPECT_EQ(passed.flags, tcp::kAcknowledge);
}

TEST_F(ExceptionPathTest, SavesNothingThatAHotSegmentHasSaid) {
  hot(5, kPeerFirst + 20);
  Segment copy = kernel_copy(kFirst, "order");
  copy.acknowledgement = kPeerFirst + 20;
  EXPECT_FALSE(from_kernel(copy).passed);
}

TEST_F(ExceptionPathTest, RefusesBytesThatAreNotTheStreamsNext) {
  Outbound packet;
  packet.length = 5;
  packet.sequence = kFirst + 1;
  EXPECT_FALSE(path.took(packet, 0, now_ns));
  EXPECT_TRUE(path.took(packet, 1, now_ns)) << "one byte waits before it";
  EXPECT_TRUE(path.is_ahead());
}

TEST_F(ExceptionPathTest, OptionsThatAHotSegmentWouldLackCloseIt) {
  (void)from_kernel({.sequence = kFirst,
                     .acknowledgement = kPeerFirst,
                     .options = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}});
  EXPECT_FALSE(path.is_open());
  (void)from_kernel(
      {.sequence = kFirst, .acknowledgement = kPeerFirst, .options = sack({5'100, 5'200})});
  EXPECT_TRUE(path.is_open()) << "a SACK passes by";
}

TEST_F(ExceptionPathTest, CountsChangesOfTheNextHop) {
  const std::uint32_t before = path.routes();
  (void)from_kernel({.sequence = kFirst, .acknowledgement = kPeerFirst});
  EXPECT_EQ(path.routes(), before);
  auto bytes = frame_of({.sequence = kFirst, .acknowledgement = kPeerFirst});
  bytes[5] = std::byte{0x77};
  auto frame = nic::TcpFrame::read(bytes);
  (void)path.from_kernel(*frame, now_ns);
  EXPECT_EQ(path.routes(), before + 1);
  EXPECT_EQ(path.head()[5], std::byte{0x77});
}

TEST_F(ExceptionPathTest, ANewConnectionBeginsAnew) {
  hot(5);
  (void)from_wire({.sequence = kPeerFirst, .flags = tcp::kReset});
  connect({});
  EXPECT_TRUE(path.is_open());
  EXPECT_TRUE(path.kernel_is_even());
  EXPECT_FALSE(path.is_ahead());
  (void)from_wire({.sequence = kPeerFirst + 1, .acknowledgement = kFirst, .window = 100});
  EXPECT_EQ(path.allowance().send_until, kFirst + 100) << "the peer did not offer to scale";
}

TEST_F(ExceptionPathTest, SaysTheSameAcrossTheEndOfTheNumbers) {
  ExceptionPath round{16'384};
  path = round;
  from_kernel({.sequence = 0xFFFF'FFFC, .flags = tcp::kSyn});
  from_wire({.sequence = kPeerFirst - 1,
             .acknowledgement = 0xFFFF'FFFD,
             .flags = tcp::kSyn | tcp::kAcknowledge,
             .window = 10'000});
  hot(5);
  const Passed heard = from_wire({.sequence = kPeerFirst, .acknowledgement = 2, .window = 7'000});
  EXPECT_EQ(heard.acknowledgement, 0xFFFF'FFFD);
  EXPECT_EQ(heard.window, 7'005U);
  EXPECT_FALSE(from_kernel(kernel_copy(0xFFFF'FFFD, "order")).passed);
  EXPECT_TRUE(path.kernel_is_even());
}

// Or the peer would not send again what we lack before its own timer ends.
TEST_F(ExceptionPathTest, ADroppedCopyStillSaysWhatHasComeBehindAHole) {
  hot(5);
  Segment copy = kernel_copy(kFirst, "order");
  copy.options = sack({kPeerFirst + 10, kPeerFirst + 20});
  const Passed said = from_kernel(copy);
  EXPECT_TRUE(said.passed);
  EXPECT_TRUE(said.payload.empty());
  EXPECT_EQ(said.sequence, kFirst + 5);
  EXPECT_EQ(said.blocks, (std::vector<std::uint32_t>{kPeerFirst + 10, kPeerFirst + 20}));
  EXPECT_EQ(path.counters().copies_dropped, 1U);
}

}  // namespace
}  // namespace ridley::order
