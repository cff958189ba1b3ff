// SPDX-License-Identifier: Apache-2.0
// Holds every generated view and writer against vectors that were decoded without the schema.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "wire/deep.hpp"
#include "wire/itch.hpp"
#include "wire/mdp3.hpp"
#include "wire/ouch.hpp"
#include "wire/ouch42.hpp"
#include "wire/pitch.hpp"

namespace ridley::wire {
namespace {

struct Vector {
  std::string protocol;
  std::vector<std::byte> bytes;
  std::string fields;
};

std::vector<Vector> golden_vectors() {
  const char* source = std::getenv("RIDLEY_SOURCE_FOLDER");
  std::ifstream file{std::string{source != nullptr ? source : "."} + "/tests/golden/wire.txt"};
  std::vector<Vector> vectors;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words{line};
    Vector vector;
    std::string digits;
    words >> vector.protocol >> digits;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
      vector.bytes.push_back(static_cast<std::byte>(std::stoi(digits.substr(at, 2), nullptr, 16)));
    }
    std::getline(words >> std::ws, vector.fields);
    vectors.push_back(vector);
  }
  return vectors;
}

std::string shown(char value) { return {value}; }
template <std::size_t N>
std::string shown(const Alpha<N>& value) {
  return std::string{value.trimmed()};
}
template <std::integral Integer>
std::string shown(Integer value) {
  return std::to_string(value);
}

template <typename View>
std::string fields_of(const View& view) {
  std::string text;
  view.for_each_field([&text](std::string_view name, const auto& value) {
    if (!text.empty()) text += ' ';
    text.append(name).append("=").append(shown(value));
  });
  return text;
}

// Calls visitor(view) with an empty appendage behind the message.
template <typename Visitor>
bool visit(const Vector& vector, Visitor&& visitor) {
  std::vector<std::byte> message = vector.bytes;
  if (vector.protocol == "itch") return itch::visit(message, visitor);
  if (vector.protocol == "pitch") return pitch::visit(message, visitor);
  if (vector.protocol == "deep") return deep::visit(message, visitor);
  if (vector.protocol == "mdp3") return mdp3::visit(message, visitor);
  if (vector.protocol == "ouch42_inbound") return ouch42::visit_inbound(message, visitor);
  if (vector.protocol == "ouch42_outbound") return ouch42::visit_outbound(message, visitor);
  message.resize(message.size() + 2);
  if (vector.protocol == "ouch_inbound") return ouch::visit_inbound(message, visitor);
  return ouch::visit_outbound(message, visitor);
}

// The writer that belongs to a view.
template <typename View>
struct WriterOf;
#define RIDLEY_WRITER(space, name)    \
  template <>                         \
  struct WriterOf<space::name> {      \
    using Type = space::name##Writer; \
  }
