// SPDX-License-Identifier: Apache-2.0
#include "venue/order_rules.hpp"

#include "base/bytes.hpp"
#include "venue/auction.hpp"
#include "venue/self_match.hpp"
#include "wire/ouch.hpp"

namespace ridley::venue {

namespace {

using wire::ouch::Tag;

constexpr std::uint32_t kSecondsPerDay = 86'400;

// The element as it came, behind the others.
void keep(const wire::ouch::Element& element, std::vector<std::byte>& appendage) {
  appendage.push_back(static_cast<std::byte>(element.value.size() + 1));
  appendage.push_back(static_cast<std::byte>(element.tag));
  appendage.insert(appendage.end(), element.value.begin(), element.value.end());
}

char letter(const wire::ouch::Element& element) noexcept {
  return element.value.empty() ? ' ' : static_cast<char>(element.value[0]);
}

std::uint32_t number(const wire::ouch::Element& element) noexcept {
  return element.number<std::uint32_t>().value_or(0);
}

std::optional<RejectReason> read_element(const wire::ouch::Element& element, AccountOrder& terms) {
  switch (element.tag) {
    case Tag::PostOnly:
      terms.post_only = letter(element) == 'P' || letter(element) == 'Y';
      return std::nullopt;
    case Tag::ExpireTime: terms.expire_s = number(element); return std::nullopt;
    case Tag::MinQty: terms.minimum_quantity = number(element); return std::nullopt;
    case Tag::AiqGroupId:
      terms.self_match_group = element.number<std::uint16_t>().value_or(0);
      return std::nullopt;
    case Tag::AiqStrategy:
      if (!self_match_of(letter(element))) return RejectReason::Other;
      terms.self_match = letter(element);
      return std::nullopt;
    case Tag::MaxFloor:
      if (number(element) > 0) return RejectReason::InvalidMaxFloor;
      return std::nullopt;
    case Tag::PriceType:
      if (letter(element) != 'L') return RejectReason::InvalidPegType;
      return std::nullopt;
    case Tag::PegOffset:
    case Tag::DiscretionPrice:
    case Tag::DiscretionPegOffset: return RejectReason::PeggingNotAllowed;
    // A second row of numbers would need a second counter, which the venue does not keep.
    case Tag::UserRefIdx: return RejectReason::Other;
    default: return std::nullopt;
  }
}

bool one_of(char value, std::string_view letters) noexcept {
  return letters.find(value) != std::string_view::npos;
}

}  // namespace

std::optional<RejectReason> read_appendage(wire::ouch::Appendages elements, AccountOrder& terms) {
  if (!elements.well_formed()) return RejectReason::Other;
  for (const wire::ouch::Element element : elements) {
    if (const auto reason = read_element(element, terms)) return reason;
    keep(element, terms.appendage);
  }
  return std::nullopt;
}

bool valid_quantity(std::uint32_t quantity) noexcept {
  return quantity > 0 && quantity <= kQuantityMax;
}

bool valid_price(std::uint64_t price_e4) noexcept {
  if (price_e4 == 0 || price_e4 > kPriceMax_e4) return false;
  return price_e4 < kDollar_e4 || price_e4 % kTick_e4 == 0;
}

std::optional<RejectReason> check_terms(const Request& request) noexcept {
  const AccountOrder& terms = request.terms;
  if (!valid_quantity(request.quantity)) return RejectReason::InvalidQuantity;
  const bool takes_any = terms.cross_type != 'N' && request.price_e4 == kMarketPrice;
  if (!takes_any && !valid_price(request.price_e4)) return RejectReason::InvalidPrice;
  if (!one_of(terms.display, "YNA")) return RejectReason::InvalidDisplay;
  if (!one_of(terms.time_in_force, "0356E")) return RejectReason::Other;
  if (!one_of(terms.sweep, "YN")) return RejectReason::Other;
  // A displayed order with a minimum would show what cannot be had.
  const bool may_wait = terms.display == 'N' || terms.time_in_force == '3';
  if (terms.minimum_quantity > 0 && !may_wait) return RejectReason::InvalidMinQuantity;
  if (terms.minimum_quantity > request.quantity) return RejectReason::InvalidMinQuantity;
  const bool has_expiry = terms.expire_s > 0 && terms.expire_s < kSecondsPerDay;
  if (terms.time_in_force == '6' && !has_expiry) return RejectReason::Other;
  return std::nullopt;
}

std::optional<RejectReason> check_entry(const Request& request) noexcept {
  const AccountOrder& terms = request.terms;
  if (!one_of(terms.side, "BSTE")) return RejectReason::InvalidSide;
  if (!one_of(terms.capacity, "OAPR")) return RejectReason::Other;
  if (!one_of(terms.cross_type, "NOCH")) return RejectReason::InvalidCrossOrder;
  return check_terms(request);
}

}  // namespace ridley::venue
