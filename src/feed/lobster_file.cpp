// SPDX-License-Identifier: Apache-2.0
#include "feed/lobster_file.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "event/market_event.hpp"

namespace ridley::feed {

using event::EventKind;
using event::MarketEvent;
using event::Side;

namespace {

constexpr std::uint16_t kLocate = 1;
// Ids of what rested before: a file's own ids are far smaller.
constexpr std::uint64_t kOpeningIds = std::uint64_t{1} << 63;
// Twelve numbers of twenty characters would fit: a message has six, the longest book row some 400.
constexpr std::size_t kLineMax = 1 << 12;

enum Type : std::uint8_t { Submission = 1, Reduction, Deletion, Execution, Hidden, Halt = 7 };

template <typename Number>
bool take_number(std::string_view& text, Number& number) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_comma(std::string_view& text) noexcept {
  if (text.empty() || text.front() != ',') return false;
  text.remove_prefix(1);
  return true;
}

// Seconds with up to nine digits behind the point; finer ones are left out.
bool take_time(std::string_view& text, std::uint64_t& ns) noexcept {
  constexpr std::uint64_t kSecondsMax = 7 * 86'400;
  std::uint64_t seconds = 0;
  if (!take_number(text, seconds) || seconds > kSecondsMax) return false;
  ns = seconds * 1'000'000'000;
  if (text.empty() || text.front() != '.') return true;
  text.remove_prefix(1);
  std::uint64_t unit = 100'000'000;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ns += static_cast<std::uint64_t>(text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return true;
}

std::string book_file_of(const std::string& messages) {
  constexpr std::string_view kMessages = "_message_";
  const std::size_t at = messages.rfind(kMessages);
  if (at == std::string::npos) return {};
  std::string book = messages;
  book.replace(at, kMessages.size(), "_orderbook_");
  return std::filesystem::is_regular_file(book) ? book : std::string{};
}

}  // namespace

std::optional<LobsterMessage> parse_lobster_line(std::string_view line) noexcept {
  LobsterMessage message{};
  int direction = 0;
  if (!take_time(line, message.ns) || !take_comma(line)) return std::nullopt;
  if (!take_number(line, message.type) || !take_comma(line)) return std::nullopt;
  if (!take_number(line, message.order_id) || !take_comma(line)) return std::nullopt;
  if (!take_number(line, message.quantity) || !take_comma(line)) return std::nullopt;
  if (!take_number(line, message.price_e4) || !take_comma(line)) return std::nullopt;
  if (!take_number(line, direction)) return std::nullopt;
  if (!line.empty() && line.front() != ',') return std::nullopt;
  message.side = direction == 1 ? Side::Buy : Side::Sell;
  if (direction != 1 && direction != -1) return std::nullopt;
  if (message.type == Halt) return message;
  const bool known = message.type >= Submission && message.type <= Hidden;
  const bool priced = message.price_e4 > 0 && message.price_e4 < event::kPriceBeyond;
  if (!known || !priced || message.quantity == 0) return std::nullopt;
  if (message.order_id >= kOpeningIds) return std::nullopt;
  return message;
}

bool LobsterFile::is_lobster(std::span<const std::byte> head) noexcept {
  const std::string_view text{reinterpret_cast<const char*>(head.data()), head.size()};
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return false;
  return parse_lobster_line(text.substr(0, end)).has_value();
}

bool LobsterFile::Lines::refill() {
  const std::size_t got = source.read(buffer);
  rest = {buffer.data(), got};
  return got != 0;
}

bool LobsterFile::Lines::next(std::string& line) {
  line.clear();
  bool any = false;
  while (line.size() < kLineMax && (!rest.empty() || refill())) {
    any = true;
    const std::string_view text{reinterpret_cast<const char*>(rest.data()), rest.size()};
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::size_t fits = std::min(end, kLineMax - line.size());
    line += text.substr(0, fits);
    const bool whole = fits == end && end != text.size();
    rest = rest.subspan(fits + (whole ? 1 : 0));
    if (whole) break;
  }
  if (line.ends_with('\r')) line.pop_back();
  return any;
}

LobsterFile::LobsterFile(base::ByteSource source) : lines_{std::move(source)} {}

bool LobsterFile::next(MarketEvent& event) {
  std::string line;
  while (events_.empty()) {
    if (!lines_.next(line)) return false;
    ++counts_.lines;
    const std::optional<LobsterMessage> message = parse_lobster_line(line);
    if (!message) {
      if (counts_.wrong++ == 0) counts_.first_wrong = counts_.lines;
      continue;
    }
    if (!std::exchange(begun_, true)) open_book(*message);
    take(*message);
  }
  event = events_.front();
  events_.pop_front();
  return true;
}

// The first row is the book behind the first message, which is taken back.
void LobsterFile::open_book(const LobsterMessage& first) {
  const std::string name = book_file_of(lines_.source.name());
  if (name.empty()) return;
  Lines rows{base::ByteSource{name}};
  std::string row;
  if (!rows.next(row)) return;
  std::map<Level, std::int64_t> levels;
  std::string_view text = row;
  for (Side side = Side::Sell;; side = side == Side::Sell ? Side::Buy : Side::Sell) {
    std::int64_t price_e4 = 0;
    std::int64_t quantity = 0;
    if (!take_number(text, price_e4) || !take_comma(text) || !take_number(text, quantity)) break;
    // Places without a level have a price that is none, and no quantity.
    if (price_e4 > 0 && price_e4 < event::kPriceBeyond && quantity > 0)
      levels[{side, price_e4}] = quantity;
    if (!take_comma(text)) break;
  }
  const bool taken = first.type == Reduction || first.type == Deletion || first.type == Execution;
  if (first.type == Submission) levels[{first.side, first.price_e4}] -= first.quantity;
  if (taken) levels[{first.side, first.price_e4}] += first.quantity;
  for (const auto& [level, quantity] : levels) {
    if (quantity <= 0 || quantity > 0xFFFF'FFFF) continue;
    const Resting resting{kOpeningIds + opening_.size(), static_cast<std::uint32_t>(quantity)};
    opening_.emplace(level, resting);
    add(first.ns, resting.order_id, level, resting.quantity);
  }
}

void LobsterFile::take(const LobsterMessage& message) {
  switch (message.type) {
    case Submission:
      live_[message.order_id] = message.quantity;
      return add(message.ns, message.order_id, {message.side, message.price_e4}, message.quantity);
    case Reduction:
    case Deletion: return reduce(message);
    case Execution: return execute(message);
    case Hidden: return print(message);
    default: return change_state(message);
  }
}

// The order that the message is about, which has less from now on; 0 where there is none.
std::uint64_t LobsterFile::take_from(const LobsterMessage& message) {
  if (const auto live = live_.find(message.order_id); live != live_.end()) {
    live->second -= std::min(live->second, message.quantity);
    if (live->second == 0 || message.type == Deletion) live_.erase(live);
    return message.order_id;
  }
  const auto level = opening_.find({message.side, message.price_e4});
  if (level == opening_.end() || level->second.quantity < message.quantity) return 0;
  level->second.quantity -= message.quantity;
  return level->second.order_id;
}

void LobsterFile::reduce(const LobsterMessage& message) {
  MarketEvent event{};
  const std::uint64_t order_id = take_from(message);
  if (order_id == 0) {
    ++counts_.strangers;
    return;
  }
  event.cancel = {order_id, message.quantity};
  emit(EventKind::CancelOrder, message, event);
}

// An order that was never in sight traded: the print is all there is to say.
void LobsterFile::execute(const LobsterMessage& message) {
  MarketEvent event{};
  const std::uint64_t order_id = take_from(message);
  if (order_id == 0) return print(message);
  event.execute = {order_id, message.quantity, static_cast<std::uint32_t>(message.price_e4), 0, 1};
  emit(EventKind::ExecuteOrder, message, event);
}

void LobsterFile::print(const LobsterMessage& message) {
  MarketEvent event{};
  event.trade = {0, message.quantity, static_cast<std::uint32_t>(message.price_e4), 0, {}};
  event.trade.symbol.fill(' ');
  emit(EventKind::Trade, message, event);
}

// The price says which: -1 halted, 0 quoting, 1 trading.
void LobsterFile::change_state(const LobsterMessage& message) {
  MarketEvent event{};
  event.trading.symbol.fill(' ');
  event.trading.reason.fill(' ');
  event.trading.state = message.price_e4 < 0 ? 'H' : message.price_e4 == 0 ? 'Q' : 'T';
  emit(EventKind::TradingAction, message, event);
}

void LobsterFile::add(std::uint64_t ns, std::uint64_t order_id, const Level& level,
                      std::uint32_t quantity) {
  MarketEvent event{};
  event.add = {order_id, quantity, static_cast<std::uint32_t>(level.second), {}, {}};
  event.add.symbol.fill(' ');
  event.add.attribution.fill(' ');
  emit(EventKind::AddOrder, {.ns = ns, .side = level.first}, event);
}

void LobsterFile::emit(EventKind kind, const LobsterMessage& message, MarketEvent event) {
  event.kind = kind;
  event.side = message.side;
  event.locate = kLocate;
  event.exchange_ns = message.ns;
  event.sequence = ++sequence_;
  events_.push_back(event);
}

}  // namespace ridley::feed
