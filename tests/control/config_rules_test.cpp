// SPDX-License-Identifier: Apache-2.0
#include "control/config_rules.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "control/sample_config.hpp"

namespace ridley::control {
namespace {

using test::kSampleConfig;
using test::sample_with;

std::string problems_of(const std::string& text, const std::string& file_name = "r.toml") {
  return problems_text(check_config(text, file_name).problems, "r.toml");
}

TEST(ConfigRules, WantsRoomForALostHeartbeat) {
  EXPECT_EQ(problems_of(sample_with("firm =", "heartbeat_ms = 500\ndead_after_ms = 1000\nfirm =")),
            "");
  EXPECT_EQ(problems_of(sample_with("firm =", "heartbeat_ms = 500\ndead_after_ms = 999\nfirm =")),
            "r.toml:11:1: order.dead_after_ms: dead_after_ms (999) must be at least twice "
            "heartbeat_ms (500)");
}

// The sample with a delegated connection, and further lines of [order].
std::string delegated(const std::string& lines) {
  return sample_with("firm =", "transport = \"delegated\"\n" + lines + "firm =");
}

constexpr char kWire[] = "wire = \"net_af_packet0,iface=orders0\"\n";
constexpr char kAddress[] = "address = \"192.0.2.10/24\"\n";

TEST(ConfigRules, WantsAWireAndAnAddressForADelegatedConnection) {
  const std::string both = std::string{kWire} + kAddress;
  EXPECT_EQ(problems_of(delegated(both)), "");
  EXPECT_EQ(problems_of(delegated(both + "gateway = \"192.0.2.1\"\n")), "");
  EXPECT_EQ(problems_of(delegated(kAddress)),
            "r.toml:5:1: order.wire is missing: transport is \"delegated\"");
  EXPECT_EQ(problems_of(delegated(kWire)),
            "r.toml:5:1: order.address is missing: transport is \"delegated\"");
  EXPECT_EQ(problems_of(sample_with("firm =", both + "firm =")),
            "r.toml:10:1: order.wire is for transport = \"delegated\" only\n"
            "r.toml:11:1: order.address is for transport = \"delegated\" only");
}

TEST(ConfigRules, WantsAnAddressForTheHostOfADelegatedConnection) {
  std::string text = delegated(std::string{kWire} + kAddress);
  text.replace(text.find("192.0.2.20"), 10, "ouch.example");
  EXPECT_EQ(problems_of(text),
            "r.toml:6:1: order.host must be an IPv4 address where transport is \"delegated\"");
}

TEST(ConfigRules, RefusesAWireThatCannotCarryAnOrderConnection) {
  const auto with = [](const std::string& wire) {
    return problems_of(delegated("wire = \"" + wire + "\"\n" + kAddress));
  };
  EXPECT_EQ(with("net_vhost0,iface=/tmp/orders.sock"), "");
  EXPECT_EQ(with("0000:01:00.0"), "");
  EXPECT_EQ(with("net_virtio_user0,path=/tmp/orders.sock"),
            "r.toml:11:1: order.wire: a port of kind virtio_user carries no order connection");
  EXPECT_EQ(with("net_pcap0,rx_pcap=morning.pcap"),
            "r.toml:11:1: order.wire: a port of kind dpdk_pcap carries no order connection\n"
            "r.toml:11:1: order.wire is feed.port: the hot core polls that one");
  EXPECT_TRUE(with("eth0").starts_with("r.toml:11:1: order.wire: ")) << with("eth0");
}

TEST(ConfigRules, RefusesAPortThatTheNicRoomDoesNotKnow) {
  const std::string problems = problems_of(sample_with("net_pcap0,rx_pcap=morning.pcap", "eth0"));
  EXPECT_TRUE(problems.starts_with("r.toml:2:1: feed.port: ")) << problems;
  EXPECT_EQ(problems_of(sample_with("net_pcap0,rx_pcap=morning.pcap", "0000:01:00.0")), "");
}

TEST(ConfigRules, RefusesTheSameLineTwice) {
  EXPECT_EQ(problems_of(sample_with("port = 26477 }",
                                    "port = 26477 }, { group = \"233.54.12.111\", port = 26477 }")),
            "r.toml:3:1: feed.groups names 233.54.12.111 port 26477 twice");
  EXPECT_EQ(problems_of(sample_with("port = 26477 }",
                                    "port = 26477 }, { group = \"233.54.12.111\", port = 26478 }")),
            "");
}

TEST(ConfigRules, RefusesMoreSymbolsThanBooks) {
  EXPECT_EQ(problems_of(sample_with("[feed]", "[book]\ninstruments_max = 1\n[feed]")),
            "r.toml:16:1: strategy.symbols has 2 entries, more than book.instruments_max (1)");
}

TEST(ConfigRules, RefusesAnOrderLimitThatCouldNeverBind) {
  EXPECT_EQ(problems_of(sample_with("notional_usd = 250_000", "notional_usd = 5_000_000")), "");
  EXPECT_EQ(problems_of(sample_with("notional_usd = 250_000", "notional_usd = 5_000_001")),
            "r.toml:19:1: risk.max_order_notional_usd (5000001) exceeds max_gross_notional_usd "
            "(5000000), so it could never bind");
}

TEST(ConfigRules, RefusesALotThatNoOrderMayHave) {
  EXPECT_EQ(problems_of(std::string{kSampleConfig} + "round_lots_only = true\nlot = 1000\n"), "");
  EXPECT_EQ(problems_of(std::string{kSampleConfig} + "round_lots_only = true\nlot = 1001\n"),
            "r.toml:27:1: risk.lot: lot (1001) exceeds max_order_quantity (1000), so no order "
            "could pass");
}

TEST(ConfigRules, RefusesASymbolThatIsTradedAndRestricted) {
  EXPECT_EQ(problems_of(std::string{kSampleConfig} + "restricted = [\"XYZ\", \"MSFT\"]\n"),
            "r.toml:14:1: strategy.symbols names MSFT, which risk.restricted forbids");
}

TEST(ConfigRules, LetsAnInstrumentTightenTheFirmsLimitsOnly) {
  const std::string head = std::string{kSampleConfig} + "[[risk.instrument]]\nsymbol = \"AAPL\"\n";
  EXPECT_EQ(problems_of(head + "max_order_quantity = 1000\ncollar_basis_points = 900\n"), "");
  EXPECT_EQ(problems_of(head + "max_order_quantity = 1001\n"),
            "r.toml:28:22: risk.instrument[0].max_order_quantity (1001) is looser than the firm's "
            "(1000)");
  EXPECT_EQ(problems_of(head + "position_limit_long = 10001\n"),
            "r.toml:28:23: risk.instrument[0].position_limit_long (10001) is looser than the "
            "firm's (10000)");
}

TEST(ConfigRules, RefusesLimitsOfOneInstrumentTwice) {
  const std::string once = "[[risk.instrument]]\nsymbol = \"AAPL\"\n";
  EXPECT_EQ(problems_of(std::string{kSampleConfig} + once + once),
            "r.toml:29:10: risk.instrument[1].symbol: AAPL has limits already");
}

TEST(ConfigRules, RefusesASocketPathThatNoAddressHolds) {
  const std::string folder = "/" + std::string(kSocketPathMax - 1 - 12, 'x');
  const std::string longer = folder + "x";
  EXPECT_EQ(
      problems_of(sample_with("[feed]", "[appliance]\nrun_folder = \"" + folder + "\"\n[feed]")),
      "");
  EXPECT_EQ(
      problems_of(sample_with("[feed]", "[appliance]\nrun_folder = \"" + longer + "\"\n[feed]")),
      "r.toml:2:1: appliance.run_folder: the socket's path '" + longer +
          "/ridley.sock' is longer than 107 characters");
}

class PasswordFile : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ridley_password_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream{folder_ / "secret"} << text;
    ASSERT_EQ(::chmod((folder_ / "secret").c_str(), mode), 0);
  }
  CheckedConfig check(const std::string& text) {
    return check_config(text, (folder_ / "r.toml").string());
  }
  std::string problem() { return problems_text(check(with_file()).problems, "r.toml"); }
  static std::string with_file() {
    return sample_with("password = \"secret\"", "password_file = \"secret\"");
  }

