// SPDX-License-Identifier: Apache-2.0
// In: descriptions of ports, and frames of the feed's lines. Out: each frame on every wire that has
// its line. While the other end is there a full wire is waited for, so that a reader which keeps up
// on average loses nothing; without another end frames are lost, as on a real wire. The venue's
// thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace ridley::venue {

class FeedWire {
 public:
  // As nic/port_description.hpp, behind the letters of the lines that are on it and a colon, or all
  // of them: "B:net_vhost0,iface=PATH". Whoever makes it is who sends. Throws base::Error.
  explicit FeedWire(std::span<const std::string> descriptions);
  ~FeedWire();
  FeedWire(const FeedWire&) = delete;
  FeedWire& operator=(const FeedWire&) = delete;

  // Whether every wire has another end.
  [[nodiscard]] bool up() const noexcept;
  // Of a line, counted from 0. Whether it is on every wire that has it.
  [[nodiscard]] bool send(std::size_t line, std::span<const std::byte> frame) noexcept;
  // Takes what the other ends send (joins of groups) off the wire and forgets it.
  void drain() noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ridley::venue
