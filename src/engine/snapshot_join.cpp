// SPDX-License-Identifier: Apache-2.0
#include "engine/snapshot_join.hpp"

#include <algorithm>
#include <utility>

#include "wire/glimpse.hpp"

namespace ridley::engine {

SnapshotJoin::SnapshotJoin(RecoveryLink& link, std::vector<event::Symbol> symbols)
    : link_{link}, symbols_{std::move(symbols)} {
  std::ranges::sort(symbols_);
}

void SnapshotJoin::begin(std::uint64_t tapped_from) {
  if (link_.shadow == nullptr) link_.shadow = std::make_unique<book::Books>(link_.limits);
  link_.shadow->restart();
  link_.directory.clear();
  messages_ = 0;
  tapped_from_ = tapped_end_ = tapped_from;
  drop();
}

void SnapshotJoin::drop() {
  join_.reset();
  kept_.clear();
  kept_bytes_ = 0;
}

bool SnapshotJoin::take(std::span<const std::byte> message) {
  using wire::glimpse::EndOfSnapshot;
  if (is_whole() || message.empty()) return false;
  ++messages_;
  if (static_cast<char>(message[0]) == EndOfSnapshot::kType) return end(message);
  event::MarketEvent event;
  switch (feed::decode(message, 0, event)) {
    case feed::Decoded::UnknownType: return true;
    case feed::Decoded::Truncated: return false;
    case feed::Decoded::Event: break;
  }
  (void)link_.shadow->apply(event);
  if (event.kind == event::EventKind::Directory &&
      std::ranges::binary_search(symbols_, event.directory.symbol))
    link_.directory.push_back(event);
  return true;
}

bool SnapshotJoin::end(std::span<const std::byte> message) {
  using wire::glimpse::EndOfSnapshot;
  if (message.size() < EndOfSnapshot::kSize) return false;
  const auto next = EndOfSnapshot{message.data()}.sequence_number().value();
  if (!next || *next == 0) return false;
  join_.emplace(feed::SequencerOptions{.first_sequence = *next});
  return hole().from != hole().end || apply_kept();
}

bool SnapshotJoin::tap(std::span<const std::byte> packet) {
  const wire::mold::Header header{packet.data()};
  tapped_end_ = header.sequence_number() + header.message_count();
  if (is_whole() && kept_.empty() && hole().from == hole().end) return apply(packet);
  kept_.emplace_back(packet.begin(), packet.end());
  kept_bytes_ += packet.size();
  return kept_bytes_ <= kKeptBytesMax;
}

SnapshotJoin::Hole SnapshotJoin::hole() const noexcept {
  const std::uint64_t next = join_ ? join_->next_sequence() : tapped_from_;
  return {.from = std::min(next, tapped_from_), .end = tapped_from_};
}

bool SnapshotJoin::fill(std::span<const std::byte> packet) {
  if (!is_whole() || hole().from == hole().end) return true;
  const feed::Arrived arrived = join_->accept(packet);
  // Another server may have a better one, and what is beyond the hole is not asked for.
  if (arrived.missing_count != 0) return false;
  apply_messages(*link_.shadow, feed::Blocks{arrived});
  return hole().from != hole().end || apply_kept();
}

bool SnapshotJoin::apply_kept() {
  for (const std::vector<std::byte>& packet : kept_)
    if (!apply(packet)) return false;
  kept_.clear();
  kept_bytes_ = 0;
  return true;
}

// What the snapshot has already is left out. Nothing may be missing: these are our own.
bool SnapshotJoin::apply(std::span<const std::byte> packet) {
  const feed::Arrived arrived = join_->accept(packet);
  if (arrived.missing_count != 0 || arrived.arrival == feed::Arrival::OtherSession) return false;
  apply_messages(*link_.shadow, feed::Blocks{arrived});
  return true;
}

bool SnapshotJoin::is_level() const noexcept {
  return is_whole() && kept_.empty() && hole().from == hole().end &&
         tapped_end_ >= join_->next_sequence();
}

}  // namespace ridley::engine
