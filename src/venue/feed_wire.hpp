// SPDX-License-Identifier: Apache-2.0
// In: descriptions of ports, and frames. Out: each frame on every wire. While the other end is
// there a full wire is waited for, so that a reader which keeps up on average loses nothing;
// without another end frames are lost, as on a real wire. The venue's thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace ridley::venue {

class FeedWire {
 public:
  // As nic/port_description.hpp; whoever makes it is who sends. Throws base::Error.
  explicit FeedWire(std::span<const std::string> descriptions);
  ~FeedWire();
  FeedWire(const FeedWire&) = delete;
  FeedWire& operator=(const FeedWire&) = delete;

  // Whether every wire has another end.
  [[nodiscard]] bool up() const noexcept;
  // Whether it is on every wire.
  [[nodiscard]] bool send(std::span<const std::byte> frame) noexcept;
  // On one wire alone, counted from 0.
  [[nodiscard]] bool send_on(std::size_t wire, std::span<const std::byte> frame) noexcept;
  // Takes what the other ends send (joins of groups) off the wire and forgets it.
  void drain() noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ridley::venue
