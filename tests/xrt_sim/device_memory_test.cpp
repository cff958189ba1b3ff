// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/device_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace ridley::xrt_sim {
namespace {

constexpr int kOwner = 1;
constexpr std::uint64_t kAll = ~std::uint64_t{0};

Mapping host_memory(std::size_t bytes) {
  const Descriptor file{::memfd_create("test", MFD_CLOEXEC)};
  EXPECT_EQ(::ftruncate(file.number(), static_cast<off_t>(bytes)), 0);
  return Mapping{file.number(), bytes, PROT_READ | PROT_WRITE};
}

class Memory : public ::testing::Test {
 protected:
  std::uint32_t allocate(bool host_only, std::size_t bytes, int owner = kOwner) {
    return memory_.allocate(owner, host_only, host_memory(bytes));
  }
  std::uint64_t address(std::uint32_t handle) { return memory_.find(kOwner, handle)->address; }
  std::byte host(std::uint32_t handle, std::size_t at) {
    return memory_.find(kOwner, handle)->host.span()[at];
  }

  DeviceMemory memory_;
  std::array<std::byte, 64> beat_ = [] {
    std::array<std::byte, 64> bytes{};
    bytes.fill(std::byte{0x77});
    return bytes;
  }();
};

TEST_F(Memory, OfTheHostIsWrittenAtOnce) {
  const auto handle = allocate(true, 4096);
  EXPECT_EQ(memory_.write(address(handle) + 64, beat_.data(), kAll), kResponseGood);
  EXPECT_EQ(host(handle, 63), std::byte{0});
  for (std::size_t i = 64; i < 128; ++i) EXPECT_EQ(host(handle, i), std::byte{0x77});
  EXPECT_EQ(host(handle, 128), std::byte{0});
}

TEST_F(Memory, OfTheCardIsSeenAfterASync) {
  const auto handle = allocate(false, 4096);
  EXPECT_EQ(memory_.write(address(handle), beat_.data(), kAll), kResponseGood);
  EXPECT_EQ(host(handle, 0), std::byte{0});
  EXPECT_TRUE(memory_.sync_from_card(kOwner, handle, {0, 64}));
  EXPECT_EQ(host(handle, 63), std::byte{0x77});
  EXPECT_EQ(host(handle, 64), std::byte{0});
}

TEST_F(Memory, IsWrittenWhereTheStrobeSays) {
  const auto handle = allocate(true, 4096);
  EXPECT_EQ(memory_.write(address(handle), beat_.data(), 0x8000'0000'0000'0005), kResponseGood);
  for (std::size_t i = 0; i < 64; ++i) {
    const bool written = i == 0 || i == 2 || i == 63;
    EXPECT_EQ(host(handle, i), written ? std::byte{0x77} : std::byte{0}) << i;
  }
}

TEST_F(Memory, EndsWhereItsBuffersEnd) {
  const auto handle = allocate(true, 4096);
  const std::uint64_t at = address(handle);
  EXPECT_EQ(memory_.write(at + 4096 - 64, beat_.data(), kAll), kResponseGood);
  EXPECT_EQ(memory_.write(at + 4096 - 63, beat_.data(), kAll), kResponseNothingThere);
  EXPECT_EQ(memory_.write(at + 4096, beat_.data(), kAll), kResponseNothingThere);
  EXPECT_EQ(memory_.write(at - 1, beat_.data(), kAll), kResponseNothingThere);
  EXPECT_EQ(memory_.write(0, beat_.data(), kAll), kResponseNothingThere);
  EXPECT_TRUE(memory_.free(kOwner, handle));
  EXPECT_EQ(memory_.write(at, beat_.data(), kAll), kResponseNothingThere);
}

TEST_F(Memory, IsGivenOnceAndAgainWhenItIsFree) {
  const auto first = allocate(false, 5000);
  const auto second = allocate(false, 4096);
  EXPECT_EQ(address(first), kCardBase);
  EXPECT_EQ(address(second), kCardBase + 8192);
  EXPECT_TRUE(memory_.free(kOwner, first));
  EXPECT_FALSE(memory_.free(kOwner, first));
  EXPECT_EQ(address(allocate(false, 8192)), kCardBase);
  EXPECT_EQ(address(allocate(false, 1)), kCardBase + 12288);
}

TEST_F(Memory, BelongsToItsOwner) {
  const auto handle = allocate(false, 4096);
  constexpr int kOther = 2;
  EXPECT_EQ(memory_.find(kOther, handle), nullptr);
  EXPECT_FALSE(memory_.sync_to_card(kOther, handle, {0, 1}));
  EXPECT_FALSE(memory_.copy(kOther, {handle, 0}, {handle, 64}, 1));
  EXPECT_FALSE(memory_.free(kOther, handle));
  allocate(true, 4096, kOther);
  memory_.free_all_of(kOwner);
  EXPECT_EQ(memory_.buffer_count(), 1u);
}

TEST_F(Memory, IsNotSyncedBeyondItsEnd) {
  const auto handle = allocate(false, 4096);
  EXPECT_TRUE(memory_.sync_to_card(kOwner, handle, {4096, 0}));
  EXPECT_TRUE(memory_.sync_to_card(kOwner, handle, {0, 4096}));
  EXPECT_FALSE(memory_.sync_to_card(kOwner, handle, {0, 4097}));
  EXPECT_FALSE(memory_.sync_from_card(kOwner, handle, {4097, 0}));
  EXPECT_FALSE(memory_.sync_from_card(kOwner, handle, {kAll, 2}));
  EXPECT_FALSE(memory_.copy(kOwner, {handle, 4000}, {handle, 0}, 97));
}

TEST_F(Memory, HasAnEnd) {
  allocate(false, kCardBytes - 4096);
  EXPECT_THROW(allocate(false, 8192), base::Error);
  allocate(false, 4096);
  EXPECT_THROW(allocate(false, 1), base::Error);
}

}  // namespace
}  // namespace ridley::xrt_sim
