// SPDX-License-Identifier: Apache-2.0
// In: pieces, each behind a byte that says what it is and a two-byte length: messages of a
// snapshot, answers of a re-request server, packets that the hot core has delivered. Holds what the
// recovery core reads to this: nothing is read beyond a piece, a hole only shrinks, and books are
// level with the stream only when the snapshot was whole.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "engine/snapshot_join.hpp"
#include "feed/rerequest_client.hpp"

using namespace ridley;

namespace {

constexpr book::Limits kBooks{.orders_max = 1'024, .levels_max = 1'024, .instruments_max = 8};
const feed::SessionName kSession{std::string_view{"SESSION001"}};

// A packet with a header of our own: what is tapped has been checked before.
std::vector<std::byte> delivered(std::uint64_t sequence, std::span<const std::byte> message) {
  std::vector<std::byte> packet(wire::mold::Header::kSize + 2 + message.size());
  wire::mold::HeaderWriter{packet.data()}
      .session("SESSION001")
      .sequence_number(sequence)
      .message_count(1);
  base::store_big_endian(&packet[wire::mold::Header::kSize],
                         static_cast<std::uint16_t>(message.size()));
  std::ranges::copy(message, packet.begin() + wire::mold::Header::kSize + 2);
  return packet;
}

class Sides {
 public:
  Sides() { join_.begin(tapped_); }

  // False: the attempt is over.
  bool take(std::uint8_t kind, std::span<const std::byte> piece) {
    const engine::SnapshotJoin::Hole before = join_.hole();
    const bool was_whole = join_.is_whole();
    bool good = true;
    switch (kind % 3) {
      case 0: good = join_.take(piece); break;
      case 1:
        client_.want(kSession, 0, 0, 0);
        client_.want(kSession, before.from, before.end, 0);
        if (client_.hear(piece, 0)) good = join_.fill(piece);
        break;
      case 2: good = join_.tap(delivered(tapped_++, piece)); break;
    }
    if (!good) return false;
    const engine::SnapshotJoin::Hole hole = join_.hole();
    RIDLEY_ASSERT(hole.from <= hole.end);
    if (was_whole) RIDLEY_ASSERT(join_.is_whole() && hole.from >= before.from);
    if (join_.is_level()) RIDLEY_ASSERT(join_.is_whole() && hole.from == hole.end);
    return true;
  }

 private:
  std::uint64_t tapped_ = 100;
  engine::RecoveryLink link_{kBooks};
  engine::SnapshotJoin join_{link_, {}};
  feed::RerequestClient client_{{}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  auto sides = std::make_unique<Sides>();
  std::span<const std::byte> rest = std::as_bytes(std::span{bytes, size});
  while (rest.size() >= 3) {
    const auto kind = static_cast<std::uint8_t>(rest[0]);
    const std::size_t length = std::min<std::size_t>(
        base::load_big_endian<std::uint16_t>(&rest[1]) % 2'000, rest.size() - 3);
    rest = rest.subspan(3);
    // A copy of its own, so that reading one byte beyond it is seen.
    const std::vector<std::byte> piece(rest.begin(), rest.begin() + static_cast<long>(length));
    rest = rest.subspan(length);
    if (!sides->take(kind, piece)) return 0;
  }
  return 0;
}
