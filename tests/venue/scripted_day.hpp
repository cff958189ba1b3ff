// SPDX-License-Identifier: Apache-2.0
// A whole day of a scenario in memory, with a client of ours at the order port and somebody who
// listens to every line: what they got can be held against what was published.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exchange_bench.hpp"
#include "nic/datagram.hpp"
#include "order/soup_client.hpp"
#include "venue/options.hpp"
#include "venue/stage.hpp"
#include "wire/mold.hpp"

namespace ridley::venue::test {

// What arrived on one line.
struct Listener {
  std::map<std::uint64_t, Bytes> messages;  // by number; the first that came
  std::map<std::uint64_t, std::uint64_t> arrived_ns;
  std::uint64_t packets = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t strangers = 0;
  std::uint64_t repeated = 0;
  std::uint64_t conflicting = 0;  // another message under a number that was there
  std::uint64_t out_of_order = 0;
  std::uint64_t highest = 0;

  void hear(std::span<const std::byte> bytes, std::uint64_t ns) {
    nic::Frame frame;
    frame.bytes = bytes.data();
    frame.length = static_cast<std::uint32_t>(bytes.size());
    nic::Datagram datagram;
    ++packets;
    const bool whole = nic::strip(frame, datagram) == nic::Strip::Udp &&
                       datagram.payload.size() >= wire::mold::Header::kSize;
    if (!whole) {
      ++unreadable;
      return;
    }
    const wire::mold::Header header{datagram.payload.data()};
    if (header.session().text() != "SESSION") {
      ++strangers;
      return;
    }
    if (header.message_count() == 0 || header.message_count() == 0xFFFF) return;
    std::uint64_t number = header.sequence_number();
    if (number < highest) ++out_of_order;
    highest = std::max(highest, number);
    for_each_message(datagram.payload.subspan(wire::mold::Header::kSize), [&](auto message) {
      const Bytes copy{message.begin(), message.end()};
      const auto [at, is_new] = messages.emplace(number, copy);
      if (is_new) arrived_ns[number] = ns;
      if (!is_new) ++(at->second == copy ? repeated : conflicting);
      ++number;
    });
  }
};

// Our own client, whose connection is memory.
class ScriptedClient {
 public:
  ScriptedClient(OrderGateway& gateway, const AccountStreams& streams)
      : gateway_{gateway}, streams_{streams}, soup_{settings()} {}

  void connect(std::uint64_t ns) {
    session_ = std::make_unique<ClientSession>(ns, 0, 99);
    gateway_.join(*session_);
    soup_.connected(ns);
  }
  void send(const Bytes& message, std::uint64_t ns) {
    Bytes packet;
    order::append_packet(packet, order::SoupType::Unsequenced, message);
    soup_.send_packet(packet, ns);
  }
  // Both directions, as much as is to be had.
  void turn(TradingDay& day, std::uint64_t ns) {
    if (session_ == nullptr) return;
    if (!soup_broken_) soup_.poll(ns);
    const auto said = soup_.output();
    const std::size_t room = std::min(session_->room(), said.size());
    session_->receive(said.first(room), ns);
    soup_.sent(room);
    (void)gateway_.serve(*session_, day, {ns, ns});
    for (auto bytes = session_->output(ns); !bytes.empty(); bytes = session_->output(ns)) {
      ++pieces;
      soup_.receive(bytes, ns);
      session_->sent(bytes.size());
    }
    hear(ns);
    if (session_->dead() || soup_broken_) lose(day, ns);
  }
  // The exchange is gone.
  void lose() {
    session_.reset();
    soup_.disconnected();
    ++losses;
  }

  [[nodiscard]] bool connected() const noexcept { return session_ != nullptr; }
  [[nodiscard]] bool logged_in() const noexcept { return connected() && soup_.logged_in(); }

  Lines heard;
  std::vector<std::uint64_t> heard_ns;
  std::uint64_t pieces = 0;
  std::uint64_t losses = 0;
  order::SoupCause cause = order::SoupCause::None;

 private:
  static order::SoupClientSettings settings() {
    order::SoupClientSettings settings;
    settings.username = "ONE";
    settings.password = "secret";
    return settings;
  }
  void hear(std::uint64_t ns) {
    while (const auto event = soup_.next(ns)) {
      if (event->kind == order::SoupEventKind::Broken) {
        soup_broken_ = true;
        cause = event->cause;
      }
      if (event->kind != order::SoupEventKind::Sequenced) continue;
      std::string line;
      (void)wire::ouch::visit_outbound(event->payload, ReplyLine{&line});
      heard.push_back(line);
      heard_ns.push_back(ns);
    }
  }
  void lose(TradingDay& day, std::uint64_t ns) {
    gateway_.leave(*session_, day, {ns, ns});
    soup_broken_ = false;
    lose();
  }

  OrderGateway& gateway_;
  const AccountStreams& streams_;
  std::unique_ptr<ClientSession> session_;
  order::SoupClient soup_;
  bool soup_broken_ = false;
};

class ScriptedDay {
 public:
  static constexpr std::uint64_t kTurn_ns = 100'000;

