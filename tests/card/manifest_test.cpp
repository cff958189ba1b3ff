// SPDX-License-Identifier: Apache-2.0
#include "card/manifest.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "sample_bitstream.hpp"

namespace ridley::card {
namespace {

std::string fault(const std::string& text) {
  try {
    (void)read_manifest(text);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    return error.what();
  }
  return {};
}

std::string with(const std::string& was, const std::string& now) {
  std::string text = sample_manifest({});
  const std::size_t at = text.find(was);
  EXPECT_NE(at, std::string::npos) << was;
  return text.replace(at, was.size(), now);
}

TEST(Manifest, SaysWhatTheBuildWrote) {
  const Manifest manifest = read_manifest(sample_manifest({.version = 7}));
  EXPECT_EQ(manifest.name, "ridley-card");
  EXPECT_EQ(manifest.version, 7u);
  EXPECT_EQ(manifest.uuid, kSampleUuid);
  EXPECT_EQ(manifest.map_hash, registers::kMapHash);
  EXPECT_EQ(manifest.catalogue_hash, kCatalogueHash);
  EXPECT_EQ(manifest.rtl_commit, std::string(40, 'a'));
  EXPECT_EQ(manifest.tools, (Words{{"verilator", "5.006"}}));
  EXPECT_EQ(manifest.report, (Words{{"timing.slack_ns", "0.12"}, {"resources.lut", "1234"}}));
  EXPECT_EQ(manifest.golden.bytes, 14u);
}

TEST(Manifest, NamesWhatIsWrong) {
  for (const auto& [was, now, message] : {
           std::tuple{"-bitstream-1", "-bitstream-2", "format"},
           std::tuple{"\"name\"", "\"nam\"", "a field \"nam\""},
           std::tuple{"ridley-card", "../card", "name has to be"},
           std::tuple{"\"version\": 1", "\"version\": 0", "version has to be a number of 1 to"},
           std::tuple{"\"version\": 1", "\"version\": -1", "version has to be"},
           std::tuple{"\"version\": 1", "\"version\": 4294967296", "version has to be"},
           std::tuple{"\"version\": 1", "\"version\": 1.5", "version has to be"},
           std::tuple{"\"version\": 1,", "", "version is missing"},
           std::tuple{"10111213-", "10111213+", "uuid has to be"},
           std::tuple{"\"map_hash\": \"0x", "\"map_hash\": \"00", "map_hash has to be"},
           std::tuple{"aaaaaaaa", "aaaaaaa", "rtl_commit has to be"},
           std::tuple{"\"sha256\": \"", "\"sha256\": \"A", "sha256 has to be"},
           std::tuple{"\"bytes\"", "\"byte\"", "a field \"byte\""},
           std::tuple{"5.006", "5\\u001b", "does not print"},
           std::tuple{"\"tools\": {\"verilator\": \"5.006\"}", "\"tools\": []", "tools has to be"},
           std::tuple{"{\"format\"", "[\"format\"", "is no manifest"},
       }) {
    EXPECT_NE(fault(with(was, now)).find(message), std::string::npos) << fault(with(was, now));
  }
  EXPECT_NE(fault(""), "");
  EXPECT_NE(fault("[]"), "");
  EXPECT_NE(fault("{}").find("format is missing"), std::string::npos);
}

TEST(Manifest, CutAtAnyByteIsRefused) {
  const std::string text = sample_manifest({});
  // All but the last line's end.
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    EXPECT_NE(fault(text.substr(0, size)), "") << size;
  }
}

TEST(Manifest, ATableInATableWithoutEndIsRefused) {
  const std::string deep(500'000, '[');
  EXPECT_NE(fault(with("\"timing\": {", "\"deep\": " + deep)).find("without end"),
            std::string::npos);
  EXPECT_EQ(hash_text(0xAB), "0x00000000000000ab");
}

}  // namespace
}  // namespace ridley::card
