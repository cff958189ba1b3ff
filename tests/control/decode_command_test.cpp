// SPDX-License-Identifier: Apache-2.0
#include "control/decode_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "control/recorded_frames.hpp"
#include "nic/capture_file.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"

namespace ridley::control {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  int exit_code;
  std::string out;
  std::string messages;
};

Outcome run(DecodeOptions options) {
  std::ostringstream out;
  std::ostringstream messages;
  const int exit_code = decode(options, out, messages);
  return {exit_code, out.str(), messages.str()};
}

std::vector<nlohmann::json> objects(const std::string& text) {
  std::vector<nlohmann::json> found;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) found.push_back(nlohmann::json::parse(line));
  return found;
}

void write_file(const std::filesystem::path& path, const test::Bytes& bytes) {
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                              static_cast<std::streamsize>(bytes.size()));
}

test::Bytes itch_file(std::size_t count) {
  test::Bytes bytes;
  for (std::size_t index = 1; index <= count; ++index) {
    test::add(bytes, test::mold_packet(1, {test::delete_order(index)}));
    bytes.erase(bytes.end() - 41, bytes.end() - 21);  // the packet header
  }
  return bytes;
}

// Messages by type, as the command counts them.
std::map<std::string, std::uint64_t> counts(const std::filesystem::path& file) {
  const Outcome counted = run({.file = file.string(), .json = true, .count = true});
  EXPECT_EQ(counted.exit_code, EX_OK) << file << ": " << counted.messages;
  std::map<std::string, std::uint64_t> found;
  for (const auto& object : objects(counted.out)) {
    found[object["type"]] += object["messages"].get<std::uint64_t>();
    EXPECT_NE(object["message"], "unknown") << file;
  }
  return found;
}

}  // namespace

TEST(DecodeCommand, PrintsAnItchFile) {
  const test::ScratchFolder folder;
  write_file(folder / "a.itch", itch_file(3));
  const Outcome whole = run({.file = (folder / "a.itch").string(), .json = true});
  EXPECT_EQ(whole.exit_code, EX_OK);
  EXPECT_EQ(whole.messages, "");
  const auto found = objects(whole.out);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2]["seq"], 3);
  EXPECT_EQ(found[2]["order_reference_number"], 3);
}

TEST(DecodeCommand, PrintsAllBeforeTheCutThenSaysWhereItIs) {
  const test::ScratchFolder folder;
  test::Bytes bytes = itch_file(3);
  bytes.pop_back();
  write_file(folder / "cut.itch", bytes);
  const Outcome cut = run({.file = (folder / "cut.itch").string(), .json = true});
  EXPECT_EQ(cut.exit_code, EX_DATAERR);
  EXPECT_EQ(objects(cut.out).size(), 2u);
  EXPECT_THAT(cut.messages, HasSubstr("byte 42: message of 19 bytes is cut off after 18"));
}

TEST(DecodeCommand, GoesOnBehindAMessageThatIsTooShort) {
  const test::ScratchFolder folder;
  test::Bytes bytes = itch_file(3);
  bytes[21 + 1] = std::byte{18};
  bytes.erase(bytes.begin() + 41);
  write_file(folder / "short.itch", bytes);
  const Outcome odd = run({.file = (folder / "short.itch").string(), .json = true});
  EXPECT_EQ(odd.exit_code, EX_DATAERR);
  EXPECT_EQ(objects(odd.out).size(), 2u);
  EXPECT_THAT(odd.messages, HasSubstr("byte 21, message 2: type D with 18 bytes is too short"));
}

TEST(DecodeCommand, PrintsACaptureAndSaysWhereItIsCut) {
  const test::ScratchFolder folder;
  const std::string name = (folder / "a.pcap").string();
  const auto frame = test::udp_frame(test::mold_packet(9, {test::delete_order(5)}));
  {
    nic::CaptureWriter writer{name};
    writer.write(frame, 1);
    writer.write(frame, 2);
    writer.close();
  }
  const Outcome whole = run({.file = name, .json = true});
  EXPECT_EQ(whole.exit_code, EX_OK) << whole.messages;
  ASSERT_EQ(objects(whole.out).size(), 2u);
  EXPECT_EQ(objects(whole.out)[1]["seq"], 9);
  std::filesystem::resize_file(name, std::filesystem::file_size(name) - 1);
  const Outcome cut = run({.file = name, .json = true});
  EXPECT_EQ(cut.exit_code, EX_DATAERR);
  EXPECT_EQ(objects(cut.out).size(), 1u);
  EXPECT_THAT(cut.messages, HasSubstr("byte " + std::to_string(24 + 16 + frame.size())));
}

