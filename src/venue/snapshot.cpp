// SPDX-License-Identifier: Apache-2.0
#include "venue/snapshot.hpp"

#include <array>

#include "wire/glimpse.hpp"

namespace ridley::venue {
namespace {

// A feed of its own, whose messages go into the stream instead of to everybody.
class Writer {
 public:
  Writer(const Exchange& exchange, order::SoupStream& stream)
      : exchange_{exchange}, stream_{stream}, feed_{exchange.instruments()} {
    feed_.at(exchange.now_ns());
  }

  void system_events() {
    const auto reached = static_cast<int>(exchange_.session());
    const auto tell = [&](Exchange::Session session, SystemEvent event) {
      if (reached >= static_cast<int>(session)) feed_.system_event(event);
    };
    tell(Exchange::Session::SystemHours, SystemEvent::StartOfMessages);
    tell(Exchange::Session::SystemHours, SystemEvent::StartOfSystemHours);
    tell(Exchange::Session::MarketHours, SystemEvent::StartOfMarketHours);
    tell(Exchange::Session::AfterHours, SystemEvent::EndOfMarketHours);
    tell(Exchange::Session::Ended, SystemEvent::EndOfSystemHours);
    tell(Exchange::Session::Ended, SystemEvent::EndOfMessages);
    hand_over();
  }

  // To every instrument of an exchange that has begun.
  template <typename Tell>
  void each(Tell&& tell) {
    if (exchange_.session() == Exchange::Session::Closed) return;
    for (std::uint32_t i = 1; i <= exchange_.instruments().count(); ++i) {
      tell(feed_, static_cast<std::uint16_t>(i));
      hand_over();
    }
  }

  void end() {
    std::array<std::byte, wire::glimpse::EndOfSnapshot::kSize> message;
    wire::glimpse::EndOfSnapshotWriter{message.data()}.sequence_number(
        exchange_.feed().next_sequence());
    stream_.append(message);
  }

 private:
  void hand_over() {
    for_each_message(feed_.published().bytes(),
                     [&](std::span<const std::byte> message) { stream_.append(message); });
    feed_.clear();
  }

  const Exchange& exchange_;
  order::SoupStream& stream_;
  MarketFeed feed_;
};

}  // namespace

void append_snapshot(const Exchange& exchange, order::SoupStream& stream) {
  Writer writer{exchange, stream};
  writer.system_events();
  writer.each([](MarketFeed& feed, std::uint16_t locate) { feed.directory(locate); });
  writer.each([&](MarketFeed& feed, std::uint16_t locate) {
    feed.trading_action(locate, exchange.trading_state(locate), exchange.state_reason(locate));
    feed.short_sale_restriction(locate, exchange.short_sales_restricted(locate) ? '1' : '0');
  });
  writer.each([&](MarketFeed& feed, std::uint16_t locate) {
    for (const event::Side side : {event::Side::Buy, event::Side::Sell}) {
      exchange.engine().for_each_order(locate, side, [&](const RestingOrder& order) {
        if (order.displayed()) feed.added(exchange.displayed(order));
        return true;
      });
    }
  });
  writer.end();
}

}  // namespace ridley::venue