  std::filesystem::path folder_;
};

TEST_F(PasswordFile, IsLookedForBesideTheConfiguration) {
  write("hush\nsecond line\n");
  const CheckedConfig checked = check(with_file());
  EXPECT_EQ(problems_text(checked.problems, "r.toml"), "");
  EXPECT_EQ(checked.config.order.password, "hush");
}

TEST_F(PasswordFile, MustExist) {
  EXPECT_EQ(problem(), "r.toml:9:1: order.password_file: " + (folder_ / "secret").string() +
                           ": No such file or directory");
}

TEST_F(PasswordFile, MustBeItsOwnersOnly) {
  write("hush\n", 0640);
  EXPECT_EQ(problem(), "r.toml:9:1: order.password_file: " + (folder_ / "secret").string() +
                           " is open to others, allow its owner only (chmod 600)");
}

TEST_F(PasswordFile, MustHoldAPasswordThatFits) {
  write("1234567890\n");
  EXPECT_EQ(problem(), "");
  write("12345678901\n");
  EXPECT_EQ(problem(), "r.toml:9:1: order.password_file: the first line of " +
                           (folder_ / "secret").string() + " must have 1 to 10 characters");
}

TEST_F(PasswordFile, AndPasswordExcludeEachOther) {
  write("hush\n");
  EXPECT_EQ(
      problems_text(check(sample_with("firm =", "password_file = \"secret\"\nfirm =")).problems,
                    "r.toml"),
      "r.toml:10:1: order.password_file and order.password exclude each other");
}

TEST(ConfigRules, WantsAPasswordInOneOfTwoPlaces) {
  EXPECT_EQ(problems_of(sample_with("password = \"secret\"\n", "")),
            "r.toml:5:1: order.password is missing: set it, or better password_file");
}

}  // namespace
}  // namespace ridley::control
