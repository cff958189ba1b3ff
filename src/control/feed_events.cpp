// SPDX-License-Identifier: Apache-2.0
#include "control/feed_events.hpp"

#include <fmt/format.h>

#include <concepts>
#include <map>
#include <utility>

#include "control/mdp_events.hpp"
#include "feed/deep_decoder.hpp"
#include "feed/feed.hpp"
#include "feed/pitch_decoder.hpp"
#include "feed/symbol_table.hpp"
#include "feed/transport.hpp"

namespace ridley::control {
namespace {

template <feed::Transport T, feed::Decoder D>
class FeedEventsOf : public FeedEvents {
 public:
  FeedEventsOf(T transport, D decoder) : feed_{std::move(transport), std::move(decoder)} {}

  feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) override {
    return accept(datagram, to, 0);
  }
  void finish(const Listener& to) override { feed_.finish(to.on_event); }
  [[nodiscard]] feed::SequencerCounters counters() const override {
    return feed_.transport().counters();
  }
  [[nodiscard]] feed::DecodeCounters decoded() const override { return feed_.decoded(); }
  void complain(std::vector<std::string>& complaints) const override {
    lines_.complain(complaints, [this](std::uint16_t unit, feed::LineNumber line) {
      return health_of(unit, line);
    });
  }

 protected:
  // Of nobody's unit.
  static constexpr std::uint16_t kNoUnit = feed::UnitSequencers::kUnits;

  [[nodiscard]] feed::LineHealth health_of(std::uint16_t unit, feed::LineNumber line) const {
    if constexpr (std::same_as<T, feed::UnitSequencers>)
      return unit == kNoUnit ? feed::LineHealth{}
                             : feed_.transport().line(static_cast<std::uint8_t>(unit), line);
    else
      return feed_.transport().line(line);
  }
  feed::Arrived accept(const nic::Datagram& datagram, const Listener& to, std::uint16_t unit) {
    return feed_.accept(datagram.payload, to.on_event, to.on_session,
                        lines_.line_of(unit, datagram));
  }

  CaptureLines lines_;
  feed::Feed<T, D> feed_;
};

class ItchEvents final : private CaptureWindow,
                         public FeedEventsOf<feed::Sequencer, feed::ItchDecoder> {
 public:
  ItchEvents(const feed::SequencerOptions& options, std::size_t held_packets)
      : CaptureWindow{held_packets},
        FeedEventsOf{feed::Sequencer{options, held()}, feed::ItchDecoder{}} {}
};

// Before the decoder that refers to it.
struct Symbols {
  feed::SymbolTable symbols{feed::kInstrumentsMax};

  void complain(std::vector<std::string>& complaints) const {
    if (symbols.refused() != 0)
      complaints.push_back(fmt::format("{} messages are of more instruments than there are locates",
                                       symbols.refused()));
  }
};

// Every unit has numbers, lines and a window of its own.
class PitchEvents final : private Symbols,
                          public FeedEventsOf<feed::UnitSequencers, feed::PitchDecoder> {
 public:
  PitchEvents(const feed::SequencerOptions& options, std::size_t held_packets)
      : FeedEventsOf{feed::UnitSequencers{options}, feed::PitchDecoder{symbols}},
        held_packets_{held_packets / kUnitShare} {}

  feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) override {
    using Framing = feed::SequencedUnitFraming;
    if (!Framing::fits(datagram.payload)) return FeedEventsOf::accept(datagram, to, kNoUnit);
    const Framing::Header header{datagram.payload.data()};
    if (header.sequence() == 0) return FeedEventsOf::accept(datagram, to, kNoUnit);
    const auto [at, fresh] = windows_.try_emplace(header.unit(), held_packets_);
    if (fresh) feed_.transport().hold(header.unit(), at->second.held());
    return FeedEventsOf::accept(datagram, to, header.unit());
  }
  void complain(std::vector<std::string>& complaints) const override {
    FeedEventsOf::complain(complaints);
    Symbols::complain(complaints);
  }

 private:
  // A capture has dozens of units, each with a part of the packets.
  static constexpr std::size_t kUnitShare = 4;

  std::size_t held_packets_;
  std::map<std::uint8_t, CaptureWindow> windows_;
};

class DeepEvents final : private Symbols,
                         private CaptureWindow,
                         public FeedEventsOf<feed::IexSequencer, feed::DeepDecoder> {
 public:
  DeepEvents(const feed::SequencerOptions& options, std::size_t held_packets)
      : CaptureWindow{held_packets},
        FeedEventsOf{feed::IexSequencer{options, held()}, feed::DeepDecoder{symbols}} {}

  // Only DEEP: the other feeds of the same transport have their own numbers.
  feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) override {
    if (feed::IexFraming::fits(datagram.payload) && !is_deep(datagram.payload)) {
      ++others_;
      return nothing(feed::Arrival::OtherSession);
    }
    return FeedEventsOf::accept(datagram, to, 0);
  }
  void complain(std::vector<std::string>& complaints) const override {
    FeedEventsOf::complain(complaints);
    Symbols::complain(complaints);
    if (others_ != 0)
      complaints.push_back(
          fmt::format("{} IEX-TP packets are not of DEEP and were left out", others_));
    const std::uint64_t breaks = feed_.transport().offset_breaks();
    if (breaks != 0)
      complaints.push_back(
          fmt::format("{} packets have another stream offset than their number", breaks));
  }

 private:
  static bool is_deep(std::span<const std::byte> payload) {
    const feed::IexFraming::Header header{payload.data()};
    return static_cast<wire::iextp::MessageProtocolId>(header.message_protocol_id()) ==
           wire::iextp::MessageProtocolId::Deep;
  }

  std::uint64_t others_ = 0;
};

}  // namespace

feed::Arrived FeedEvents::nothing(feed::Arrival arrival) noexcept {
  return {.arrival = arrival,
          .count = 0,
          .unit = 0,
          .blocks = {},
          .first_sequence = 0,
          .missing_from = 0,
          .missing_count = 0};
}

std::unique_ptr<FeedEvents> FeedEvents::make(FeedProtocol protocol,
                                             const feed::SequencerOptions& options,
                                             std::size_t held_packets) {
  using feed::MdpView;
  switch (protocol) {
    case FeedProtocol::Itch: return std::make_unique<ItchEvents>(options, held_packets);
    case FeedProtocol::Pitch: return std::make_unique<PitchEvents>(options, held_packets);
    case FeedProtocol::IexDeep: return std::make_unique<DeepEvents>(options, held_packets);
    case FeedProtocol::Mdp3:
      return std::make_unique<MdpEvents>(options, held_packets, MdpView::Levels);
    case FeedProtocol::Mdp3Orders:
      return std::make_unique<MdpEvents>(options, held_packets, MdpView::Orders);
  }
  return nullptr;
}

}  // namespace ridley::control
