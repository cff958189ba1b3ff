// SPDX-License-Identifier: Apache-2.0
// A bitstream's trial from its slot to the history, as `ridley card activate` makes it: the control
// socket, the card's side of an appliance and its feed are the real ones. Behind the bus is a card
// that answers the golden vectors and the feed as the test says; before it a hot core that hears
// one event a turn. Looks at control/card_trial.cpp and control/card_side.cpp.
#include "control/card_trial.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "card/activation.hpp"
#include "card/injected_card.hpp"
#include "card/sample_bitstream.hpp"
#include "control/control_socket.hpp"
#include "control/remote_trial.hpp"
#include "support/scratch_folder.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::control {
namespace {

using namespace std::chrono_literals;
namespace registers = card::registers;

constexpr std::uint64_t kShadowMessages = 50;

// What becomes of the card, all of its threads' together.
struct Bench {
  std::mutex mutex;
  card::InjectedCard* card = nullptr;  // that is loaded
  // Of the bitstream that is loaded next.
  std::function<void(card::InjectedCard&)> alter = [](card::InjectedCard&) {};
  std::function<bool(event::MarketEvent&)> decode = [](event::MarketEvent&) { return true; };
  std::vector<std::string> loaded;  // UUIDs
  int ran = 0;                      // events that a card gave that heard the line
};

class LoadedCard : public card::XrtBus {
 public:
  LoadedCard(Bench& bench, const card::XrtOptions& options)
      : bench_{bench}, card_{card::two_frames()} {
    const std::lock_guard lock{bench_.mutex};
    card_.values[registers::kCatalogueHashAt] = 0xcc;
    card_.values[registers::kRtlCommitAt] = card_.values[registers::kRtlCommitAt + 4] = 0xaaaaaaaa;
    bench_.alter(card_);
    bench_.loaded.push_back(options.uuid);
    bench_.card = &card_;
  }
  ~LoadedCard() override {
    const std::lock_guard lock{bench_.mutex};
    bench_.card = nullptr;
  }
  const card::XrtDevice& device() const noexcept override { return device_; }
  std::uint32_t read(std::uint32_t at) override {
    const std::lock_guard lock{bench_.mutex};
    return card_.read(at);
  }
  void write(std::uint32_t at, std::uint32_t value) override {
    const std::lock_guard lock{bench_.mutex};
    card_.write(at, value);
  }
  card::SharedMemory share(std::size_t bytes) override {
    const std::lock_guard lock{bench_.mutex};
    return card_.share(bytes);
  }

