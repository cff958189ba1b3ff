// SPDX-License-Identifier: Apache-2.0
#include "simulation/repair_servers.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ridley::simulation {
namespace {

using order::TcpSocket;

constexpr std::size_t kHistoryBytes = std::size_t{64} << 20;  // more than any day has

}  // namespace

RepairServers::RepairServers(std::vector<venue::AccountSettings> accounts, std::uint64_t seed,
                             std::uint64_t latency_ns)
    : accounts_{std::move(accounts)},
      seed_{seed},
      latency_ns_{latency_ns},
      answers_(kRerequestServers) {}

// A snapshot that is on its way is of the session before.
void RepairServers::begin_session(const std::string& name) {
  session_ = name;
  line_.emplace(name, seed_ += 2 * kRerequestServers);
  history_.emplace(kHistoryBytes);
  if (reader_) reader_->client.kill();
}

void RepairServers::advance(const venue::Exchange& exchange, bool down, std::uint64_t now_ns) {
  now_ns_ = now_ns;
  down_ = down;
  if (down) {
    if (reader_) reader_->client.kill();
    return;
  }
  line_->answer(*history_, now_ns, [this](std::uint64_t server, std::span<const std::byte> answer) {
    answers_[server].emplace_back(answer.begin(), answer.end());
  });
  if (!reader_) return;
  const bool was_served = reader_->snapshot.served_ns() != 0;
  (void)reader_->snapshot.serve(reader_->client, exchange, now_ns);
  if (!was_served && reader_->snapshot.served_ns() != 0) impair(*reader_);
}

std::uint64_t RepairServers::next_ns() const noexcept {
  if (down_) return kNeverNs;
  std::uint64_t next_ns = line_->next_ns();
  if (!reader_ || reader_->client.dead()) return next_ns;
  // What has arrived and is not read waits for the recovery core, which looks when it likes.
  const std::uint64_t arrives_ns = reader_->client.next_ns();
  return arrives_ns > now_ns_ ? std::min(next_ns, arrives_ns) : next_ns;
}

void RepairServers::slow_until(std::uint64_t ns, std::uint64_t bytes_a_second) noexcept {
  slow_until_ns_ = ns;
  slow_bytes_a_second_ = bytes_a_second;
}

void RepairServers::impair(Reader& reader) {
  venue::StreamFaults faults{.delay_ns = latency_ns_};
  if (now_ns_ < slow_until_ns_) faults.bytes_a_second = slow_bytes_a_second_;
  reader.client.impair_down(faults, now_ns_);
  if (now_ns_ < silent_until_ns_) reader.client.go_silent();
  if (now_ns_ < cut_until_ns_) reader.client.cut();
}

void RepairServers::ask(std::size_t server, std::span<const std::byte> datagram) {
  if (!down_) line_->ask(server, datagram, now_ns_);
}

std::optional<std::size_t> RepairServers::answer(std::size_t server, std::span<std::byte> into) {
  std::deque<std::vector<std::byte>>& answers = answers_[server];
  if (answers.empty()) return std::nullopt;
  const std::size_t size = std::min(answers.front().size(), into.size());
  std::memcpy(into.data(), answers.front().data(), size);
  answers.pop_front();
  return size;
}

bool RepairServers::start_connect() {
  reader_.emplace(now_ns_, seed_ + 1'000 + 2 * ++readers_,
                  venue::GlimpseSession{session_, accounts_});
  reader_->connected_ns = now_ns_ + 2 * latency_ns_;
  reader_->client.impair_up({.delay_ns = latency_ns_}, now_ns_);
  return true;
}

TcpSocket::Progress RepairServers::connecting() {
  if (!reader_ || down_ || reader_->client.dead() || now_ns_ < refused_until_ns_)
    return TcpSocket::Progress::Failed;
  return now_ns_ < reader_->connected_ns ? TcpSocket::Progress::Waiting
                                         : TcpSocket::Progress::Connected;
}

TcpSocket::Moved RepairServers::send(std::span<const std::byte> bytes) {
  if (!reader_ || reader_->client.dead()) return {.outcome = TcpSocket::Outcome::Closed};
  reader_->client.receive(bytes, now_ns_);
  return {.outcome = TcpSocket::Outcome::Done, .bytes = bytes.size()};
}

TcpSocket::Moved RepairServers::receive(std::span<std::byte> into) {
  if (!reader_) return {.outcome = TcpSocket::Outcome::Closed};
  const std::span<const std::byte> output = reader_->client.output(now_ns_);
  const std::size_t size = std::min(output.size(), into.size());
  if (size > 0) {
    std::memcpy(into.data(), output.data(), size);
    reader_->client.sent(size);
    return {.outcome = TcpSocket::Outcome::Done, .bytes = size};
  }
  const bool closed = reader_->client.dead();
  return {.outcome = closed ? TcpSocket::Outcome::Closed : TcpSocket::Outcome::TryLater};
}

}  // namespace ridley::simulation
