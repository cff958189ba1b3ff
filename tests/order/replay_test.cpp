// SPDX-License-Identifier: Apache-2.0
// A connection that is lost at any byte of the exchange's stream and made again: what the hot core
// learns is what it would have learned without. Session, protocol and order state together, without
// a socket: order/soup_client.cpp, order/soup_server.cpp, order/order_entry.cpp, and for OUCH 4.2
// order/ouch42_port.cpp and order/ouch42_replies.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "order/ouch42_port.hpp"
#include "order/ouch42_replies.hpp"
#include "order/soup_client.hpp"
#include "order/soup_server.hpp"
#include "order_fixture.hpp"

namespace ridley::order {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr TokenPrefix kPrefix{'R', 'E', 'P', 'L', 'A', 'Y'};
constexpr std::size_t kEverything = ~std::size_t{0};

// Accepts each order, trades half of it, and takes away a quarter.
class Exchange {
 public:
  explicit Exchange(bool older) {
    if (older) port_.emplace();
  }

  void receive(std::span<const std::byte> message) {
    if (port_) message = port_->to_exchange(message, 43'200);
    (void)ouch::visit_inbound(message, Visitor{*this});
  }

  SoupStream stream{"DAY1"};

 private:
  struct Visitor {
    void operator()(const ouch::EnterOrder& order) {
      const std::uint32_t user_ref = order.user_ref_num();
      const std::uint32_t quantity = order.quantity();
      exchange.next_ = std::max(exchange.next_, user_ref + 1);
      exchange.say(accepted(user_ref, quantity));
      exchange.say(executed(user_ref, quantity / 2, 900 + user_ref));
      exchange.say(canceled(user_ref, quantity / 4));
    }
    void operator()(const ouch::AccountQuery&) { exchange.say(query_response(exchange.next_)); }
    void operator()(const auto&) {}

    Exchange& exchange;
  };

  void say(const Message& message) {
    const auto said = port_ ? port_->to_client(message) : std::span<const std::byte>{message};
    if (!said.empty()) stream.append(said);
  }

  std::optional<Ouch42Port> port_;
  std::uint32_t next_ = 1;
};

class Trader {
 public:
  explicit Trader(bool older)
      : gate{wide_limits(), 16},
        entry{{.token_prefix = older ? std::optional{kPrefix} : std::nullopt,
               .orders_max = 64,
               .executions_max = 64},
              ring} {
    if (older) replies.emplace(kPrefix);
    entry.set_symbol(3, {'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '});
    event::Command arm{};
    arm.kind = event::CommandKind::Arm;
    gate.apply(arm);
  }

  void send(std::uint32_t quantity) {
    const risk::Verdict verdict =
        gate.check(intent_of(event::IntentKind::New, quantity), open_market(), 1);
    ASSERT_TRUE(verdict.order);
    const Sent sent = entry.send(*verdict.order);
    ASSERT_TRUE(sent.ok);
    gate.apply(sent.event);
  }

  void hear(InboundKind kind, std::uint64_t sequence = 0, std::span<const std::byte> bytes = {}) {
    Inbound inbound;
    inbound.kind = kind;
    inbound.sequence = sequence;
    inbound.connection = connection;
    inbound.length = static_cast<std::uint16_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), inbound.bytes.begin());
    for (const event::OrderEvent& event : entry.receive(inbound)) {
      gate.apply(event);
      learned += std::string{event::name_of(event.kind)} + " " + std::to_string(event.user_ref) +
                 " " + std::to_string(event.quantity) + " open " +
                 std::to_string(event.open_quantity) + "\n";
    }
  }

