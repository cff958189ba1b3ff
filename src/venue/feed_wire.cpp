// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_wire.hpp"

#include "base/error.hpp"

namespace ridley::venue {

struct FeedWire::Parts {};

FeedWire::FeedWire(const std::string& description) {
  throw base::Error::with_exit(EX_UNAVAILABLE, "feed port ", description, ": no ports yet");
}

FeedWire::~FeedWire() = default;

bool FeedWire::up() const noexcept { return parts_ != nullptr; }
bool FeedWire::send(std::span<const std::byte>) noexcept { return parts_ != nullptr; }
void FeedWire::drain() noexcept {}

}  // namespace ridley::venue
