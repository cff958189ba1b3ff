// SPDX-License-Identifier: Apache-2.0
// From the wire to the kernel.
#include "order/exception_path.hpp"

#include <gtest/gtest.h>

#include "exception_fixture.hpp"

namespace ridley::order {
namespace {

using namespace test;

TEST_F(ExceptionPathTest, CutsAnAcknowledgementAtWhatTheKernelHasSent) {
  hot(80);
  const Passed heard =
      from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst + 80, .window = 100});
  EXPECT_EQ(heard.acknowledgement, kFirst);
  EXPECT_EQ(heard.acknowledgement + (heard.window << kShift), kFirst + 80 + (100U << kShift))
      << "the right edge stays";
}

TEST_F(ExceptionPathTest, AClosedWindowStaysOpenForWhatTheHotCoreHasSent) {
  hot(81);
  const Passed heard =
      from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst + 81, .window = 0});
  EXPECT_GE(heard.acknowledgement + (heard.window << kShift), kFirst + 81);
  EXPECT_LT(heard.acknowledgement + (heard.window << kShift), kFirst + 81 + (1U << kShift));
}

TEST_F(ExceptionPathTest, LeavesAnAcknowledgementOfWhatTheKernelHasSent) {
  hot(5);
  (void)from_kernel(kernel_copy(kFirst, "order"));
  const Passed heard =
      from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst + 5, .payload = "answer"});
  EXPECT_EQ(heard.acknowledgement, kFirst + 5);
  EXPECT_EQ(heard.payload, "answer");
  EXPECT_EQ(path.counters().acknowledgements_cut, 0U);
}

TEST_F(ExceptionPathTest, CutsBlocksAtWhatTheKernelHasSent) {
  hot(100);
  (void)from_kernel(kernel_copy(kFirst, std::string(50, 'x')));
  const auto heard = [&](const std::vector<std::uint32_t>& edges) {
    return from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst, .options = sack(edges)})
        .blocks;
  };
  using Blocks = std::vector<std::uint32_t>;
  EXPECT_EQ(heard({1'010, 1'020}), (Blocks{1'010, 1'020}));
  EXPECT_EQ(heard({1'010, 1'050}), (Blocks{1'010, 1'050}));
  EXPECT_EQ(heard({1'010, 1'051}), (Blocks{1'010, 1'050}));
  EXPECT_EQ(heard({1'050, 1'060}), Blocks{});
  EXPECT_EQ(heard({1'060, 1'070, 1'010, 1'020}), (Blocks{1'010, 1'020}));
  EXPECT_EQ(heard({1'040, 1'060, 1'010, 1'020}), (Blocks{1'040, 1'050, 1'010, 1'020}));
}

TEST_F(ExceptionPathTest, TheKernelHearsTheRestWhenItHasSentMore) {
  hot(5);
  hot(6);
  (void)from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst + 11, .payload = "abc"});
  EXPECT_FALSE(again()) << "nothing new";
  (void)from_kernel(kernel_copy(kFirst, "order"));
  const auto first = again();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->acknowledgement, kFirst + 5);
  EXPECT_EQ(first->sequence, kPeerFirst + 3) << "behind what it has received";
  EXPECT_EQ(first->payload, "");
  EXPECT_FALSE(again());
  (void)from_kernel(kernel_copy(kFirst + 5, "second"));
  EXPECT_EQ(again()->acknowledgement, kFirst + 11);
  EXPECT_FALSE(again());
}

TEST_F(ExceptionPathTest, TheKernelHearsTheRestOfBlocksToo) {
  hot(100);
  (void)from_wire(
      {.sequence = kPeerFirst, .acknowledgement = kFirst, .options = sack({1'050, 1'100})});
  (void)from_kernel(kernel_copy(kFirst, std::string(80, 'x')));
  const auto said = again();
  ASSERT_TRUE(said);
  EXPECT_EQ(said->blocks, (std::vector<std::uint32_t>{1'050, 1'080}));
}

