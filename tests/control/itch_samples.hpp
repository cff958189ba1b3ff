// SPDX-License-Identifier: Apache-2.0
// In: a few ITCH messages. Out: files of them as `ridley book` and `ridley decode` read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "feed/mold_packet.hpp"
#include "nic/capture_file.hpp"
#include "nic/udp_frame.hpp"
#include "wire/itch.hpp"

namespace ridley::control {

namespace itch = wire::itch;

inline std::string listing(std::uint16_t locate, std::string_view symbol) {
  std::string message(itch::StockDirectory::kSize, ' ');
  itch::StockDirectoryWriter{reinterpret_cast<std::byte*>(message.data())}
      .stock_locate(locate)
      .stock(symbol)
      .round_lot_size(100);
  return message;
}

inline std::string trading(std::uint16_t locate, char state) {
  std::string message(itch::StockTradingAction::kSize, ' ');
  itch::StockTradingActionWriter{reinterpret_cast<std::byte*>(message.data())}
      .stock_locate(locate)
      .trading_state(state);
  return message;
}

struct Quote {
  std::uint16_t locate;
  std::uint64_t id;
  char side;
  std::uint32_t shares;
  std::uint32_t price_e4;
};

inline std::string add(const Quote& quote) {
  std::string message(itch::AddOrder::kSize, ' ');
  itch::AddOrderWriter{reinterpret_cast<std::byte*>(message.data())}
      .stock_locate(quote.locate)
      .timestamp(34'200'000'000'000 + quote.id)
      .order_reference_number(quote.id)
      .buy_sell_indicator(quote.side)
      .shares(quote.shares)
      .price(quote.price_e4);
  return message;
}

inline std::string removal(std::uint16_t locate, std::uint64_t id) {
  std::string message(itch::OrderDelete::kSize, ' ');
  itch::OrderDeleteWriter{reinterpret_cast<std::byte*>(message.data())}
      .stock_locate(locate)
      .timestamp(34'200'000'000'000 + id)
      .order_reference_number(id);
  return message;
}

// One instrument with two levels a side.
inline std::vector<std::string> small_day() {
  return {listing(1, "AAPL"),
          trading(1, 'T'),
          add({1, 1, 'B', 100, 1'000'000}),
          add({1, 2, 'B', 200, 999'900}),
          add({1, 3, 'S', 300, 1'000'100}),
          add({1, 4, 'S', 400, 1'000'200}),
          add({1, 5, 'B', 50, 1'000'000})};
}

inline std::string itch_bytes(const std::vector<std::string>& messages) {
  std::string bytes;
  for (const std::string& message : messages) {
    bytes += static_cast<char>(message.size() >> 8);
    bytes += static_cast<char>(message.size());
    bytes += message;
  }
  return bytes;
}

inline std::string write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream{path, std::ios::binary}.write(bytes.data(),
                                              static_cast<std::streamsize>(bytes.size()));
  return path.string();
}

// A capture of MoldUDP64 packets as a line sends them.
inline std::string write_capture(const std::filesystem::path& path,
                                 const std::vector<feed::Bytes>& packets) {
  nic::CaptureWriter capture{path.string()};
  std::uint64_t ns = 1'000'000'000;
  for (const feed::Bytes& packet : packets) {
    std::vector<std::byte> frame(nic::kFrameBytesMax);
    nic::UdpRoute route;
    route.destination_ip = 0xE936'0C6F;
    route.destination_port = 26477;
    frame.resize(nic::build_udp_frame(frame, route, packet));
    capture.write(frame, ns++);
  }
  capture.close();
  return path.string();
}

}  // namespace ridley::control
