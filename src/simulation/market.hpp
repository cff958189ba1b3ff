// SPDX-License-Identifier: Apache-2.0
// The exchange's side of a simulated street: the venue's trading day, its feed and its order port,
// and what can go wrong there. In: the time, bytes of the firm's connection, deeds. Out: frames of
// the feed, bytes to the firm. A function of its inputs. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nic/udp_frame.hpp"
#include "order/soup_server.hpp"
#include "simulation/clock.hpp"
#include "simulation/naive_books.hpp"
#include "simulation/published.hpp"
#include "venue/feed_output.hpp"
#include "venue/random.hpp"
#include "venue/trading_day.hpp"

namespace ridley::simulation {

inline constexpr char kUser[] = "RIDLEY";
inline constexpr char kPassword[] = "TURTLE";
inline constexpr std::uint32_t kFeedGroup = 0xE936'0C6F;  // 233.54.12.111
inline constexpr std::uint16_t kFeedPort = 26477;

struct MarketSettings {
  std::uint64_t seed = 1;
  double messages_per_second = 5'000;
  std::uint16_t instruments = 12;
  std::uint64_t heartbeat_ns = 1'000'000'000;  // of the order connection
  std::uint64_t dead_peer_ns = 15'000'000'000;
};

class Market {
 public:
  using SendFrame = std::function<void(std::span<const std::byte>)>;

  Market(const MarketSettings& settings, SendFrame send);

  // Everybody acts who has something to do by then, and what comes of it is published.
  void advance(std::uint64_t now_ns);
  // When somebody acts next, at the latest.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;

  // The firm's connection. False: nobody answers.
  [[nodiscard]] bool connect(std::uint64_t now_ns);
  void disconnect() noexcept { server_.reset(); }
  void receive(std::span<const std::byte> bytes, std::uint64_t now_ns);
  [[nodiscard]] std::vector<std::byte> take_output();
  // The exchange has given up on the connection.
  [[nodiscard]] bool hung_up() const noexcept { return server_ && server_->broken(); }

  // Crashed, and not yet back.
  [[nodiscard]] bool is_down() const noexcept { return now_ns_ < down_until_ns_; }

  // What can go wrong.
  void silence(bool silent) noexcept { silent_ = silent; }
  void publish_unknown_order(std::uint16_t locate);  // a delete of an order that never was
  void restart_session();
  void reject_orders_until(std::uint64_t ns) noexcept { rejecting_until_ns_ = ns; }
  void shuffle_acks_until(std::uint64_t ns) noexcept { shuffling_until_ns_ = ns; }
  void cancel_orders();
  void crash_until(std::uint64_t ns);
  void halt_until(std::uint16_t locate, std::uint64_t ns);
  void heal();

  [[nodiscard]] const venue::Account& account() { return day_.exchange().accounts().front(); }
  [[nodiscard]] const venue::Exchange& exchange() const noexcept { return day_.exchange(); }
  [[nodiscard]] const Published& published() const noexcept { return published_; }
  // As the feed's last message has left them.
  [[nodiscard]] const NaiveBooks& books() const noexcept { return books_; }
  [[nodiscard]] const order::SoupStream& stream() const noexcept { return stream_; }
  [[nodiscard]] bool has_held_acks() const noexcept { return !held_.empty(); }
  // Answers that changed places with another, orders that a storm rejected, orders taken away.
  struct Counts {
    std::uint64_t shuffled = 0;
    std::uint64_t rejected = 0;
    std::uint64_t canceled = 0;
  };
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  using Message = std::vector<std::byte>;

  void begin_session();
  void spin();
  void publish();
  void resume_halted();
  void answer();
  void collect_replies();
  void release_acks();

  venue::TradingDay day_;
  SendFrame send_;
  std::optional<venue::FeedOutput> feed_;
  std::uint32_t sessions_ = 0;
  Published published_;
  NaiveBooks books_;

  order::SoupStream stream_{"SIM"};
  order::SoupServerSettings session_;
  std::optional<order::SoupServer> server_;
  venue::Random random_;
  std::vector<Message> held_;  // answers that may change places

  std::uint64_t now_ns_ = kStartNs;
  std::uint64_t rejecting_until_ns_ = 0;
  std::uint64_t shuffling_until_ns_ = 0;
  std::uint64_t down_until_ns_ = 0;
  std::map<std::uint16_t, std::uint64_t> halted_until_ns_;
  bool silent_ = false;
  Counts counts_;
};

}  // namespace ridley::simulation