 private:
  Bench& bench_;
  card::InjectedCard card_;
  card::XrtDevice device_{.name = "of a test", .address = "0", .uuid = ""};
};

class CardTrialTest : public testing::Test {
 protected:
  CardTrialTest() {
    config_.card = {.bitstream = kNoBitstream,
                    .state_folder = state_.string(),
                    .role = CardRole::Use,
                    .shadow_messages = kShadowMessages,
                    .hung_after_ms = 60'000,
                    .ring_records = 1'024};
    side_ = std::make_unique<CardSide>(config_, CardSource{}, page_, reader_,
                                       [this](const card::XrtOptions& options) {
                                         return std::make_unique<LoadedCard>(bench_, options);
                                       });
    trial_ = std::make_unique<CardTrial>(*side_, config_.card, reader_, lease_);
    Operations operations;
    operations.card_step = [this](const std::string& step, const std::string& digest) {
      if (!step.empty()) trial_->begin(card_step(step), digest);
      return view_json(trial_->ask());
    };
    socket_ =
        std::make_unique<ControlSocket>(folder_ / "s", Permissions::Owner, std::move(operations));
    control_core_ = std::jthread{[this](const std::stop_token& stop) {
      while (!stop.stop_requested()) socket_->poll(1ms);
    }};
    hot_core_ = std::jthread{[this](const std::stop_token& stop) {
      while (!stop.stop_requested()) turn();
    }};
  }
  // The trial's steps need the hot core to the end.
  ~CardTrialTest() override {
    control_core_ = {};
    trial_->finish();
    side_->finish();
    hot_core_ = {};
  }

  // One event of the feed, to the software and to a card that hears the line.
  void turn() {
    engine::CardFeed& feed = side_->feed();
    event::MarketEvent event{};
    event.kind = event::EventKind::AddOrder;
    event.locate = 17;
    event.sequence = ++sequence_;
    event.add.price_e4 = 1'000;
    if (feed.wants_change()) {
      event::MarketEvent ahead;
      (void)feed.change();
      while (feed.take_ahead(ahead)) {
      }
    }
    (void)feed.hear(engine::Source::Software, event);
    give_to_card(event);
    if (feed.has_ring()) {
      for (card::EventRing& ring = feed.ring(); ring.has_next(); ring.pop())
        (void)feed.hear(engine::Source::Card, ring.next().event());
    }
    same_.set(static_cast<std::int64_t>(feed.compared().same));
    different_.set(static_cast<std::int64_t>(feed.compared().different));
    std::this_thread::sleep_for(100us);
  }
  void give_to_card(event::MarketEvent event) {
    const std::lock_guard lock{bench_.mutex};
    card::InjectedCard* const card = bench_.card;
    if (card == nullptr || card->values[registers::kRunningAt] == 0 ||
        card->values[registers::kInjectAt] == 1 || !bench_.decode(event))
      return;
    ++bench_.ran;
    card::GoldenRecord record{.form = card::CardForm::Event};
    std::memcpy(record.bytes.data(), &event, record.bytes.size());
    card->put(record);
  }

  std::string stage(std::uint64_t version) {
    const card::Bitstream bitstream = card::read_bitstream(
        card::write_sample(folder_ / ("card" + std::to_string(version)), signer_,
                           {.version = version,
                            .bits = "bits " + std::to_string(version),
                            .golden = card::golden_text(card::two_frames())}));
    card::Slots slots{state_};
    card::stage(slots, bitstream, signer_.rules);
    return bitstream.digest;
  }
  card::TrialResult activate() {
    card::Slots slots{state_};
    RemoteTrial remote{folder_ / "s",
                       {.answer = 20s, .step = 20s, .silence = silence_, .between = 1ms}};
    return card::activate(slots, signer_.rules, remote, kShadowMessages);
  }
  // One that is used, before another one is tried.
  std::string use_one() {
    const std::string digest = stage(1);
    const card::TrialResult result = activate();
    EXPECT_TRUE(result.ok) << result.text;
    return digest;
  }
  void alter(std::function<void(card::InjectedCard&)> how) {
    const std::lock_guard lock{bench_.mutex};
    bench_.alter = std::move(how);
  }
  void decode(std::function<bool(event::MarketEvent&)> how) {
    const std::lock_guard lock{bench_.mutex};
    bench_.decode = std::move(how);
  }
  // Only while version 2 is in the card: what was used before is as good as it was.
  std::function<bool(event::MarketEvent&)> of_second(std::function<bool(event::MarketEvent&)> how) {
    return [this, how = std::move(how)](event::MarketEvent& event) {
      return bench_.loaded.size() != 2 || how(event);
    };
  }
  int cards_ran() {
    const std::lock_guard lock{bench_.mutex};
    return bench_.ran;
  }
  template <typename Done>
  static bool soon(Done done) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!done() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
    return done();
  }
  // What the history says happened last, and that the slots know it.
  void expect_rolled_back(const card::TrialResult& result, const std::string& why,
                          const std::string& in_use) {
    EXPECT_FALSE(result.ok);
    EXPECT_EQ(result.digest, in_use);
    EXPECT_TRUE(result.text.starts_with(why)) << result.text;
    const card::SlotsView view = card::look_at_slots(state_);
    EXPECT_EQ(view.history.lines.back().event, "rolled_back");
    EXPECT_EQ(view.history.lines.back().text, result.text);
    EXPECT_EQ(view.state.active, in_use);
    EXPECT_TRUE(view.state.trial.digest.empty());
    EXPECT_FALSE(trial_->is_open());
    EXPECT_EQ(side_->digest(), in_use);
    const engine::CardState driven =
        in_use.empty() ? engine::CardState::None : engine::CardState::Drives;
    EXPECT_TRUE(soon([&] { return side_->feed().state() == driven; }));
  }
  static int refusal(const std::function<void()>& call) {
    try {
      call();
    } catch (const base::Error& error) {
      return error.exit_code();
    }
    return EX_OK;
  }

