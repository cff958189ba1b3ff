// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bench/support/armed_street.hpp"
#include "bench/support/day_frames.hpp"
#include "venue/message_buffer.hpp"
#include "wire/itch.hpp"
#include "work.hpp"

namespace ridley::budget {
namespace {

namespace itch = wire::itch;

// As many are built whatever the count.
constexpr std::uint64_t kRoundsBuilt = 60'000;
constexpr std::uint64_t kNsPerFrame = 10'000;
constexpr std::uint16_t kLocate = 1;
constexpr char kSymbol[] = "TURTLE";
constexpr std::uint32_t kBid = 1'000'000;
constexpr std::uint32_t kAsk = 1'000'100;

// Time stands where the frames put it; the product's clock has two instructions more.
struct FixedClock {
  [[nodiscard]] std::uint64_t ticks() const noexcept { return 0; }
  [[nodiscard]] std::uint64_t ns_of(std::uint64_t ticks) const noexcept { return ticks; }
};

struct Resting {
  std::uint64_t id;
  char side;
  std::uint32_t quantity;
  std::uint32_t price_e4;
};

class Messages {
 public:
  // The instrument trades, one round lot on each side and one behind the bid.
  Messages() {
    event('O');
    event('S');
    event('Q');
    itch::StockDirectoryWriter{append<itch::StockDirectory>()}
        .stock_locate(kLocate)
        .stock(kSymbol)
        .round_lot_size(100);
    itch::StockTradingActionWriter{append<itch::StockTradingAction>()}
        .stock_locate(kLocate)
        .stock(kSymbol)
        .trading_state('T');
    add({.id = 1, .side = 'B', .quantity = 100, .price_e4 = kBid});
    add({.id = 2, .side = 'S', .quantity = 100, .price_e4 = kAsk});
    add({.id = 3, .side = 'B', .quantity = 100, .price_e4 = kBid - 1'000});
  }

  void add(const Resting& order) {
    itch::AddOrderWriter{append<itch::AddOrder>()}
        .stock_locate(kLocate)
        .timestamp(++ns_)
        .order_reference_number(order.id)
        .buy_sell_indicator(order.side)
        .shares(order.quantity)
        .stock(kSymbol)
        .price(order.price_e4);
  }

  void remove(std::uint64_t id) {
    itch::OrderDeleteWriter{append<itch::OrderDelete>()}
        .stock_locate(kLocate)
        .timestamp(++ns_)
        .order_reference_number(id);
  }

  [[nodiscard]] control::DayInMemory day() const { return {buffer_.bytes(), count_}; }
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  template <typename View>
  std::byte* append() {
    return append(View::kSize);
  }

  // By itself: gcc 12 thinks it knows how much room there was before and warns of what is not so.
  [[gnu::noinline]] std::byte* append(std::size_t size) {
    ++count_;
    return buffer_.append(size);
  }

  void event(char code) {
    itch::SystemEventWriter{append<itch::SystemEvent>()}.timestamp(++ns_).event_code(code);
  }

  venue::MessageBuffer buffer_;
  std::uint64_t count_ = 0;
  std::uint64_t ns_ = 34'200'000'000'000;
};

// An order joins at that price and leaves again, each in a frame of its own.
class Rounds {
 public:
  explicit Rounds(std::uint32_t price_e4) {
    Messages messages;
    opening_ = messages.count();
    for (std::uint64_t id = 10; id < 10 + kRoundsBuilt; ++id) {
      messages.add({.id = id, .side = 'B', .quantity = 900, .price_e4 = price_e4});
      messages.remove(id);
    }
    bench::DayFrames packer{messages.day(), 1, bench::Packing::OneByOne};
    for (bench::MadeFrame made = packer.next(); made.messages != 0; made = packer.next())
      frames_.emplace_back(made.bytes.begin(), made.bytes.end());
    play(0, opening_);
  }

  // How many orders the strategy sent.
  std::uint64_t run(std::uint64_t rounds) {
    if (rounds > kRoundsBuilt) throw base::Error{"budget: not so many rounds were built"};
    play(opening_, opening_ + 2 * rounds);
    const engine::Rooms rooms = street_.rooms();
    if (rooms.gate.rejected() != 0 || rooms.books.all_stale())
      throw base::Error{"budget: the street was not what it should be"};
    return rooms.orders.counters().orders_sent;
  }

 private:
  void play(std::uint64_t from, std::uint64_t until) {
    for (std::uint64_t i = from; i < until; ++i) {
      now_ns_ += kNsPerFrame;
      street_.offer(frames_[i], now_ns_);
      (void)street_.poll(now_ns_);
      if (street_.answer_orders() > 0) (void)street_.poll(now_ns_);
    }
  }

  std::uint64_t now_ns_ = 1'700'000'000'000'000'000;
  bench::ArmedStreet<FixedClock> street_{
      {.parameters = {{"cooldown_us", std::int64_t{0}},
                      {"position_max", std::int64_t{1'000'000'000}}},
       .symbols = {kSymbol},
       .books = {.orders_max = 1U << 16, .levels_max = 1U << 14, .instruments_max = 64}},
      FixedClock{},
      now_ns_};
  std::uint64_t opening_ = 0;
  std::vector<std::vector<std::byte>> frames_;
};

}  // namespace

void run_quiet_frames(std::uint64_t frames, const std::string&) {
  const auto rounds = std::make_unique<Rounds>(kBid - 1'000);
  if (rounds->run(frames / 2) != 0) throw base::Error{"budget: a frame was not quiet"};
}

void run_orders(std::uint64_t orders, const std::string&) {
  const auto rounds = std::make_unique<Rounds>(kBid);
  if (rounds->run(orders) != orders) throw base::Error{"budget: not every round made an order"};
}

}  // namespace ridley::budget