RIDLEY_WRITER(itch, SystemEvent);
RIDLEY_WRITER(itch, StockDirectory);
RIDLEY_WRITER(itch, StockTradingAction);
RIDLEY_WRITER(itch, RegShoRestriction);
RIDLEY_WRITER(itch, MarketParticipantPosition);
RIDLEY_WRITER(itch, MwcbDeclineLevel);
RIDLEY_WRITER(itch, MwcbStatus);
RIDLEY_WRITER(itch, IpoQuotingPeriodUpdate);
RIDLEY_WRITER(itch, LuldAuctionCollar);
RIDLEY_WRITER(itch, OperationalHalt);
RIDLEY_WRITER(itch, AddOrder);
RIDLEY_WRITER(itch, AddOrderMpid);
RIDLEY_WRITER(itch, OrderExecuted);
RIDLEY_WRITER(itch, OrderExecutedWithPrice);
RIDLEY_WRITER(itch, OrderCancel);
RIDLEY_WRITER(itch, OrderDelete);
RIDLEY_WRITER(itch, OrderReplace);
RIDLEY_WRITER(itch, Trade);
RIDLEY_WRITER(itch, CrossTrade);
RIDLEY_WRITER(itch, BrokenTrade);
RIDLEY_WRITER(itch, Noii);
RIDLEY_WRITER(itch, Rpii);
RIDLEY_WRITER(itch, DlcrPriceDiscovery);
RIDLEY_WRITER(ouch, EnterOrder);
RIDLEY_WRITER(ouch, ReplaceOrder);
RIDLEY_WRITER(ouch, CancelOrder);
RIDLEY_WRITER(ouch, ModifyOrder);
RIDLEY_WRITER(ouch, MassCancel);
RIDLEY_WRITER(ouch, DisableOrderEntry);
RIDLEY_WRITER(ouch, EnableOrderEntry);
RIDLEY_WRITER(ouch, AccountQuery);
RIDLEY_WRITER(ouch, SystemEvent);
RIDLEY_WRITER(ouch, OrderAccepted);
RIDLEY_WRITER(ouch, OrderReplaced);
RIDLEY_WRITER(ouch, OrderCanceled);
RIDLEY_WRITER(ouch, AiqCanceled);
RIDLEY_WRITER(ouch, OrderExecuted);
RIDLEY_WRITER(ouch, BrokenTrade);
RIDLEY_WRITER(ouch, TradeCorrection);
RIDLEY_WRITER(ouch, OrderRejected);
RIDLEY_WRITER(ouch, CancelPending);
RIDLEY_WRITER(ouch, CancelReject);
RIDLEY_WRITER(ouch, OrderPriorityUpdate);
RIDLEY_WRITER(ouch, OrderModified);
RIDLEY_WRITER(ouch, OrderRestated);
RIDLEY_WRITER(ouch, MassCancelResponse);
RIDLEY_WRITER(ouch, DisableOrderEntryResponse);
RIDLEY_WRITER(ouch, EnableOrderEntryResponse);
RIDLEY_WRITER(ouch, AccountQueryResponse);
RIDLEY_WRITER(pitch, Time);
RIDLEY_WRITER(pitch, UnitClear);
RIDLEY_WRITER(pitch, AddOrderLong);
RIDLEY_WRITER(pitch, AddOrderShort);
RIDLEY_WRITER(pitch, AddOrderExpanded);
RIDLEY_WRITER(pitch, OrderExecuted);
RIDLEY_WRITER(pitch, OrderExecutedAtPriceSize);
RIDLEY_WRITER(pitch, ReduceSizeLong);
RIDLEY_WRITER(pitch, ReduceSizeShort);
RIDLEY_WRITER(pitch, ModifyOrderLong);
RIDLEY_WRITER(pitch, ModifyOrderShort);
RIDLEY_WRITER(pitch, DeleteOrder);
RIDLEY_WRITER(pitch, TradeLong);
RIDLEY_WRITER(pitch, TradeShort);
RIDLEY_WRITER(pitch, TradeExpanded);
RIDLEY_WRITER(pitch, TradeBreak);
RIDLEY_WRITER(pitch, EndOfSession);
RIDLEY_WRITER(pitch, TradingStatus);
RIDLEY_WRITER(pitch, AuctionUpdate);
RIDLEY_WRITER(pitch, AuctionSummary);
RIDLEY_WRITER(pitch, RetailPriceImprovement);
RIDLEY_WRITER(deep, SystemEvent);
RIDLEY_WRITER(deep, SecurityDirectory);
RIDLEY_WRITER(deep, TradingStatus);
RIDLEY_WRITER(deep, RetailLiquidityIndicator);
RIDLEY_WRITER(deep, OperationalHaltStatus);
RIDLEY_WRITER(deep, ShortSalePriceTestStatus);
RIDLEY_WRITER(deep, SecurityEvent);
RIDLEY_WRITER(deep, PriceLevelBuyUpdate);
RIDLEY_WRITER(deep, PriceLevelSellUpdate);
RIDLEY_WRITER(deep, TradeReport);
RIDLEY_WRITER(deep, OfficialPrice);
RIDLEY_WRITER(deep, TradeBreak);
RIDLEY_WRITER(deep, AuctionInformation);
RIDLEY_WRITER(mdp3, ChannelReset);
RIDLEY_WRITER(mdp3, AdminHeartbeat);
RIDLEY_WRITER(mdp3, AdminLogin);
RIDLEY_WRITER(mdp3, AdminLogout);
RIDLEY_WRITER(mdp3, SecurityStatus);
RIDLEY_WRITER(mdp3, IncrementalRefreshVolume);
RIDLEY_WRITER(mdp3, IncrementalRefreshBook);
RIDLEY_WRITER(mdp3, IncrementalRefreshOrderBook);
RIDLEY_WRITER(mdp3, IncrementalRefreshTradeSummary);
RIDLEY_WRITER(mdp3, IncrementalRefreshDailyStatistics);
RIDLEY_WRITER(mdp3, IncrementalRefreshLimitsBanding);
RIDLEY_WRITER(mdp3, IncrementalRefreshSessionStatistics);
RIDLEY_WRITER(mdp3, SnapshotFullRefresh);
RIDLEY_WRITER(mdp3, SnapshotFullRefreshOrderBook);
RIDLEY_WRITER(ouch42, EnterOrder);
RIDLEY_WRITER(ouch42, ReplaceOrder);
RIDLEY_WRITER(ouch42, CancelOrder);
RIDLEY_WRITER(ouch42, ModifyOrder);
RIDLEY_WRITER(ouch42, TradeNow);
RIDLEY_WRITER(ouch42, SystemEvent);
RIDLEY_WRITER(ouch42, Accepted);
RIDLEY_WRITER(ouch42, Replaced);
RIDLEY_WRITER(ouch42, Canceled);
RIDLEY_WRITER(ouch42, AiqCanceled);
RIDLEY_WRITER(ouch42, Executed);
RIDLEY_WRITER(ouch42, BrokenTrade);
RIDLEY_WRITER(ouch42, ExecutedWithReferencePrice);
RIDLEY_WRITER(ouch42, TradeCorrection);
RIDLEY_WRITER(ouch42, Rejected);
RIDLEY_WRITER(ouch42, CancelPending);
RIDLEY_WRITER(ouch42, CancelReject);
RIDLEY_WRITER(ouch42, OrderPriorityUpdate);
RIDLEY_WRITER(ouch42, OrderModified);
RIDLEY_WRITER(ouch42, TradeNowDone);
#undef RIDLEY_WRITER

