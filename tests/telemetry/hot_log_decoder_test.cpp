// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hot_log_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "log_samples.hpp"

namespace ridley::telemetry {
namespace {

TEST(HotLogDecoder, ReadsPiecesOfAnySize) {
  const std::string file = sample_file();
  for (const std::size_t piece : {1, 2, 7, 64, 300}) {
    const Decoded whole = decoded(file, piece);
    EXPECT_EQ(whole.texts, kEachText) << piece;
    EXPECT_EQ(whole.last, HotLogDecoder::Step::End) << piece;
  }
}

TEST(HotLogDecoder, ReadsWhatStandsBeforeEveryCut) {
  const std::string file = sample_file();
  std::size_t most = 0;
  for (std::size_t size = 0; size < file.size(); ++size) {
    const Decoded cut = decoded(std::string_view{file}.substr(0, size));
    EXPECT_EQ(cut.last, HotLogDecoder::Step::More) << size;
    EXPECT_TRUE(cut.damage.starts_with("byte " + std::to_string(size) + ":")) << cut.damage;
    ASSERT_GE(cut.texts.size(), most) << size;
    most = cut.texts.size();
    EXPECT_TRUE(std::equal(cut.texts.begin(), cut.texts.end(), kEachText.begin())) << size;
  }
  EXPECT_EQ(most, kEachText.size());
}

TEST(HotLogDecoder, SeesEveryBrokenByte) {
  const std::string file = sample_file();
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string broken = file;
    broken[at] = static_cast<char>(broken[at] ^ 0x20);
    const Decoded seen = decoded(broken);
    EXPECT_NE(seen.last, HotLogDecoder::Step::End) << at;
    EXPECT_LT(seen.texts.size(), kEachText.size() + (at >= file.size() - 16 ? 1 : 0)) << at;
    EXPECT_TRUE(std::equal(seen.texts.begin(), seen.texts.end(), kEachText.begin())) << at;
  }
}

TEST(HotLogDecoder, NamesAWrongMagicAndAWrongVersion) {
  std::string file = sample_file();
  file[0] = 'X';
  EXPECT_EQ(decoded(file).damage, "byte 0: not a log of Ridley");
  file[0] = 'R';
  file[8] = 9;
  EXPECT_EQ(decoded(file).damage, "byte 0: version 9; this program reads 1");
}

TEST(HotLogDecoder, NothingMayFollowTheEnd) {
  const std::string file = sample_file();
  const Decoded more = decoded(file + "x");
  EXPECT_EQ(more.texts, kEachText);
  EXPECT_EQ(more.damage, "byte " + std::to_string(file.size()) + ": bytes behind the end mark");
}

TEST(HotLogDecoder, TellsTheFormatsOfTheFile) {
  const std::string file = sample_file();
  HotLogDecoder decoder;
  decoder.feed(std::as_bytes(std::span{file.data(), file.size()}));
  ASSERT_EQ(decoder.next(), HotLogDecoder::Step::Entry);
  EXPECT_TRUE(decoder.has_header());
  EXPECT_EQ(decoder.start_ns(), 500U);
  EXPECT_EQ(decoder.number(), 0U);
  ASSERT_EQ(decoder.formats().size(), kSamples.size());
  EXPECT_EQ(decoder.formats()[2].text, kSamples[2].text);
  EXPECT_EQ(decoder.formats()[2].line, kSamples[2].line);
  EXPECT_EQ(decoder.entry().ns, 1'000U);
}

TEST(HotLogDecoder, ShowsNoControlCharacters) {
  EXPECT_EQ(text_of(LogArgument::Text, 0x0A41), "A?");
  EXPECT_EQ(text_of(LogArgument::Letter, 0x1B), "?");
  EXPECT_EQ(text_of(LogArgument::PriceE4, 5), "0.0005");
}

}  // namespace
}  // namespace ridley::telemetry
