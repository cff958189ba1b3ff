// SPDX-License-Identifier: Apache-2.0
// Quotes both sides around the middle of the book: at half the spread from it, leaning against the
// position it holds. Moves a quote when the wanted price has gone far enough, cancels when nothing
// may be traded or the book cannot be believed. A plug-in: hot core, but for create and destroy.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <type_traits>

#include "strategy/quote.hpp"
#include "strategy/quoter_parameters.hpp"

namespace ridley::strategy {
namespace {

struct Prices {
  std::uint32_t bid_e4 = 0;
  std::uint32_t ask_e4 = 0;
};

struct Quoted {
  std::int64_t position = 0;
  Quote bid;
  Quote ask;
  std::uint64_t locate = 0;  // of today, once a book change named it
  // Most changes of the top are changes of quantity: what is wanted then stays what it was.
  Prices touch;  // of the book when wanted was worked out, 0 when it must be again
  Prices wanted;
};
// A state is saved as bytes, and the same state is the same bytes.
static_assert(std::is_trivially_copyable_v<Quoted>);
static_assert(std::has_unique_object_representations_v<Quoted>);

// An order's tag says which side of which instrument it belongs to.
constexpr std::uint64_t kAskTag = std::uint64_t{1} << 16;
std::uint64_t bid_tag(std::uint32_t instrument) noexcept { return instrument; }
std::uint64_t ask_tag(std::uint32_t instrument) noexcept { return instrument | kAskTag; }

class TwoSidedQuoter {
 public:
  TwoSidedQuoter(const QuoterSettings& settings, Quoted* quoted, std::uint32_t count) noexcept
      : settings_{settings}, quoted_{quoted}, count_{count} {}

  std::uint32_t on_book(const ridley_book_change& change, ridley_order_intent* intents,
                        std::uint32_t intents_max) noexcept {
    if (change.instrument >= count_ || intents_max < 2) return 0;
    Quoted& quoted = quoted_[change.instrument];
    quoted.locate = change.locate;
    const Prices prices = wanted(change, quoted);
    const std::int64_t size = settings_.size;
    const bool may_buy = quoted.position + size <= settings_.position_max;
    const bool holds = quoted.position >= size;
    const bool may_sell =
        quoted.position - size >= -settings_.position_max && (holds || settings_.short_selling);
    QuoteWish wish{
        .price_e4 = may_buy ? prices.bid_e4 : 0,
        .size = static_cast<std::uint32_t>(size),
        .move_e4_min = static_cast<std::uint32_t>(settings_.requote_ticks * settings_.tick_e4),
        .pause_ns = static_cast<std::uint64_t>(settings_.pause_us) * 1000,
        .exchange_ns = change.exchange_ns,
        .locate = change.locate,
        .side = RIDLEY_SIDE_BUY,
        .post_only = settings_.post_only};
    std::uint32_t count = 0;
    if (quoted.bid.want(wish, bid_tag(change.instrument), intents[count])) ++count;
    wish.price_e4 = may_sell ? prices.ask_e4 : 0;
    wish.side = holds ? RIDLEY_SIDE_SELL : RIDLEY_SIDE_SELL_SHORT;
    if (quoted.ask.want(wish, ask_tag(change.instrument), intents[count])) ++count;
    return count;
  }

  std::uint32_t on_order(std::uint32_t instrument, const ridley_order_event& event,
                         ridley_order_intent* intents, std::uint32_t intents_max) noexcept {
    if (instrument >= count_ || intents_max == 0) return 0;
    Quoted& quoted = quoted_[instrument];
    const auto quantity = static_cast<std::int64_t>(event.quantity);
    const std::int64_t bought = event.side == RIDLEY_SIDE_BUY ? quantity : -quantity;
    // A correction is a breaking and a new execution.
    if (event.kind == RIDLEY_ORDER_EVENT_KIND_EXECUTED) quoted.position += bought;
    if (event.kind == RIDLEY_ORDER_EVENT_KIND_CORRECTED) quoted.position += bought;
    if (event.kind == RIDLEY_ORDER_EVENT_KIND_BROKEN) quoted.position -= bought;
    quoted.touch = {};
    const bool ask = (event.client_tag & kAskTag) != 0;
    Quote& quote = ask ? quoted.ask : quoted.bid;
    const std::uint64_t tag = ask ? ask_tag(instrument) : bid_tag(instrument);
    return quote.on_order(event, tag, intents[0]) ? 1 : 0;
  }

  std::uint32_t on_feed_lost(ridley_order_intent* intents, std::uint32_t intents_max) noexcept {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < count_ && count + 2 <= intents_max; ++i) {
      Quoted& quoted = quoted_[i];
      const auto locate = static_cast<std::uint16_t>(quoted.locate);
      if (quoted.bid.pull(locate, bid_tag(i), intents[count])) ++count;
      if (quoted.ask.pull(locate, ask_tag(i), intents[count])) ++count;
    }
    return count;
  }

  [[nodiscard]] Quoted* quoted() noexcept { return quoted_; }
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }

 private:
  // Both 0 when nothing may rest.
  [[nodiscard]] Prices wanted(const ridley_book_change& change, Quoted& quoted) const noexcept {
    const bool tradable = (change.flags & RIDLEY_BOOK_TRADABLE) != 0;
    const bool two_sided = change.bid_quantity != 0 && change.ask_quantity != 0;
    if (!tradable || !two_sided || change.ask_price_e4 <= change.bid_price_e4) return {};
    const bool known =
        change.bid_price_e4 == quoted.touch.bid_e4 && change.ask_price_e4 == quoted.touch.ask_e4;
    if (!known) {
      quoted.touch = {change.bid_price_e4, change.ask_price_e4};
      quoted.wanted = around_the_middle(quoted.touch, quoted.position);
    }
    return quoted.wanted;
  }

