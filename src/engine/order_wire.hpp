// SPDX-License-Identifier: Apache-2.0
// In: the hot end of an order connection, or none. Out: what the pipeline does with it, nothing at
// all when packets simply stay in the ring until the session thread takes them. Hot core.
#pragma once

namespace ridley::engine {

// The session thread reads the order room's ring itself.
struct NoWire {
  void turn() const noexcept {}
  void depart() const noexcept {}
  void leave() const noexcept {}
};

template <typename HotEnd>
struct WithWire {
  HotEnd& hot_end;

  // Once a turn.
  void turn() const noexcept { hot_end.turn(); }
  // Behind each order.
  void depart() const noexcept { hot_end.depart(); }
  // When the loop ends.
  void leave() const noexcept { hot_end.leave(); }
};

}  // namespace ridley::engine