TEST_F(ExceptionPathTest, ABrokenFrameIsNeitherBelievedNorMended) {
  hot(5);
  auto bytes = frame_of({.addresses = kOurs.turned(),
                         .sequence = kPeerFirst,
                         .acknowledgement = kFirst + 5,
                         .payload = "answer"});
  bytes.back() ^= std::byte{1};
  const auto before = bytes;
  auto frame = nic::TcpFrame::read(bytes);
  path.from_wire(*frame);
  EXPECT_EQ(bytes, before);
  EXPECT_EQ(path.counters().broken_frames, 1U);
}

TEST_F(ExceptionPathTest, AResetOutOfPlaceEndsNothing) {
  (void)from_wire({.sequence = kPeerFirst + 77, .flags = tcp::kReset});
  EXPECT_TRUE(path.is_open());
  (void)from_wire({.sequence = kPeerFirst, .flags = tcp::kReset});
  EXPECT_FALSE(path.is_open());
}

TEST_F(ExceptionPathTest, AnAcknowledgementOfWhatNobodySentIsNotBelieved) {
  const std::uint32_t until = path.allowance().send_until;
  const Passed heard = from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst + (2U << 20)});
  EXPECT_EQ(heard.acknowledgement, kFirst + (2U << 20)) << "the kernel refuses it";
  EXPECT_EQ(path.allowance().send_until, until);
}

TEST_F(ExceptionPathTest, OtherConnectionsPassUntouched) {
  hot(5);
  auto bytes = frame_of({.addresses = {1, 2, 3, 4}, .sequence = kFirst, .payload = "order"});
  const auto before = bytes;
  auto frame = nic::TcpFrame::read(bytes);
  EXPECT_TRUE(path.from_kernel(*frame, now_ns));
  path.from_wire(*frame);
  EXPECT_EQ(bytes, before);
}

TEST_F(ExceptionPathTest, AllowsTheLeastOfWindowLimitAndCongestion) {
  const auto allowed = [&] { return path.allowance(); };
  EXPECT_EQ(allowed().send_until, kFirst + 10'000) << "the window of a SYN is not scaled";
  EXPECT_EQ(allowed().limit, Fallback::Window);
  (void)from_wire({.sequence = kPeerFirst, .acknowledgement = kFirst, .window = 0xFFFF});
  EXPECT_EQ(allowed().send_until, kFirst + 14'600);
  EXPECT_EQ(allowed().limit, Fallback::Congestion);
  path.set_congestion({.window_bytes = 1U << 31, .segment_bytes = 1'460});
  EXPECT_EQ(allowed().send_until, kFirst + 16'384);
  EXPECT_EQ(allowed().limit, Fallback::Unacknowledged);
  path.set_congestion({.window_bytes = 1U << 31, .segment_bytes = 1'460, .recovering = true});
  EXPECT_EQ(allowed().send_until, kFirst);
  EXPECT_EQ(allowed().limit, Fallback::Congestion);
}

TEST_F(ExceptionPathTest, AnOldSegmentDoesNotShrinkTheWindow) {
  (void)from_wire({.sequence = kPeerFirst + 1, .acknowledgement = kFirst, .window = 500});
  const std::uint32_t until = path.allowance().send_until;
  EXPECT_EQ(until, kFirst + (500U << kShift));
  (void)from_wire({.sequence = kPeerFirst - 10, .acknowledgement = kFirst, .window = 1});
  (void)from_wire({.sequence = kPeerFirst + 1, .acknowledgement = kFirst, .window = 400});
  EXPECT_EQ(path.allowance().send_until, until);
  (void)from_wire({.sequence = kPeerFirst + 2, .acknowledgement = kFirst, .window = 100});
  EXPECT_EQ(path.allowance().send_until, kFirst + (100U << kShift)) << "a newer one does";
}

}  // namespace
}  // namespace ridley::order