  // Never at or through the other side's best price.
  [[nodiscard]] Prices around_the_middle(const Prices& touch,
                                         std::int64_t position) const noexcept {
    const std::int64_t tick = settings_.tick_e4;
    const std::int64_t bid = touch.bid_e4;
    const std::int64_t ask = touch.ask_e4;
    const std::int64_t lean = position * settings_.skew_ticks * tick / settings_.position_max;
    const std::int64_t middle = (bid + ask) / 2 - lean;
    const std::int64_t half = settings_.half_spread_ticks * tick;
    const std::int64_t wanted_bid = std::min((middle - half) / tick * tick, ask - tick);
    const std::int64_t wanted_ask = std::max((middle + half + tick - 1) / tick * tick, bid + tick);
    constexpr std::int64_t kPriceMax = 1'999'999'900;  // the exchange's own bound
    if (wanted_bid < tick || wanted_ask > kPriceMax) return {};
    return {static_cast<std::uint32_t>(wanted_bid), static_cast<std::uint32_t>(wanted_ask)};
  }

  QuoterSettings settings_;
  Quoted* quoted_;
  std::uint32_t count_;
};

// What a state starts with; another layout gets another name.
struct StateHead {
  std::array<char, 8> layout;
  std::uint64_t count;
};
constexpr std::array<char, 8> kLayout{'q', 'u', 'o', 't', 'e', 'r', '.', '1'};

TwoSidedQuoter& quoter(void* self) noexcept { return *static_cast<TwoSidedQuoter*>(self); }

// One block of memory: the quoter and, behind it, its instruments.
void* create(const ridley_strategy_setup* setup, char* error_text, size_t error_size) noexcept {
  static_assert(sizeof(TwoSidedQuoter) % alignof(Quoted) == 0);
  const QuoterSettings settings = quoter_settings(setup->values);
  if (settings.size > settings.position_max) {
    std::snprintf(error_text, error_size, "size %lld is above position_max %lld",
                  static_cast<long long>(settings.size),
                  static_cast<long long>(settings.position_max));
    return nullptr;
  }
  const std::uint32_t count = setup->instrument_count;
  void* block = std::malloc(sizeof(TwoSidedQuoter) + count * sizeof(Quoted));
  if (block == nullptr) {
    std::snprintf(error_text, error_size, "no memory for %u instruments", count);
    return nullptr;
  }
  auto* quoted = reinterpret_cast<Quoted*>(static_cast<std::byte*>(block) + sizeof(TwoSidedQuoter));
  for (std::uint32_t i = 0; i < count; ++i) ::new (quoted + i) Quoted{};
  return ::new (block) TwoSidedQuoter{settings, quoted, count};
}

void destroy(void* self) noexcept { std::free(self); }

uint32_t on_book(void* self, const ridley_book_change* change, ridley_order_intent* intents,
                 uint32_t intents_max) noexcept {
  return quoter(self).on_book(*change, intents, intents_max);
}

uint32_t on_order(void* self, uint32_t instrument, const ridley_order_event* event,
                  ridley_order_intent* intents, uint32_t intents_max) noexcept {
  return quoter(self).on_order(instrument, *event, intents, intents_max);
}

uint32_t on_feed_lost(void* self, const ridley_now*, ridley_order_intent* intents,
                      uint32_t intents_max) noexcept {
  return quoter(self).on_feed_lost(intents, intents_max);
}

size_t save_state(void* self, void* buffer, size_t size) noexcept {
  const StateHead head{kLayout, quoter(self).count()};
  const std::size_t rows = head.count * sizeof(Quoted);
  if (size >= sizeof head + rows) {
    std::memcpy(buffer, &head, sizeof head);
    std::memcpy(static_cast<std::byte*>(buffer) + sizeof head, quoter(self).quoted(), rows);
  }
  return sizeof head + rows;
}

int restore_state(void* self, const void* buffer, size_t size) noexcept {
  const std::size_t rows = quoter(self).count() * sizeof(Quoted);
  StateHead head{};
  if (size != sizeof head + rows) return 1;
  std::memcpy(&head, buffer, sizeof head);
  if (head.layout != kLayout || head.count != quoter(self).count()) return 1;
  std::memcpy(quoter(self).quoted(), static_cast<const std::byte*>(buffer) + sizeof head, rows);
  return 0;
}

constexpr ridley_strategy_table kTable{.abi_version = RIDLEY_STRATEGY_ABI_VERSION,
                                       .struct_size = sizeof(ridley_strategy_table),
                                       .name = "two_sided_quoter",
                                       .parameters = kQuoterParameters.data(),
                                       .parameter_count = kQuoterParameters.size(),
                                       .reserved = 0,
                                       .create = create,
                                       .destroy = destroy,
                                       .on_book = on_book,
                                       .on_trade = nullptr,
                                       .on_order = on_order,
                                       .on_timer = nullptr,
                                       .on_feed_lost = on_feed_lost,
                                       .save_state = save_state,
                                       .restore_state = restore_state};

}  // namespace
}  // namespace ridley::strategy

const ridley_strategy_table* ridley_strategy() { return &ridley::strategy::kTable; }
