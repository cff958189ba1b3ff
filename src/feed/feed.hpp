// SPDX-License-Identifier: Apache-2.0
// In: UDP payloads of a feed's lines. Out: market events in sequence, whatever the exchange speaks:
// a transport says which messages are new and a decoder what they mean. What is missing is an event
// as well (doubt), so whoever keeps books needs nothing but events. The hot core.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "event/records.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"
#include "feed/transport.hpp"

namespace ridley::feed {

// Takes events one by one, in order; each is gone when it returns.
template <typename S>
concept EventSink = std::invocable<S&, const event::MarketEvent&>;

// Numbers that nobody has heard of, or one message that cannot be read.
struct Loss {
  std::uint16_t unit;
  std::uint64_t from;
  std::uint64_t count;
  event::DoubtReason reason;
};

struct NoSink {
  void operator()(const event::MarketEvent&) const noexcept {}
};

// One message is any number of events: a decoder calls the sink for each. It is asked for messages
// of a unit in the order of their numbers, and told of every loss before what comes behind it.
template <typename D>
concept Decoder =
    requires(D decoder, const Block& block, std::uint16_t unit, const Loss& loss, NoSink sink) {
      { decoder.decode(block, unit, sink) } noexcept -> std::same_as<Decoded>;
      { decoder.lose(loss, sink) } noexcept;
      { decoder.restart() } noexcept;
    };

// The event that says so of every book.
[[nodiscard]] inline event::MarketEvent doubt_of(const Loss& loss, std::uint16_t locate) noexcept {
  event::MarketEvent event{};
  event.kind = event::EventKind::Doubt;
  event.locate = locate;
  event.tracking_number = loss.unit;
  event.sequence = loss.from;
  event.doubt.missing_from = loss.from;
  event.doubt.missing_count = loss.count;
  event.doubt.reason = loss.reason;
  return event;
}

// TotalView-ITCH 5.0, whose messages are one event each. A loss concerns every instrument.
class ItchDecoder {
 public:
  template <EventSink Sink>
  Decoded decode(const Block& block, std::uint16_t, Sink&& sink) noexcept {
    event::MarketEvent event;
    const Decoded decoded = feed::decode(block.message, block.sequence, event);
    if (decoded == Decoded::Event) sink(std::as_const(event));
    return decoded;
  }
  template <EventSink Sink>
  void lose(const Loss& loss, Sink&& sink) noexcept {
    sink(doubt_of(loss, 0));
  }
  void restart() noexcept {}
};
static_assert(Decoder<ItchDecoder>);

template <Transport T, Decoder D>
class Feed {
 public:
  Feed(T transport, D decoder) noexcept
      : transport_{std::move(transport)}, decoder_{std::move(decoder)} {}

  // Another session is told by the answer (SessionChange) before its first event: on_session() is
  // called then, for the books to begin anew.
  template <EventSink Sink, std::invocable OnSession>
  Arrived accept(std::span<const std::byte> udp_payload, Sink&& sink, OnSession&& on_session,
                 LineNumber line = 0, std::uint64_t stamp_ns = 0) noexcept {
    const Arrived arrived = transport_.accept(udp_payload, line, stamp_ns);
    if (arrived.arrival == Arrival::SessionChange) {
      decoder_.restart();
      on_session();
    }
    deliver(arrived, sink);
    return arrived;
  }

  // The input is over: what is missing will not come. Bounded by what is held.
  template <EventSink Sink>
  void finish(Sink&& sink) noexcept {
    for (Arrived lost = transport_.give_up(); lost.missing_count != 0; lost = transport_.give_up())
      deliver(lost, sink);
  }

  [[nodiscard]] T& transport() noexcept { return transport_; }

  [[nodiscard]] const T& transport() const noexcept { return transport_; }
  [[nodiscard]] const D& decoder() const noexcept { return decoder_; }
  [[nodiscard]] const DecodeCounters& decoded() const noexcept { return decoded_; }

 private:
  // And what was held behind it.
  template <EventSink Sink>
  void deliver(Arrived arrived, Sink&& sink) noexcept {
    for (;;) {
      if (arrived.missing_count != 0) {
        decoder_.lose({.unit = arrived.unit,
                       .from = arrived.missing_from,
                       .count = arrived.missing_count,
                       .reason = event::DoubtReason::Gap},
                      sink);
      }
      for (const Block block : typename T::Blocks{arrived}) take(block, arrived.unit, sink);
      if (arrived.ahead != Ahead::Ready) return;
      arrived = transport_.release();
    }
  }

  template <EventSink Sink>
  void take(const Block& block, std::uint16_t unit, Sink&& sink) noexcept {
    const Decoded decoded = decoder_.decode(block, unit, sink);
    decoded_.count(decoded);
    // An empty block has a number and nothing to say.
    if (decoded != Decoded::Truncated || block.message.empty()) return;
    decoder_.lose(
        {.unit = unit, .from = block.sequence, .count = 1, .reason = event::DoubtReason::Malformed},
        sink);
  }

  T transport_;
  D decoder_;
  DecodeCounters decoded_{};
};

}  // namespace ridley::feed
