// SPDX-License-Identifier: Apache-2.0
#include "control/card_source.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/error.hpp"
#include "card/sample_bitstream.hpp"
#include "card/slots.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

constexpr const char* kVectors =
    "ridley-golden-1\nline E9360C6F 26477\nline E9360C6F 26477\nframe 0 1 00\n";

class CardSourceTest : public testing::Test {
 protected:
  CardSourceTest() {
    card_.bitstream = kActiveBitstream;
    card_.state_folder = (folder_ / "state").string();
  }
  // A slot, and whatever the state says of it.
  std::string keep(const std::function<void(card::CardState&, const std::string&)>& change,
                   const card::SampleFacts& facts) {
    const card::Bitstream bitstream =
        card::read_bitstream(card::write_sample(folder_ / "card", signer_, facts));
    card::Slots slots{card_.state_folder};
    slots.keep(bitstream);
    card::CardState state = slots.state();
    change(state, bitstream.digest);
    slots.record("staged", bitstream.digest, "of a test", state);
    return bitstream.digest;
  }
  std::string keep_active(const card::SampleFacts& facts) {
    return keep([](card::CardState& state, const std::string& digest) { state.active = digest; },
                facts);
  }
  std::string refusal() {
    try {
      (void)first_source(card_);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_CONFIG);
      return error.what();
    }
    return "";
  }

  test::ScratchFolder folder_{test::memory_folder()};
  card::SampleSigner signer_;
  CardConfig card_;
};

TEST_F(CardSourceTest, IsAFileNothingOrTheActiveSlot) {
  card_.bitstream = "some/card.xclbin";
  EXPECT_EQ(first_source(card_).xclbin, "some/card.xclbin");
  card_.bitstream = kNoBitstream;
  EXPECT_TRUE(first_source(card_).xclbin.empty());
  card_.bitstream = kActiveBitstream;
  const std::string digest = keep_active({.golden = kVectors});
  const CardSource source = first_source(card_);
  EXPECT_EQ(source.digest, digest);
  EXPECT_EQ(source.uuid, card::kSampleUuid);
  ASSERT_NE(source.golden, nullptr);
  EXPECT_EQ(source.golden->frames.size(), 1u);
  // The bytes that were checked, whatever becomes of the slot.
  std::filesystem::remove_all(card_.state_folder);
  EXPECT_EQ(card::file_text(source.xclbin), card::sample_xclbin());
}

TEST_F(CardSourceTest, NeedsAnActiveOne) {
  EXPECT_NE(refusal().find("none is active in"), std::string::npos);
}

TEST_F(CardSourceTest, RefusesASlotThatWasAlteredOrIsForOtherRegistersOrTables) {
  const std::string digest = keep_active({.golden = kVectors});
  const card::BitstreamFiles files = card::files_in_slot(card_.state_folder, digest);
  card::write_file(files.xclbin, card::sample_xclbin("other bits"));
  EXPECT_NE(refusal().find("xclbin: is another one"), std::string::npos);
  (void)keep_active({.map_hash = 5, .golden = kVectors});
  EXPECT_NE(refusal().find("map: "), std::string::npos);
  (void)keep_active({.catalogue_hash = 5, .golden = kVectors});
  EXPECT_NE(refusal().find("catalogue: is 0x0000000000000005, which this host does not know"),
            std::string::npos);
  (void)keep_active({});
  EXPECT_NE(refusal().find("golden vectors: line 1"), std::string::npos);
}

TEST_F(CardSourceTest, SettlesATrialThatADeadProcessLeft) {
  const std::string active = keep_active({.golden = kVectors});
  (void)keep(
      [](card::CardState& state, const std::string& digest) {
        state.staged = digest;
        state.trial = {.digest = digest, .step = "shadow"};
      },
      {.version = 2, .golden = kVectors});
  EXPECT_EQ(first_source(card_).digest, active);
  const card::SlotsView view = card::look_at_slots(card_.state_folder);
  EXPECT_EQ(view.history.lines.back().event, "rolled_back");
  EXPECT_TRUE(view.state.trial.digest.empty());
}

TEST_F(CardSourceTest, OnlyLooksWhileAnotherCommandIsAtWork) {
  const std::string active = keep_active({.golden = kVectors});
  const card::Slots at_work{card_.state_folder};
  EXPECT_EQ(first_source(card_).digest, active);
}

}  // namespace
}  // namespace ridley::control