TEST(DecodeCommand, RefusesWhatIsNeither) {
  const test::ScratchFolder folder;
  write_file(folder / "text", test::Bytes(100, std::byte{'x'}));
  write_file(folder / "empty", {});
  for (const char* name : {"text", "empty"}) {
    try {
      (void)run({.file = (folder / name).string()});
      FAIL() << name;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_DATAERR);
      EXPECT_THAT(error.what(), HasSubstr("byte 0"));
    }
  }
}

TEST(DecodeCommand, TellsTwentyComplaintsAndCountsTheRest) {
  const test::ScratchFolder folder;
  const std::string name = (folder / "bad.pcap").string();
  {
    nic::CaptureWriter writer{name};
    for (std::uint64_t ns = 0; ns < 25; ++ns) writer.write(test::udp_frame({}), ns);
    writer.close();
  }
  const Outcome bad = run({.file = name});
  EXPECT_EQ(bad.exit_code, EX_DATAERR);
  EXPECT_EQ(std::count(bad.messages.begin(), bad.messages.end(), '\n'), 21);
  EXPECT_THAT(bad.messages, HasSubstr("5 more like these"));
}

TEST(DecodeCommand, DecodesEveryRecordedTotalViewCapture) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap/Nasdaq");
  std::uint64_t messages = 0;
  std::uint64_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{test::shared_data("exchange-pcap/Nasdaq")}) {
    const std::string folder = entry.path().parent_path().filename().string();
    if (!entry.is_regular_file() || folder.find("TotalView") == std::string::npos) continue;
    ++files;
    for (const auto& [type, count] : counts(entry.path())) messages += count;
  }
  EXPECT_EQ(files, 29u);
  EXPECT_GT(messages, 100u);
}

TEST(DecodeCommand, DecodesTheRecordedOrderSessions) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap/Nasdaq/Nasdaq.Nsm.Ouch.v5.0");
  const auto folder = test::shared_data("exchange-pcap/Nasdaq/Nasdaq.Nsm.Ouch.v5.0");
  const auto first = [&folder](const char* name) {
    const Outcome decoded = run({.file = (folder / name).string(), .json = true});
    EXPECT_EQ(decoded.exit_code, EX_OK) << decoded.messages;
    return objects(decoded.out).at(0);
  };
  const auto accepted = first("OrderAcceptedMessage.pcap");
  EXPECT_EQ(accepted["message"], "order_accepted");
  EXPECT_EQ(accepted["symbol"], "ADBE");
  EXPECT_EQ(accepted["price"], 4'777'800);
  EXPECT_EQ(accepted["appendage"]["firm"], "MLRO");
  const auto canceled = first("CancelOrderMessage.pcap");
  EXPECT_EQ(canceled["message"], "cancel_order");
  EXPECT_EQ(canceled["user_ref_num"], 7'679'601);
  EXPECT_EQ(first("ClientHeartbeatPacket.pcap")["message"], "client_heartbeat");
  EXPECT_EQ(first("ServerHeartbeatPacket.pcap")["message"], "server_heartbeat");
}

TEST(DecodeCommand, CountsTheRecordedFiles) {
  RIDLEY_NEEDS_SHARED_DATA("itch");
  EXPECT_EQ(counts(test::shared_data("itch/nasdaq-session-head-1000.itch")),
            (std::map<std::string, std::uint64_t>{{"S", 1}, {"R", 993}, {"H", 3}, {"Y", 3}}));
  EXPECT_EQ(counts(test::shared_data("itch/ex20101224.TEST_ITCH_50.gz")),
            (std::map<std::string, std::uint64_t>{{"S", 6},
                                                  {"R", 3},
                                                  {"H", 3},
                                                  {"A", 4997},
                                                  {"F", 3},
                                                  {"E", 198},
                                                  {"X", 45},
                                                  {"D", 1745},
                                                  {"U", 12},
                                                  {"P", 5000}}));
}

}  // namespace ridley::control
