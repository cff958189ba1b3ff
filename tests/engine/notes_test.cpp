// SPDX-License-Identifier: Apache-2.0
#include "engine/notes.hpp"

#include <gtest/gtest.h>

namespace ridley::engine {
namespace {

TEST(Notes, EachSaysWhichRoomSpeaks) {
  for (const telemetry::LogFormat& format : notes::kFormats) {
    EXPECT_NE(format.text.find(": "), std::string_view::npos) << format.text;
    EXPECT_EQ(format.file, "src/engine/notes.hpp");
  }
}

TEST(Notes, ANumberHasTheSentenceOfItsName) {
  HotLog log;
  log.write<Note::FeedGap>(5, std::uint64_t{3}, std::uint64_t{10});
  log.write<Note::FeedHeardAgain>(6);
  telemetry::LogRecord record;
  ASSERT_TRUE(log.pop(record));
  EXPECT_EQ(log.formats()[record.format].text,
            "feed: {} messages missing before {}; every book is stale");
  ASSERT_TRUE(log.pop(record));
  EXPECT_EQ(log.formats()[record.format].text, "feed: heard");
}

}  // namespace
}  // namespace ridley::engine
