// SPDX-License-Identifier: Apache-2.0
// In: the operator's options and a stop flag. Out: an exchange that runs in real time until its
// seconds are over or it is told to stop: clients served, feed sent, the end told to everybody, a
// summary. Reads the clock; nothing behind it does. One thread, any core; rests when ahead of time.
//
// Without any port nobody can tell how fast time passes, so it does not
// wait: the day is made as fast as the machine can, the same bytes every time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "venue/account_streams.hpp"
#include "venue/drop_copy_port.hpp"
#include "venue/feed_output.hpp"
#include "venue/feed_wire.hpp"
#include "venue/glimpse_port.hpp"
#include "venue/message_history.hpp"
#include "venue/options.hpp"
#include "venue/order_listener.hpp"
#include "venue/rerequest_port.hpp"
#include "venue/stage.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {

struct Progress {
  double seconds = 0;
  std::uint64_t messages = 0;
  std::uint64_t logins = 0;
};

class VenueProcess {
 public:
  // Opens everything. Throws base::Error.
  explicit VenueProcess(Options options);

  // Until the end, or until the flag is set. The watcher is called about once a second.
  void run(const std::atomic<bool>& stop, const std::function<void(const Progress&)>& watcher);

  // After run().
  [[nodiscard]] std::string summary() const;
  // Of every byte that was published: to the feed and to the accounts.
  [[nodiscard]] std::uint64_t digest() const noexcept;
  [[nodiscard]] std::uint16_t order_port() const noexcept {
    return listeners_.empty() ? std::uint16_t{0} : listeners_.front()->port();
  }

 private:
  void tell_ready() const;
  void wait_for_peers(const std::atomic<bool>& stop);
  void run_paced(const std::atomic<bool>& stop,
                 const std::function<void(const Progress&)>& watcher);
  void run_unpaced(const std::atomic<bool>& stop);
  void finish();
  void see_off(std::uint64_t patience_ns, bool until_all_gone);
  bool turn(const Moment& now);
  void rest(const Moment& now);
  void flush(std::uint64_t ns);
  [[nodiscard]] Moment moment() const noexcept;
  [[nodiscard]] bool paced() const noexcept {
    return wire_ || glimpse_ || rerequest_ || drop_copy_ || !listeners_.empty();
  }
  [[nodiscard]] std::uint64_t logins() const noexcept;
  void open_ports();
  void follow_crashes();
  bool poll_ports(const Moment& now);
  [[nodiscard]] bool hear_out();
  bool send(std::size_t line, std::span<const std::byte> frame);

  Options options_;
  std::uint64_t start_ns_;
  std::uint64_t end_ns_;
  std::uint64_t began_monotonic_ns_ = 0;
  TradingDay day_;
  std::optional<FeedWire> wire_;
  AccountStreams streams_;
  std::vector<std::unique_ptr<OrderListener>> listeners_;
  Connections drop_copies_;
  Connections snapshots_;
  std::optional<DropCopyPort> drop_copy_;
  std::optional<GlimpsePort> glimpse_;
  RerequestLine rerequests_;
  std::optional<RerequestPort> rerequest_;
  MessageHistory history_;
  FeedOutput output_;
  std::optional<Stage> stage_;  // when the ports are there
  std::uint32_t crashes_ = 0;   // that the ports know of
  bool crashed_ = false;        // they are closed
};

}  // namespace ridley::venue
