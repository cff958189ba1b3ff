// SPDX-License-Identifier: Apache-2.0
// Two processes on a software wire. Also tests nic/dpdk_attachment.cpp, nic/dpdk_port.hpp and
// nic/dpdk_stamp.cpp, which only exist together with DPDK, and DPDK starts once a process.
#include "nic/dpdk_setup.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "nic/peer_process.hpp"

namespace ridley::nic {
namespace {

namespace fs = std::filesystem;
using test::PeerProcess;

constexpr char kFrames[] = "20000";

class SoftwareWire : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ridley_wire_XXXXXX";
    folder_ = ::mkdtemp(name);
    fs::permissions(folder_, fs::perms::all);
    if (!fs::exists(test::wire_peer_path())) GTEST_SKIP() << "needs " << test::wire_peer_path();
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string socket() const { return folder_ + "/line"; }

  [[nodiscard]] std::vector<std::string> arguments(const std::string& device,
                                                   const std::string& mode,
                                                   const std::string& count = "0") const {
    std::vector<std::string> all = prefix_;
    all.insert(all.end(), {test::wire_peer_path(), device + socket(), pages_, mode, count});
    return all;
  }
  [[nodiscard]] std::vector<std::string> vhost(const std::string& mode,
                                               const std::string& count = "0") const {
    return arguments("net_vhost0,iface=", mode, count);
  }
  [[nodiscard]] std::vector<std::string> user(const std::string& mode,
                                              const std::string& count = "0") const {
    return arguments("net_virtio_user0,path=", mode, count);
  }

  void exchange_all() {
    PeerProcess venue{vhost("exchange", kFrames)};
    ASSERT_TRUE(venue.wait_for("ready " + pages_)) << venue.seen();
    PeerProcess appliance{user("exchange", kFrames)};
    EXPECT_TRUE(appliance.wait_for("sent ")) << appliance.seen();
    EXPECT_EQ(appliance.wait(), 0) << appliance.seen();
    EXPECT_TRUE(venue.wait_for("sent ")) << venue.seen();
    EXPECT_EQ(venue.wait(), 0) << venue.seen();
    EXPECT_FALSE(fs::exists(socket()));
  }

  std::string folder_;
  std::string pages_ = "small";
  std::vector<std::string> prefix_;
};

class SoftwareWireAsOrdinaryUser : public SoftwareWire {
 protected:
  void SetUp() override {
    SoftwareWire::SetUp();
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to become an ordinary user";
    prefix_ = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  }
};

constexpr std::size_t kEnoughBytes = std::size_t{16} << 20;

}  // namespace

TEST_F(SoftwareWire, LosesNothingOnSmallPages) { exchange_all(); }

TEST_F(SoftwareWire, LosesNothingOnHugePages) {
  if (!huge_pages_free(kEnoughBytes)) GTEST_SKIP() << "needs free huge pages";
  pages_ = "huge";
  exchange_all();
}

TEST_F(SoftwareWireAsOrdinaryUser, LosesNothingOnSmallPages) { exchange_all(); }

TEST_F(SoftwareWireAsOrdinaryUser, LosesNothingOnHugePages) {
  if (!huge_pages_free(kEnoughBytes)) GTEST_SKIP() << "needs free huge pages";
  pages_ = "huge";
  exchange_all();
}

TEST_F(SoftwareWire, WaitsForAPeerThatStartsLater) {
  PeerProcess appliance{user("exchange", kFrames)};
  ASSERT_TRUE(appliance.wait_for("ready")) << appliance.seen();
  PeerProcess venue{vhost("exchange", kFrames)};
  EXPECT_TRUE(appliance.wait_for("sent ")) << appliance.seen();
  EXPECT_EQ(appliance.wait(), 0);
  EXPECT_TRUE(venue.wait_for("sent ")) << venue.seen();
  EXPECT_EQ(venue.wait(), 0);
}