  void take(SoupClient& client, std::uint64_t now_ns) {
    while (const auto event = client.next(now_ns)) {
      std::array<std::byte, kTranslatedBytesMax> room;
      switch (event->kind) {
        case SoupEventKind::LoggedIn:
          ++connection;
          hear(InboundKind::LoggedIn, event->sequence, std::as_bytes(std::span{client.session()}));
          break;
        case SoupEventKind::Sequenced:
          hear(InboundKind::Message, event->sequence,
               replies ? replies->translate(event->payload, room) : event->payload);
          break;
        case SoupEventKind::Quiet: hear(InboundKind::Quiet); break;
        default: FAIL() << name(event->cause);
      }
    }
  }

  base::SpscRing<Outbound> ring{64};
  risk::RiskGate gate;
  OrderEntry entry;
  std::optional<Ouch42Replies> replies;
  std::uint16_t connection = 0;
  std::string learned;
};

class Replay : public testing::TestWithParam<bool> {
 protected:
  // One connection: both sides talk until the exchange has been silent for some seconds. After
  // `bytes` of what it says from here on the line is dead.
  void talk(Exchange& exchange, Trader& trader, SoupClient& client, std::size_t bytes,
            std::uint32_t orders) {
    SoupServer server{exchange.stream, {.username = "ridley", .password = "secret"}, now_ns};
    client.connected(now_ns);
    for (const std::uint64_t end_ns = now_ns + 4 * kSecond; now_ns < end_ns;
         now_ns += kSecond / 4) {
      client.poll(now_ns);
      server.receive(client.output(), now_ns);
      client.sent(client.output().size());
      while (const auto event = server.next(now_ns))
        if (event->kind == SoupServerEventKind::Message) exchange.receive(event->payload);
      server.poll(now_ns);
      const std::size_t size = server.output().size();
      const std::size_t passed = std::min(bytes, size);
      client.receive(server.output().first(passed), now_ns);
      if (bytes != kEverything) bytes = passed < size ? 0 : bytes - passed;
      spoken += size;
      server.sent(size);
      trader.take(client, now_ns);
      for (; orders > 0 && trader.entry.ready(); --orders) trader.send(100 * orders);
      for (Outbound packet; trader.ring.pop(packet);)
        if (packet.connection == trader.connection) client.send_packet(packet.packet(), now_ns);
    }
    client.disconnected();
    trader.hear(InboundKind::Disconnected);
  }

  // What a trader learns whose second connection dies after so many bytes; its last one lives.
  std::string learned(std::size_t bytes) {
    now_ns = 0;
    Exchange exchange{GetParam()};
    Trader trader{GetParam()};
    SoupClient client{{.username = "ridley", .password = "secret", .session = ""}};
    talk(exchange, trader, client, kEverything, 0);
    spoken = 0;
    talk(exchange, trader, client, bytes, 3);
    said = spoken;
    talk(exchange, trader, client, kEverything, 0);
    EXPECT_EQ(trader.entry.broken_invariants(), 0U) << "cut after " << bytes;
    EXPECT_EQ(trader.entry.counters().lost, 0U) << "cut after " << bytes;
    return trader.learned + "position " + std::to_string(trader.gate.position(3)) + " open " +
           std::to_string(trader.gate.exposure().open_buys());
  }

  std::uint64_t now_ns = 0;
  std::size_t spoken = 0;
  std::size_t said = 0;  // by the exchange on the second connection
};

TEST_P(Replay, ACutAnywhereChangesNothing) {
  const std::string whole = learned(kEverything);
  EXPECT_NE(whole.find("position 300 open 150"), std::string::npos) << whole;
  const std::size_t bytes = said;
  ASSERT_GT(bytes, 300U);
  for (std::size_t cut = 0; cut < bytes; ++cut) {
    const std::string cut_one = learned(cut);
    // Before the login nothing is sent at all, so that there is nothing to learn.
    if (cut_one == "position 0 open 0") continue;
    ASSERT_EQ(cut_one, whole) << "cut after " << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Protocols, Replay, testing::Bool(),
                         [](const auto& protocol) { return protocol.param ? "Ouch42" : "Ouch50"; });

}  // namespace
}  // namespace ridley::order
