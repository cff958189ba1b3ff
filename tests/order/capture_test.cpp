// SPDX-License-Identifier: Apache-2.0
// What a real exchange and a real client sent to each other, read where the captures lie.
#include <gtest/gtest.h>

#include <cstring>

#include "nic/capture_file.hpp"
#include "order/soup_packet.hpp"
#include "order_fixture.hpp"
#include "support/shared_data.hpp"

namespace ridley::order {
namespace {

constexpr std::size_t kEthernetBytes = 14;

// The TCP payload of a file's only frame, without what the capture device put behind the packet.
std::vector<std::byte> payload_of(const std::string& file) {
  nic::CaptureReader reader{test::shared_data("exchange-pcap/Nasdaq/Nasdaq.Nsm.Ouch.v5.0/" + file)};
  const auto frame = reader.next().value();
  const std::byte* ip = frame.bytes.data() + kEthernetBytes;
  const std::size_t ip_header = (std::to_integer<std::size_t>(ip[0]) & 0x0F) * 4;
  const std::size_t ip_total = base::load_big_endian<std::uint16_t>(ip + 2);
  const std::size_t tcp_header = std::to_integer<std::size_t>(ip[ip_header + 12]) / 16 * 4;
  return {ip + ip_header + tcp_header, ip + ip_total};
}

struct Packet {
  SoupType type;
  Message message;
};

Packet packet_of(const std::string& file) {
  SoupPacketReader reader;
  reader.append(payload_of(file));
  const SoupPacket packet = reader.next().value();
  EXPECT_FALSE(reader.next()) << "one packet and nothing behind it";
  return {packet.type, {packet.payload.begin(), packet.payload.end()}};
}

class CaptureTest : public OrderTest {};

TEST_F(CaptureTest, TheHeartbeatsAreHeartbeats) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap/Nasdaq/Nasdaq.Nsm.Ouch.v5.0");
  EXPECT_EQ(packet_of("ClientHeartbeatPacket.pcap").type, SoupType::ClientHeartbeat);
  EXPECT_EQ(packet_of("ServerHeartbeatPacket.pcap").type, SoupType::ServerHeartbeat);
}

TEST_F(CaptureTest, OurCancelHasTheBytesOfAClientsCancel) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap/Nasdaq/Nasdaq.Nsm.Ouch.v5.0");
  const std::vector<std::byte> recorded = payload_of("CancelOrderMessage.pcap");
  const Message message = packet_of("CancelOrderMessage.pcap").message;
  const ouch::CancelOrder cancel{message.data(), message.size()};
  Outbound ours;
  OrderPackets{{}, 'P'}.cancel(cancel.user_ref_num(), cancel.quantity(), ours);
  EXPECT_EQ(std::vector<std::byte>(ours.packet().begin(), ours.packet().end()), recorded);
}

TEST_F(CaptureTest, AnAcceptedOrderIsAcceptedHere) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap/Nasdaq/Nasdaq.Nsm.Ouch.v5.0");
  const Packet packet = packet_of("OrderAcceptedMessage.pcap");
  EXPECT_EQ(packet.type, SoupType::Sequenced);
  const ouch::OrderAccepted message{packet.message.data(), packet.message.size()};
  EXPECT_TRUE(message.appendages().well_formed());
  EXPECT_TRUE(message.appendages().find(ouch::Tag::Firm));

  log_in(message.user_ref_num());
  ASSERT_EQ(send_new(message.quantity()).user_ref, message.user_ref_num());
  const auto event = receive_one(packet.message);
  EXPECT_EQ(event.kind, event::OrderEventKind::Accepted);
  EXPECT_EQ(event.order_reference, message.order_reference_number());
  EXPECT_EQ(event.open_quantity, message.quantity());
  EXPECT_EQ(entry.broken_invariants(), 0U);
}

}  // namespace
}  // namespace ridley::order