// Where a message has its type.
std::size_t type_at(const Vector& vector) {
  if (vector.protocol == "mdp3") return 4;
  return vector.protocol == "pitch" ? 1 : 0;
}

}  // namespace

TEST(Golden, ThereIsAVectorForEveryMessage) {
  EXPECT_EQ(golden_vectors().size(), 23u + 8u + 18u + 5u + 15u + 21u + 13u + 14u);
}

TEST(Golden, EveryViewReadsEveryFieldAsTheTypedTablesDo) {
  for (const Vector& vector : golden_vectors()) {
    EXPECT_TRUE(visit(vector,
                      [&vector](const auto& view) {
                        EXPECT_EQ(fields_of(view), vector.fields);
                        EXPECT_EQ(vector.bytes[type_at(vector)],
                                  static_cast<std::byte>(view.kType));
                      }))
        << vector.protocol << " " << vector.fields;
  }
}

TEST(Golden, EveryWriterWritesTheSameBytesAndNoOther) {
  for (const Vector& vector : golden_vectors()) {
    visit(vector, [&vector]<typename View>(const View& view) {
      std::vector<std::byte> written(vector.bytes.size() + 4, std::byte{0xEE});
      typename WriterOf<View>::Type{written.data()}.copy(view);
      const auto end = written.begin() + static_cast<std::ptrdiff_t>(vector.bytes.size());
      EXPECT_EQ(std::vector<std::byte>(written.begin(), end), vector.bytes) << View::kName;
      EXPECT_EQ(written.back(), std::byte{0xEE}) << View::kName;
    });
  }
}

TEST(Golden, AMessageOneByteShortIsRefusedAndALongerOneIsRead) {
  for (const Vector& vector : golden_vectors()) {
    if (vector.protocol.starts_with("ouch")) continue;
    Vector changed = vector;
    const auto ignore = [](const auto&) {};
    EXPECT_TRUE(visit(changed, ignore));
    changed.bytes.push_back(std::byte{0});
    EXPECT_TRUE(visit(changed, ignore));
    changed.bytes.resize(vector.bytes.size() - 1);
    EXPECT_FALSE(visit(changed, ignore));
  }
}

TEST(Golden, TheSizeOfATypeIsKnown) {
  const auto size_of = [](const Vector& vector) {
    if (vector.protocol == "itch") return itch::size_of(static_cast<char>(vector.bytes[0]));
    if (vector.protocol == "deep") return deep::size_of(static_cast<char>(vector.bytes[0]));
    if (vector.protocol == "mdp3")
      return mdp3::size_of(static_cast<std::uint16_t>(vector.bytes[type_at(vector)]));
    return pitch::size_of(static_cast<std::uint8_t>(vector.bytes[1]));
  };
  for (const Vector& vector : golden_vectors()) {
    if (vector.protocol.starts_with("ouch")) continue;
    EXPECT_EQ(size_of(vector), vector.bytes.size()) << vector.protocol;
  }
  EXPECT_EQ(pitch::size_of(0x9F), 0u);
}

}  // namespace ridley::wire
