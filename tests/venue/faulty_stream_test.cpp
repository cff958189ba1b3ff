// SPDX-License-Identifier: Apache-2.0
#include "venue/faulty_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ridley::venue {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kSecond = 1'000'000'000;

class FaultyStreamTest : public testing::Test {
 protected:
  void give(std::size_t size, std::uint64_t ns) {
    Bytes bytes(size);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(given.size() + (&byte - &bytes[0]));
    given.insert(given.end(), bytes.begin(), bytes.end());
    stream.give(bytes, ns);
  }
  // One piece; how long it was.
  std::size_t take(std::uint64_t ns) {
    const auto bytes = stream.arrived(ns);
    const std::size_t size = bytes.size();
    taken.insert(taken.end(), bytes.begin(), bytes.end());
    stream.take(size);
    return size;
  }

  FaultyStream stream{3};
  Bytes given;
  Bytes taken;
};

TEST_F(FaultyStreamTest, PassesEverythingAtOnceWhenNothingIsWrong) {
  give(10, 5);
  give(20, 5);
  EXPECT_EQ(stream.next_ns(), 5u);
  EXPECT_EQ(take(5), 30u);
  EXPECT_EQ(taken, given);
  EXPECT_EQ(stream.waiting(), 0u);
  EXPECT_EQ(stream.next_ns(), FaultyStream::kNever);
}

TEST_F(FaultyStreamTest, MayBeTakenInParts) {
  give(10, 0);
  const auto bytes = stream.arrived(0);
  taken.assign(bytes.begin(), bytes.begin() + 4);
  stream.take(4);
  EXPECT_EQ(take(0), 6u);
  EXPECT_EQ(taken, given);
}

TEST_F(FaultyStreamTest, IsLateInOrder) {
  stream.set({.delay_ns = kMillisecond, .jitter_ns = kMillisecond}, 0);
  for (std::uint64_t i = 0; i < 100; ++i) give(1 + i, i * 10'000);
  EXPECT_EQ(take(kMillisecond - 1), 0u);
  for (std::uint64_t ns = 0; ns <= 4 * kMillisecond; ns += 1'000) (void)take(ns);
  EXPECT_EQ(taken, given);
}

TEST_F(FaultyStreamTest, ComesInPiecesThatEndAnywhere) {
  stream.set({.pieces = true}, 0);
  give(1'000, 0);
  std::size_t pieces = 0;
  while (take(0) > 0) ++pieces;
  EXPECT_GT(pieces, 3u);
  EXPECT_EQ(taken, given);
}

TEST_F(FaultyStreamTest, IsReadAtARateAndMakesTheWriterWait) {
  stream.set({.bytes_a_second = 1'000}, 0);
  give(10'000, 0);
  EXPECT_EQ(stream.room(), 0u);
  EXPECT_EQ(take(0), 0u);
  for (std::uint64_t ns = 0; ns <= kSecond; ns += kMillisecond) (void)take(ns);
  EXPECT_EQ(taken.size(), 1'000u);
  stream.set({}, kSecond);
  EXPECT_GT(stream.room(), 1'000'000u);
  (void)take(kSecond);
  EXPECT_EQ(taken, given);
}

TEST_F(FaultyStreamTest, SaysWhenTheSlowReaderReadsOn) {
  stream.set({.bytes_a_second = 10}, 0);
  give(3, 0);
  EXPECT_EQ(take(stream.next_ns() - 2), 0u);
  EXPECT_EQ(take(stream.next_ns()), 1u);
}

TEST_F(FaultyStreamTest, GoesSilentForEver) {
  give(10, 0);
  stream.silence();
  give(10, 0);
  EXPECT_EQ(take(kSecond), 0u);
  EXPECT_EQ(stream.room(), 0u);
  EXPECT_EQ(stream.waiting(), 0u);
  EXPECT_EQ(stream.next_ns(), FaultyStream::kNever);
}

TEST_F(FaultyStreamTest, ForgetsWhatWasTaken) {
  for (int i = 0; i < 1'000; ++i) {
    give(997, 0);
    if (i % 3 == 2) (void)take(0);
  }
  (void)take(0);
  EXPECT_EQ(taken, given);
}

}  // namespace
}  // namespace ridley::venue