  explicit ScriptedDay(const Scenario& scenario)
      : start_ns{parse_time_of_day_ns(scenario.market.start)},
        now_ns{start_ns},
        day{day_settings(scenario)},
        streams{"SESSION", accounts(), drop_copy_readers(), scenario.market.seed},
        gateway{streams},
        output{output_settings(scenario),
               [this](std::size_t line, std::span<const std::byte> frame) {
                 lines[line].hear(frame, now_ns);
                 return true;
               }},
        stage{scenario, start_ns,
              Cast{.day = day,
                   .output = output,
                   .streams = streams,
                   .gateways = {&gateway},
                   .snapshots = &snapshots,
                   .drop_copies = &drop_copies,
                   .rerequests = &rerequests}},
        client{gateway, streams} {}

  // Every turn the test may do something, then everybody moves.
  template <typename EveryTurn>
  void run(double seconds, EveryTurn&& every_turn) {
    const auto until_ns = start_ns + static_cast<std::uint64_t>(seconds * 1e9);
    for (; now_ns <= until_ns; now_ns += kTurn_ns) {
      (void)stage.advance({now_ns, now_ns}, 0xFFFF'FFFF);
      if (stage.crashes() != crashes_) {
        crashes_ = stage.crashes();
        gateway.lose_all();
        if (client.connected()) client.lose();
      }
      every_turn(static_cast<double>(now_ns - start_ns) / 1e9);
      keep();
      stage.tell(now_ns);
      if (!stage.down()) client.turn(day, now_ns);
    }
  }
  void run(double seconds) {
    run(seconds, [](double) {});
  }
  // Ends the day; what was late arrives.
  void finish() {
    day.close(now_ns);
    keep();
    for (int turn = 0; turn < 100; ++turn) {
      stage.tell(now_ns);
      now_ns += kTurn_ns;
    }
  }

  [[nodiscard]] std::uint64_t count() const noexcept { return published.size(); }
  // The messages that no line had, as numbers of first and last.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps(
      const std::vector<std::size_t>& of_lines, std::uint64_t from = 1) const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    for (std::uint64_t number = from; number <= count(); ++number) {
      bool there = false;
      for (const std::size_t line : of_lines) there |= lines[line].messages.contains(number);
      if (there) continue;
      if (found.empty() || found.back().second + 1 != number) found.emplace_back(number, number);
      found.back().second = number;
    }
    return found;
  }
  [[nodiscard]] bool says_the_truth(std::size_t line) const {
    for (const auto& [number, message] : lines[line].messages) {
      if (number > count() || published[number - 1] != message) return false;
    }
    return true;
  }
  // Of the feed, "H RAAA P LUDP", with the seconds since the start.
  [[nodiscard]] double first(const std::string& line, double after = 0) const {
    for (const auto& [seconds, text] : notices) {
      if (seconds >= after && text == line) return seconds;
    }
    return -1;
  }

  std::uint64_t start_ns;
  std::uint64_t now_ns;
  TradingDay day;
  AccountStreams streams;
  OrderGateway gateway;
  Connections snapshots;
  Connections drop_copies;
  std::array<Listener, 3> lines;
  FeedOutput output;
  MessageHistory history{std::size_t{1} << 26};
  RerequestLine rerequests{"SESSION", 5};
  Stage stage;
  ScriptedClient client;
  std::vector<Bytes> published;
  std::vector<std::pair<double, std::string>> notices;  // not of orders

 private:
  static std::vector<AccountSettings> accounts() { return {{"ONE", "secret", "FRMA"}}; }
  static std::vector<AccountSettings> drop_copy_readers() { return {{"COPY", "secret", ""}}; }
  static TradingDaySettings day_settings(const Scenario& scenario) {
    Options options;
    options.market_rules = scenario.market.market_rules;
    options.pause_s = scenario.market.pause_s;
    TradingDaySettings settings;
    settings.exchange.instrument_count = static_cast<std::uint16_t>(scenario.market.instruments);
    settings.exchange.accounts = accounts();
    settings.participants.seed = scenario.market.seed;
    settings.participants.messages_per_second = scenario.market.messages_per_second;
    settings.start_ns = parse_time_of_day_ns(scenario.market.start);
    settings.rules = rules_of(options);
    return settings;
  }
  static FeedOutputSettings output_settings(const Scenario& scenario) {
    FeedOutputSettings settings;
    settings.session = "SESSION";
    settings.seed = scenario.market.seed;
    settings.route.destination_ip = 0xE9360C6F;
    for (std::uint32_t line = 1; line < scenario.market.lines; ++line)
      settings.more_routes.push_back(settings.route);
    return settings;
  }
  void keep() {
    history.append(day.exchange().feed().published().bytes());
    for_each_message(day.exchange().feed().published().bytes(), [&](auto message) {
      published.emplace_back(message.begin(), message.end());
      const auto type = static_cast<char>(message[0]);
      if (type != 'H' && type != 'W' && type != 'S' && type != 'Q') return;
      std::string line;
      (void)wire::itch::visit(message, FeedLine{&line});
      notices.emplace_back(static_cast<double>(now_ns - start_ns) / 1e9, line);
    });
  }

  std::uint32_t crashes_ = 0;
};

}  // namespace ridley::venue::test
