// SPDX-License-Identifier: Apache-2.0
// The exchange's side of a simulated street: the venue's trading day, feed, streams and order port,
// on the venue's stage, where a scenario goes wrong. In: the time, bytes of the firm's connections.
// Out: frames of the feed's lines as they arrive, bytes to the firm. A function of its inputs. One
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "feed/lines.hpp"
#include "simulation/clock.hpp"
#include "simulation/naive_books.hpp"
#include "simulation/plan.hpp"
#include "simulation/published.hpp"
#include "simulation/repair_servers.hpp"
#include "venue/account_streams.hpp"
#include "venue/feed_output.hpp"
#include "venue/order_gateway.hpp"
#include "venue/stage.hpp"
#include "venue/trading_day.hpp"

namespace ridley::simulation {

inline constexpr char kUser[] = "RIDLEY";
inline constexpr char kPassword[] = "TURTLE";
inline constexpr char kCopyUser[] = "COPY";

// Where the firm connects.
enum class Port : std::uint8_t { Orders, DropCopy };
inline constexpr std::uint32_t kFeedGroup = 0xE936'0C6F;  // 233.54.12.111: line A, then B, C
inline constexpr std::uint16_t kFeedPort = 26477;

struct MarketSettings {
  std::uint64_t seed = 1;
  double messages_per_second = 5'000;
  std::uint16_t instruments = 12;
  std::uint64_t order_latency_ns = 50 * kMicrosecondNs;
  std::uint32_t lines = 1;            // of the feed
  std::uint64_t line_latency_ns = 0;  // of each line behind the one before it, at most twice that
  // The exchange acts that often, and publishes together what came of it; 0: whenever it is due.
  std::uint64_t act_every_ns = 0;
  bool cancel_on_disconnect = false;  // the order port's
  Plan plan = {};                     // fate's part of it
};

class Market {
 public:
  // A frame of any line: its group says which.
  using SendFrame = std::function<void(std::span<const std::byte>)>;

  Market(const MarketSettings& settings, SendFrame send);

  // Everybody acts who has something to do by then, and what comes of it is told.
  void advance(std::uint64_t now_ns);
  // When somebody acts next, or something arrives, at the latest.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;

  // The firm's connections. False: nobody answers.
  [[nodiscard]] bool connect(std::uint64_t now_ns, Port port = Port::Orders);
  void disconnect(Port port = Port::Orders);
  // How much of what the firm says is taken now.
  [[nodiscard]] std::size_t room(Port port = Port::Orders) const noexcept {
    return client(port) ? client(port)->room() : 0;
  }
  void receive(std::span<const std::byte> bytes, std::uint64_t now_ns, Port port = Port::Orders);
  // What has arrived at the firm by then.
  [[nodiscard]] std::vector<std::byte> take_output(std::uint64_t now_ns, Port port = Port::Orders);
  // The exchange's end of the connection is gone.
  [[nodiscard]] bool hung_up(Port port = Port::Orders) const noexcept {
    return !client(port) || client(port)->dead();
  }
  // The venue's own faults of a connection are done to this; null: there is none.
  [[nodiscard]] venue::ClientSession* connection(Port port) noexcept { return client(port).get(); }
  // Nothing is under way to or from the order port, and nothing is kept back.
  [[nodiscard]] bool is_quiet() const noexcept;

  // What the venue's scenarios do not know.
  void restart_session();
  void silence(bool silent) noexcept { silent_ = silent; }
  // Of each line the next ones.
  void lose_frames(std::uint32_t count) noexcept { frames_to_lose_.fill(count); }
  void publish_unknown_order(std::uint16_t locate);  // a delete of an order that never was

  [[nodiscard]] bool is_down() const noexcept { return stage_.down(); }
  // Whom the firm asks for what it has missed.
  [[nodiscard]] RepairServers& repairs() noexcept { return repairs_; }
  [[nodiscard]] const venue::Account& account() { return day_.exchange().accounts().front(); }
  [[nodiscard]] const venue::Exchange& exchange() const noexcept { return day_.exchange(); }
  [[nodiscard]] const Published& published() const noexcept { return published_; }
  [[nodiscard]] const std::string& session() const noexcept { return published_.newest().name(); }
  // As the feed's last message has left them.
  [[nodiscard]] const NaiveBooks& books() const noexcept { return books_; }
  [[nodiscard]] const order::SoupStream& stream() const noexcept {
    return streams_.accounts().front().stream;
  }
  [[nodiscard]] const order::SoupStream& drop_copy() const noexcept {
    return streams_.drop_copies().front().stream;
  }
  // Frames that did not arrive as they were sent, or not alone.
  [[nodiscard]] std::uint64_t frames_harmed() const noexcept;

 private:
  [[nodiscard]] venue::Moment moment() const noexcept {
    return {.monotonic_ns = now_ns_, .exchange_ns = since_midnight(now_ns_)};
  }
  using Client = std::unique_ptr<venue::ClientSession>;

  [[nodiscard]] const Client& client(Port port) const noexcept {
    return clients_[static_cast<std::size_t>(port)];
  }
  [[nodiscard]] Client& client(Port port) noexcept {
    return clients_[static_cast<std::size_t>(port)];
  }
  void begin_session();
  void spin();
  void serve();
  void tell();

  venue::TradingDay day_;
  SendFrame send_;
  std::uint64_t seed_;
  std::uint32_t lines_;
  std::uint64_t act_every_ns_;
  std::optional<venue::FeedOutput> feed_;  // of the session; stays where it is
  RepairServers repairs_;
  venue::AccountStreams streams_;
  venue::OrderGateway gateway_{streams_};
  std::array<Client, 2> clients_;  // by port
  Published published_;
  NaiveBooks books_;
  std::uint64_t now_ns_ = kStartNs;
  std::uint64_t act_ns_ = kStartNs;  // when the exchange acts next, at the earliest
  std::uint32_t sessions_ = 0;
  std::uint32_t connections_ = 0;
  std::uint32_t crashes_ = 0;
  std::array<std::uint32_t, feed::kFeedLinesMax> frames_to_lose_{};
  std::uint64_t harmed_before_ = 0;  // in the sessions before
  bool silent_ = false;
  venue::Stage stage_;  // the last: it begins with everything else
};

}  // namespace ridley::simulation
