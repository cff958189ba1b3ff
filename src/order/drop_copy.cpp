// SPDX-License-Identifier: Apache-2.0
#include "order/drop_copy.hpp"

#include <array>

#include "order/soup_packet.hpp"
#include "wire/ouch.hpp"

namespace ridley::order {
namespace {

namespace ouch = wire::ouch;

struct Visitor {
  void operator()(const ouch::OrderExecuted& message) {
    execution = CopiedExecution{.account = account,
                                .user_ref = message.user_ref_num(),
                                .quantity = message.quantity(),
                                .price_e4 = message.price(),
                                .match_number = message.match_number()};
  }
  void operator()(const auto&) {}

  std::string_view account;
  std::optional<CopiedExecution> execution{};
};

}  // namespace

DropCopyReader::DropCopyReader(std::optional<TokenPrefix> prefix) {
  if (prefix) older_.emplace(*prefix);
}

std::optional<CopiedExecution> DropCopyReader::read(std::span<const std::byte> message) {
  if (message.size() <= kUsernameBytes) {
    ++malformed_;
    return std::nullopt;
  }
  Visitor visitor{.account = without_spaces_around(text_of(message.first(kUsernameBytes)))};
  message = message.subspan(kUsernameBytes);
  std::array<std::byte, kTranslatedBytesMax> room;
  if (older_) message = older_->translate(message, room);
  if (!ouch::visit_outbound(message, visitor)) ++malformed_;
  return visitor.execution;
}

}  // namespace ridley::order
