// SPDX-License-Identifier: Apache-2.0
#include "control/feed_events.hpp"

#include <fmt/format.h>

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
    return feed_.accept(datagram.payload, to.on_event, to.on_session);
  }
  [[nodiscard]] feed::SequencerCounters counters() const override {
    return feed_.transport().counters();
  }
  [[nodiscard]] feed::DecodeCounters decoded() const override { return feed_.decoded(); }
  void complain(std::vector<std::string>&) const override {}

 protected:
  feed::Feed<T, D> feed_;
};

using ItchEvents = FeedEventsOf<feed::Sequencer, feed::ItchDecoder>;

// Before the decoder that refers to it.
struct Symbols {
  feed::SymbolTable symbols{feed::kInstrumentsMax};

  void complain(std::vector<std::string>& complaints) const {
    if (symbols.refused() != 0)
      complaints.push_back(fmt::format("{} messages are of more instruments than there are locates",
                                       symbols.refused()));
  }
};

class PitchEvents final : private Symbols,
                          public FeedEventsOf<feed::UnitSequencers, feed::PitchDecoder> {
 public:
  explicit PitchEvents(const feed::SequencerOptions& options)
      : FeedEventsOf{feed::UnitSequencers{options}, feed::PitchDecoder{symbols}} {}

  void complain(std::vector<std::string>& complaints) const override {
    Symbols::complain(complaints);
  }
};

class DeepEvents final : private Symbols,
                         public FeedEventsOf<feed::IexSequencer, feed::DeepDecoder> {
 public:
  explicit DeepEvents(const feed::SequencerOptions& options)
      : FeedEventsOf{feed::IexSequencer{options}, feed::DeepDecoder{symbols}} {}

  // Only DEEP: the other feeds of the same transport have their own numbers.
  feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) override {
    if (feed::IexFraming::fits(datagram.payload) && !is_deep(datagram.payload)) {
      ++others_;
      return nothing(feed::Arrival::OtherSession);
    }
    return FeedEventsOf::accept(datagram, to);
  }
  void complain(std::vector<std::string>& complaints) const override {
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
                                             const feed::SequencerOptions& options) {
  switch (protocol) {
    case FeedProtocol::Itch:
      return std::make_unique<ItchEvents>(feed::Sequencer{options}, feed::ItchDecoder{});
    case FeedProtocol::Pitch: return std::make_unique<PitchEvents>(options);
    case FeedProtocol::IexDeep: return std::make_unique<DeepEvents>(options);
    case FeedProtocol::Mdp3: return std::make_unique<MdpEvents>(options, feed::MdpView::Levels);
    case FeedProtocol::Mdp3Orders:
      return std::make_unique<MdpEvents>(options, feed::MdpView::Orders);
  }
  return nullptr;
}

}  // namespace ridley::control
