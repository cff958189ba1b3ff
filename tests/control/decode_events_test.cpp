// SPDX-License-Identifier: Apache-2.0
#include "control/decode_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include "base/error.hpp"
#include "control/itch_samples.hpp"
#include "feed/mold_packet.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

using feed::MoldPacket;
using ::testing::HasSubstr;

struct Outcome {
  int exit_code;
  std::string out;
  std::string messages;
};

Outcome run(const DecodeOptions& options) {
  std::ostringstream out;
  std::ostringstream messages;
  const int exit_code = decode(options, out, messages);
  return {exit_code, out.str(), messages.str()};
}

std::string refusal(const DecodeOptions& options) {
  try {
    (void)run(options);
    return "taken";
  } catch (const base::Error& error) {
    return std::to_string(error.exit_code()) + " " + error.what();
  }
}

}  // namespace

TEST(DecodeEvents, PrintsTheEventsOfADay) {
  const test::ScratchFolder folder;
  const std::string name = write_file(folder / "day.itch", itch_bytes(small_day()));
  const Outcome events = run({.file = name, .engine = "cpp"});
  EXPECT_EQ(events.exit_code, EX_OK);
  EXPECT_EQ(events.messages, "");
  EXPECT_EQ(std::count(events.out.begin(), events.out.end(), '\n'), 7);
  EXPECT_THAT(events.out, HasSubstr("\nevent kind=add_order side=buy locate=1 tracking_number=8224 "
                                    "exchange_ns=34200000000001 sequence=3 order_id=1 quantity=100 "
                                    "price_e4=1000000 symbol= attribution=\n"));
  const Outcome counts = run({.file = name, .json = true, .count = true, .engine = "cpp"});
  EXPECT_THAT(counts.out, HasSubstr(R"({"record":"event","kind":"add_order","count":5})"));
}

TEST(DecodeEvents, SaysWhatTheEventsDoNot) {
  const test::ScratchFolder folder;
  const std::string name =
      write_capture(folder / "odd.pcap",
                    {MoldPacket{.messages = {removal(1, 1), "?", "D"}}.bytes(), feed::Bytes(3)});
  const Outcome odd = run({.file = name, .engine = "cpp"});
  EXPECT_EQ(odd.exit_code, EX_DATAERR);
  EXPECT_EQ(odd.messages, name + ": 1 messages are of no known type\n" + name +
                              ": 1 of 2 packets are malformed\n" + name +
                              ": 1 messages are shorter than their type\n");
  const Outcome other = run({.file = name, .engine = "cpp", .line = "10.0.0.1:1"});
  EXPECT_EQ(other.exit_code, EX_OK);
  EXPECT_EQ(other.out, "");
  EXPECT_EQ(other.messages, name + ": 2 of 2 frames are not the line's: 2 other_address\n");
  const Outcome ours = run({.file = name, .engine = "cpp", .line = "233.54.12.111:26477"});
  EXPECT_EQ(ours.out, odd.out);
}

TEST(DecodeEvents, PrintsAllBeforeACutThenSaysWhereItIs) {
  const test::ScratchFolder folder;
  const std::string name =
      write_capture(folder / "cut.pcap", {MoldPacket{.messages = {removal(1, 1)}}.bytes(),
                                          MoldPacket{.messages = {removal(1, 2)}}.bytes()});
  std::filesystem::resize_file(name, std::filesystem::file_size(name) - 1);
  const Outcome cut = run({.file = name, .engine = "cpp"});
  EXPECT_EQ(cut.exit_code, EX_DATAERR);
  EXPECT_THAT(cut.out, HasSubstr("sequence=1 order_id=1\n"));
  EXPECT_THAT(cut.messages, HasSubstr("damaged at byte"));
}

TEST(DecodeEvents, RefusesOptionsThatContradictEachOther) {
  const test::ScratchFolder folder;
  const std::string day = write_file(folder / "day.itch", itch_bytes(small_day()));
  EXPECT_THAT(refusal({.file = day, .engine = "vhdl"}), HasSubstr("64 --engine"));
  EXPECT_THAT(refusal({.file = day, .engine = "cpp", .line = "here"}), HasSubstr("64 --line"));
  EXPECT_THAT(refusal({.file = day, .engine = "cpp", .bitstream = "card.xclbin"}),
              HasSubstr("64 --bitstream needs --engine rtl"));
  for (const DecodeOptions& options : {DecodeOptions{.file = day, .line = "10.0.0.1:1"},
                                       DecodeOptions{.file = day, .as_recorded = true},
                                       DecodeOptions{.file = day, .bitstream = "card.xclbin"}}) {
    EXPECT_THAT(refusal(options), HasSubstr("64 --line, --as-recorded and --bitstream"));
  }
  EXPECT_THAT(refusal({.file = (folder / "none").string(), .engine = "rtl"}), HasSubstr("66 "));
}

}  // namespace ridley::control
