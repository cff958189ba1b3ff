// SPDX-License-Identifier: Apache-2.0
#include "bench/support/armed_street.hpp"

#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "bench/support/day_frames.hpp"
#include "wire/ouch.hpp"
#include "wire/soup.hpp"

namespace ridley::bench {
namespace {

namespace ouch = wire::ouch;

constexpr std::uint32_t kFirstUserRef = 1;
constexpr std::uint16_t kConnection = 1;

// Plug-ins lie in the build folder that this program is in, however deep.
std::filesystem::path plugin_path(const std::string& strategy) {
  const std::string name = "src/strategy/libridley_" + strategy + ".so";
  std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  while (folder.has_relative_path() && !std::filesystem::exists(folder / name))
    folder = folder.parent_path();
  return folder / name;
}

std::filesystem::path page_path() {
  return std::filesystem::temp_directory_path() /
         ("ridley-bench-" + std::to_string(::getpid()) + ".counters");
}

strategy::InstanceOptions instance_options(const ArmedStreetOptions& options) {
  strategy::InstanceOptions wanted;
  wanted.symbols = options.symbols;
  wanted.parameters = options.parameters;
  return wanted;
}

// Every control has a limit to compare with; none is reached.
engine::StreetSettings settings_of(const ArmedStreetOptions& options) {
  engine::StreetSettings settings;
  for (std::uint32_t line = 0; line < options.lines; ++line)
    (void)settings.filter.add(kFeedGroup + line, kFeedPort, static_cast<nic::Line>(line));
  settings.lines = options.lines;
  settings.held_packets = options.held_packets;
  settings.hold_ns = options.hold_ns;
  settings.recovers = options.recovers;
  settings.books = options.books;
  settings.limits.version = 1;
  settings.limits.age_ns_max = 60'000'000'000;
  settings.limits.burst_messages_max = 1'000'000;
  settings.limits.ns_per_message = 1'000;
  settings.limits.gross_max_e4 = 1ULL << 62;
  settings.limits.open_orders_max = 10'000;
  settings.limits.order = {.quantity_max = 10'000,
                           .collar_bps = 500,
                           .notional_max_e4 = 1'000'000'000'000,
                           .long_max = 1'000'000'000,
                           .short_max = 1'000'000'000,
                           .tick_e4 = 1,  // generated days know no cents
                           .round_lots_only = risk::Permit::Yes,
                           .short_sales = risk::Permit::Yes};
  for (const std::string& symbol : options.symbols) settings.roll.entry(symbol).traded = true;
  return settings;
}

}  // namespace

StreetSetUp::StreetSetUp(const ArmedStreetOptions& options)
    : page_{{.path = page_path()}},
      instance_{strategy::Plugin::load(plugin_path(options.strategy)), instance_options(options)},
      street_{settings_of(options), instance_.loaded(), page_} {}

void StreetSetUp::log_in() {
  order::Inbound inbound;
  inbound.kind = order::InboundKind::LoggedIn;
  inbound.connection = kConnection;
  (void)street_.inbound().push(inbound);
}

void StreetSetUp::answer_account_query() {
  order::Outbound query;
  (void)street_.outbound().pop(query);
  std::array<std::byte, ouch::AccountQueryResponse::kSize> answer{};
  ouch::AccountQueryResponseWriter{answer.data()}.next_user_ref_num(kFirstUserRef);
  push(answer);
}

void StreetSetUp::arm() {
  event::Command command{};
  command.kind = event::CommandKind::Arm;
  (void)street_.commands().push(command);
}

bool StreetSetUp::armed() {
  event::Command answer{};
  return street_.answers().pop(answer) && answer.value != 0;
}

std::size_t StreetSetUp::answer_orders() {
  std::size_t orders = 0;
  for (order::Outbound slot; street_.outbound().pop(slot); ++orders)
    answer(slot.packet().subspan(wire::soup::UnsequencedData::kSize));
  event::OrderEvent told{};
  while (street_.side_exit().take(told)) {
  }
  event::RejectRecord refused{};
  while (street_.side_exit().take(refused)) {
  }
  return orders;
}

void StreetSetUp::answer(std::span<const std::byte> enter_order) {
  const ouch::EnterOrder order{enter_order.data(), enter_order.size()};
  std::array<std::byte, ouch::OrderAccepted::kSize> accepted{};
  ouch::OrderAcceptedWriter{accepted.data()}
      .user_ref_num(order.user_ref_num())
      .side(order.side())
      .quantity(order.quantity())
      .price(order.price())
      .order_reference_number(order.user_ref_num())
      .order_state('L');
  push(accepted);
  if (order.user_ref_num() % 2 == 0) {
    std::array<std::byte, ouch::OrderCanceled::kSize> canceled{};
    ouch::OrderCanceledWriter{canceled.data()}
        .user_ref_num(order.user_ref_num())
        .quantity(order.quantity())
        .cancel_order_reason('I');
    return push(canceled);
  }
  std::array<std::byte, ouch::OrderExecuted::kSize> executed{};
  ouch::OrderExecutedWriter{executed.data()}
      .user_ref_num(order.user_ref_num())
      .quantity(order.quantity())
      .price(order.price())
      .liquidity_flag('R')
      .match_number(++executions_);
  push(executed);
}

void StreetSetUp::push(std::span<const std::byte> message) {
  order::Inbound inbound;
  inbound.kind = order::InboundKind::Message;
  inbound.length = static_cast<std::uint16_t>(message.size());
  std::memcpy(inbound.bytes.data(), message.data(), message.size());
  (void)street_.inbound().push(inbound);
}

}  // namespace ridley::bench