TEST_F(SoftwareWire, TheApplianceSurvivesTheVenuesDeathAndMeetsItsSuccessor) {
  PeerProcess appliance{user("echo")};
  for (int life = 0; life < 3; ++life) {
    PeerProcess venue{vhost("ping", "100000000")};
    ASSERT_TRUE(appliance.wait_for("link up")) << appliance.seen();
    venue.kill();
    ASSERT_TRUE(appliance.wait_for("link down")) << appliance.seen();
  }
  PeerProcess venue{vhost("ping", "100")};
  EXPECT_TRUE(venue.wait_for("round trips 100")) << venue.seen();
  EXPECT_EQ(venue.wait(), 0);
  appliance.close_input();
  EXPECT_EQ(appliance.wait(), 0) << appliance.seen();
}

TEST_F(SoftwareWire, TheVenueSurvivesTheAppliancesDeathAndMeetsItsSuccessor) {
  PeerProcess venue{vhost("echo")};
  ASSERT_TRUE(venue.wait_for("ready"));
  for (int life = 0; life < 3; ++life) {
    PeerProcess appliance{user("ping", "100000000")};
    ASSERT_TRUE(venue.wait_for("link up")) << venue.seen();
    appliance.kill();
    ASSERT_TRUE(venue.wait_for("link down")) << venue.seen();
  }
  PeerProcess appliance{user("ping", "100")};
  EXPECT_TRUE(appliance.wait_for("round trips 100")) << appliance.seen();
  EXPECT_EQ(appliance.wait(), 0);
  venue.close_input();
  EXPECT_EQ(venue.wait(), 0) << venue.seen();
}

TEST_F(SoftwareWire, APortWithoutItsPeerDoesNotDisturbItsNeighbour) {
  PeerProcess venue{
      arguments("net_vhost0,iface=" + folder_ + "/other;net_vhost1,iface=", "exchange", kFrames)};
  PeerProcess appliance{arguments(
      "net_virtio_user0,path=" + folder_ + "/absent;net_virtio_user1,path=", "exchange", kFrames)};
  EXPECT_TRUE(appliance.wait_for("sent ")) << appliance.seen();
  EXPECT_EQ(appliance.wait(), 0);
  EXPECT_TRUE(venue.wait_for("sent ")) << venue.seen();
  EXPECT_EQ(venue.wait(), 0);
  EXPECT_FALSE(fs::exists(folder_ + "/other"));
}

TEST_F(SoftwareWire, RefusesAndCountsWhatHasNoPeer) {
  for (const auto& command : {vhost("send", "5000"), user("send", "5000")}) {
    PeerProcess alone{command};
    EXPECT_TRUE(alone.wait_for("sent 0 refused 5000")) << alone.seen();
    EXPECT_EQ(alone.wait(), 0);
  }
}

TEST_F(SoftwareWire, LeavesNoFileBehindOnCtrlC) {
  PeerProcess venue{vhost("echo")};
  ASSERT_TRUE(venue.wait_for("ready")) << venue.seen();
  EXPECT_TRUE(fs::exists(socket()));
  const std::string own = "/var/run/dpdk/ridley_" + std::to_string(venue.id());
  venue.interrupt();
  EXPECT_EQ(venue.wait(), 0);
  EXPECT_FALSE(fs::exists(socket()));
  EXPECT_FALSE(fs::exists(own));
}

TEST_F(SoftwareWire, OneListenerOnlyHasTheSocket) {
  PeerProcess first{vhost("echo")};
  ASSERT_TRUE(first.wait_for("ready")) << first.seen();
  PeerProcess second{vhost("echo")};
  EXPECT_TRUE(second.wait_for("another process listens there")) << second.seen();
  EXPECT_EQ(second.wait(), 3);
  EXPECT_TRUE(fs::exists(socket()));
}

TEST_F(SoftwareWire, SaysWhatDpdkSaidAboutADeviceThatCannotBeOpened) {
  PeerProcess peer{{test::wire_peer_path(), "net_af_packet0,iface=absent0", "small", "echo"}};
  const auto line = peer.wait_for("error ");
  ASSERT_TRUE(line) << peer.seen();
  EXPECT_NE(line->find("net_af_packet0"), std::string::npos);
  EXPECT_EQ(peer.wait(), 3);
}

}  // namespace ridley::nic