  test::ScratchFolder folder_{test::memory_folder()};
  std::filesystem::path state_ = folder_ / "state";
  std::chrono::milliseconds lease_ = 1s;
  std::chrono::milliseconds silence_ = 20s;  // of the feed, in the shadow
  card::SampleSigner signer_;
  Config config_;
  Bench bench_;
  telemetry::CounterPage page_{{.path = folder_ / "page"}};
  telemetry::Gauge same_ = page_.gauge("card.same");
  telemetry::Gauge different_ = page_.gauge("card.different");
  telemetry::CounterReader reader_{folder_ / "page"};
  std::unique_ptr<CardSide> side_;
  std::unique_ptr<CardTrial> trial_;
  std::unique_ptr<ControlSocket> socket_;
  std::uint64_t sequence_ = 0;  // the hot core's
  std::jthread control_core_;
  std::jthread hot_core_;
};

TEST_F(CardTrialTest, UsesOneThatAgreed) {
  const std::string digest = stage(1);
  const card::TrialResult result = activate();
  EXPECT_TRUE(result.ok) << result.text;
  EXPECT_TRUE(result.text.starts_with("3 golden vectors agreed, ")) << result.text;
  EXPECT_EQ(side_->digest(), digest);
  EXPECT_EQ(side_->feed().state(), engine::CardState::Drives);
  EXPECT_EQ(side_->difference(), "");
  EXPECT_FALSE(trial_->is_open());
  std::vector<std::string> events;
  for (const card::HistoryLine& line : card::look_at_slots(state_).history.lines)
    events.push_back(line.event);
  EXPECT_EQ(events,
            (std::vector<std::string>{"staged", "load", "golden", "shadow", "use", "active"}));
}

TEST_F(CardTrialTest, RefusesOneWhoseGoldenVectorsDiffer) {
  alter([](card::InjectedCard& card) { card.answers.records[1].bytes[5] = std::byte{0x77}; });
  stage(1);
  expect_rolled_back(
      activate(), "golden: 1 differences in 3 golden vectors; record 2 of 3 (frame 1): byte 5", "");
  EXPECT_EQ(cards_ran(), 0) << "it never heard the feed";
}

TEST_F(CardTrialTest, TakesBackOneThatDiffersInTheShadowAndTellsTheFirstEvent) {
  const std::string good = use_one();
  stage(2);
  std::uint64_t first = 0;
  decode(of_second([&first](event::MarketEvent& event) {
    if (first == 0) first = event.sequence + 10;
    if (event.sequence >= first) event.add.price_e4 = __builtin_bswap32(event.add.price_e4);
    return true;
  }));
  const card::TrialResult result = activate();
  expect_rolled_back(result, "shadow: ", good);
  EXPECT_TRUE(result.text.ends_with(fmt::format(
      "messages; message {}, add_order of #17: price_e4 is 1000 in the software, 3892510720 on "
      "the card",
      first)))
      << result.text;
  EXPECT_EQ(side_->difference(), "") << "of the one before, which is used again";
}

TEST_F(CardTrialTest, TakesBackOneThatLeavesAnEventOut) {
  const std::string good = use_one();
  stage(2);
  decode(of_second([](event::MarketEvent& event) { return event.sequence % 8 != 0; }));
  expect_rolled_back(activate(), "shadow: one of both said an event that the other one left out",
                     good);
}

TEST_F(CardTrialTest, TakesBackOneThatSaysNothing) {
  const std::string good = use_one();
  stage(2);
  decode(of_second([](event::MarketEvent&) { return false; }));
  silence_ = 200ms;
  expect_rolled_back(activate(), "shadow: 0 messages were compared, not 50", good);
}

TEST_F(CardTrialTest, TakesBackOneWhoseClockStandsStill) {
  const std::string good = use_one();
  alter([this](card::InjectedCard& card) { card.stands_still = bench_.loaded.size() == 1; });
  stage(2);
  expect_rolled_back(activate(), "golden: card: its clock stands still", good);
}

TEST_F(CardTrialTest, TakesBackOneThatIsNotWhatItsManifestSays) {
  alter([](card::InjectedCard& card) { card.values[registers::kRtlCommitAt] = 0xcd; });
  stage(1);
  expect_rolled_back(activate(), "load: card: its rtl commit is", "");
}

TEST_F(CardTrialTest, OfWhichNobodyAsksAnyMoreIsTakenBack) {
  const std::string good = use_one();
  const std::string other = stage(2);
  trial_->begin(CardStep::Load, other);
  ASSERT_TRUE(soon([&] { return !trial_->ask().running; }));
  EXPECT_TRUE(trial_->is_open());
  EXPECT_EQ(side_->digest(), "");
  trial_->look_after();
  EXPECT_TRUE(trial_->is_open()) << "somebody asked just now";
  std::this_thread::sleep_for(lease_);
  trial_->look_after();
  EXPECT_TRUE(soon([&] { return !trial_->busy(); }));
  EXPECT_FALSE(trial_->is_open());
  EXPECT_EQ(side_->digest(), good);
}

TEST_F(CardTrialTest, LeavesOutNoStep) {
  const std::string digest = stage(1);
  for (const CardStep step : {CardStep::Golden, CardStep::Shadow, CardStep::Use})
    EXPECT_EQ(refusal([&] { trial_->begin(step, digest); }), EX_DATAERR) << name_of(step);
  alter([](card::InjectedCard& card) { card.answers.records[2].port = 0; });
  trial_->begin(CardStep::Load, digest);
  ASSERT_TRUE(soon([&] { return !trial_->busy(); }));
  EXPECT_EQ(refusal([&] { trial_->begin(CardStep::Shadow, digest); }), EX_DATAERR);
  trial_->begin(CardStep::Golden, digest);
  ASSERT_TRUE(soon([&] { return !trial_->busy(); }));
  EXPECT_EQ(refusal([&] { trial_->begin(CardStep::Shadow, digest); }), EX_DATAERR)
      << "the vectors differed";
}

}  // namespace
}  // namespace ridley::control
