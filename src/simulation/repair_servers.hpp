// SPDX-License-Identifier: Apache-2.0
// The exchange's servers for who has missed something, and the network to them: re-requests of what
// was published, and GLIMPSE snapshots, all of it the venue's own. In: the time, what was
// published, the recovery core's datagrams and bytes. Out: what answers it, over paths that may be
// bad. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/recovery_wire.hpp"
#include "simulation/clock.hpp"
#include "venue/exchange.hpp"
#include "venue/glimpse_session.hpp"
#include "venue/message_history.hpp"
#include "venue/rerequest_line.hpp"

namespace ridley::simulation {

// Both are the same server on paths of their own.
inline constexpr std::size_t kRerequestServers = 2;

class RepairServers final : public engine::RecoveryWire {
 public:
  RepairServers(std::vector<venue::AccountSettings> accounts, std::uint64_t seed,
                std::uint64_t latency_ns);

  // What was published before it is not to be had any more. For the stage: its place stays.
  void begin_session(const std::string& name);
  venue::RerequestLine& line() noexcept { return *line_; }
  // Messages behind their lengths.
  void published(std::span<const std::byte> framed) { history_->append(framed); }

  // What has arrived is dealt with; nobody is there while the exchange is down.
  void advance(const venue::Exchange& exchange, bool down, std::uint64_t now_ns);
  // When something arrives next.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;

  // What goes wrong with snapshots until then.
  void refuse_until(std::uint64_t ns) noexcept { refused_until_ns_ = ns; }
  void cut_until(std::uint64_t ns) noexcept { cut_until_ns_ = ns; }
  void slow_until(std::uint64_t ns, std::uint64_t bytes_a_second) noexcept;
  void silent_until(std::uint64_t ns) noexcept { silent_until_ns_ = ns; }

  void ask(std::size_t server, std::span<const std::byte> datagram) override;
  [[nodiscard]] std::optional<std::size_t> answer(std::size_t server,
                                                  std::span<std::byte> into) override;
  [[nodiscard]] bool start_connect() override;
  [[nodiscard]] order::TcpSocket::Progress connecting() override;
  [[nodiscard]] order::TcpSocket::Moved send(std::span<const std::byte> bytes) override;
  [[nodiscard]] order::TcpSocket::Moved receive(std::span<std::byte> into) override;
  void close() override { reader_.reset(); }

 private:
  struct Reader {
    Reader(std::uint64_t ns, std::uint64_t seed, venue::GlimpseSession&& snapshot_of)
        : client{ns, 0, seed}, snapshot{std::move(snapshot_of)} {}
    venue::ClientSession client;
    venue::GlimpseSession snapshot;
    std::uint64_t connected_ns = 0;
  };

  void impair(Reader& reader);

  std::vector<venue::AccountSettings> accounts_;
  std::uint64_t seed_;
  std::uint64_t latency_ns_;
  std::string session_;
  std::optional<venue::RerequestLine> line_;
  std::optional<venue::MessageHistory> history_;
  std::vector<std::deque<std::vector<std::byte>>> answers_;  // of each server
  std::optional<Reader> reader_;
  std::uint64_t readers_ = 0;
  std::uint64_t now_ns_ = kStartNs;
  bool down_ = false;
  std::uint64_t refused_until_ns_ = 0;
  std::uint64_t cut_until_ns_ = 0;
  std::uint64_t slow_until_ns_ = 0;
  std::uint64_t slow_bytes_a_second_ = 0;
  std::uint64_t silent_until_ns_ = 0;
};

}  // namespace ridley::simulation
