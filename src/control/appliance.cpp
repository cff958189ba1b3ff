// SPDX-License-Identifier: Apache-2.0
#include "control/appliance.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "control/appliance_settings.hpp"
#include "engine/allocation_watch.hpp"
#include "engine/pinning.hpp"

namespace ridley::control {
namespace {

// Counters of the rooms and gauges of each symbol, with room to grow.
constexpr std::uint32_t kPageEntries = 256;
constexpr std::uint32_t kPageEntriesPerSymbol = 8;

// An operator does not notice it; the side exit is emptied far more often than it fills.
constexpr std::chrono::milliseconds kControlPause{20};
// While the appliance looks for its connection, so that it can say how long that took.
constexpr std::chrono::milliseconds kConnectingPause{1};
constexpr double kConnectingMillisecondsMax = 5'000;

std::filesystem::path made(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw base::Error::with_exit(EX_CANTCREAT, "cannot make ", folder, ": ", error.message());
  return folder;
}

std::uint64_t kernel_utc_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::nanoseconds{now}.count());
}

telemetry::CounterPage::Options page_options(const Config& config) {
  const auto symbols = static_cast<std::uint32_t>(config.strategy.symbols.size());
  return {.path = config.counters_path(),
          .start_utc_ns = kernel_utc_ns(),
          .entries_max = kPageEntries + kPageEntriesPerSymbol * symbols};
}

static_assert(static_cast<int>(SessionVersion::V41) == static_cast<int>(order::SoupVersion::V41),
              "one order in both");

order::TcpSessionSettings session_settings(const OrderConfig& orders,
                                           const std::optional<order::StreamPlace>& place) {
  order::TcpSessionSettings settings;
  settings.host = orders.host;
  settings.port = orders.port;
  settings.soup.username = orders.username;
  settings.soup.password = orders.password;
  settings.soup.session = orders.session;
  // Without a place, what was said before is not about orders that anybody here knows.
  settings.soup.next_sequence = 0;
  settings.soup.version = static_cast<order::SoupVersion>(orders.session_version);
  if (place) settings.resume(*place);
  settings.soup.heartbeat_ns = std::uint64_t{orders.heartbeat_ms} * 1'000'000;
  settings.soup.dead_peer_ns = std::uint64_t{orders.dead_after_ms} * 1'000'000;
  return settings;
}

// What an earlier process was told of another session is of no use.
std::optional<order::StreamPlace> usable(const std::optional<order::StreamPlace>& found,
                                         const std::string& session) {
  if (!found || found->session.empty()) return std::nullopt;
  if (!session.empty() && session != found->session) return std::nullopt;
  return found;
}

std::optional<order::TokenPrefix> prefix_for(const OrderConfig& orders) {
  constexpr std::uint64_t kSecondNs = 1'000'000'000;
  if (orders.protocol == OrderProtocol::Ouch50) return std::nullopt;
  return order::token_prefix(kernel_utc_ns() / kSecondNs);
}

void warn(const std::string& text) { std::fprintf(stderr, "ridleyd: %s\n", text.c_str()); }

// The hot core's number, once this thread and those that it starts keep off it.
std::uint32_t leave_hot_core(const engine::Placement& placement) {
  if (auto refused = engine::bind_this_thread(placement.other_cores)) warn(*refused);
  return placement.hot_core;
}

}  // namespace

std::filesystem::path find_strategy(const std::string& object) {
  namespace fs = std::filesystem;
  if (object.find('/') != std::string::npos) return object;
  const fs::path file = "libridley_" + object + ".so";
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
  // As built: build/src/app beside build/src/strategy. As installed: bin beside lib/<triplet>.
  const std::array<fs::path, 4> folders{program / "../strategy", program / "../lib/ridley",
                                        program / "../lib/x86_64-linux-gnu/ridley",
                                        program / "../lib64/ridley"};
  for (const fs::path& folder : folders)
    if (fs::exists(folder / file)) return folder / file;
  throw base::Error::with_exit(EX_CONFIG, "strategy.object: no strategy '", object,
                               "' ships with this Ridley; a path has a slash");
}

Appliance::Appliance(const Config& config, const Start& start)
    : config_{config},
      start_{start},
      placement_{engine::place(engine::read_machine(),
                               {.hot_core = config.engine.hot_core, .nic_numa_node = -1})},
      lock_{made(config.appliance.run_folder) / (config.appliance.name + ".lock")},
      sequence_file_{config.sequence_path()},
      place_{usable(sequence_file_.found(), config.order.session)},
      token_prefix_{prefix_for(config.order)},
      page_{page_options(config)},
      reader_{config.counters_path()},
      instance_{std::make_unique<strategy::Instance>(
          strategy::Plugin::load(find_strategy(config.strategy.object)), instance_options(config))},
      hot_{leave_hot_core(placement_), [this] { build_street(); }},
      wires_{config, start.clock.calibration()},
      clock_{wires_.clock()},
      membership_{wires_.sender(), feed_groups(config)},
      order_side_{made_order_side()},
      session_{made_session()},
      order_log_{made(config.telemetry.folder),
                 [this](std::uint16_t locate) { return symbol_of(locate); }},
      log_{{.folder = config.telemetry.folder,
            .bytes_max = std::uint64_t{config.telemetry.log_megabytes} << 20,
            .start_ns = now_ns()},
           engine::notes::kFormats},
      snapshots_{reader_,
                 {.lines = std::filesystem::path{config.telemetry.folder} / "snapshots.jsonl",
                  .hlog = std::filesystem::path{config.telemetry.folder} / "hops.hlog",
                  .start_utc_ns = now_ns()}},
      socket_{config.socket_path(), config.control.permissions, operations()} {
  if (!config.drop_copy.host.empty()) {
    drop_copy_ = std::make_unique<DropCopySide>(config, token_prefix_, page_);
    order_log_.tell([this](const event::OrderEvent& event) { drop_copy_->own(event, now_ns()); });
  }
  start_.clock.done("files and control socket");
  page_.begin_group();
  slow_ = {.link_up = page_.gauge("nic.link_up"),
           .missed = page_.gauge("nic.missed"),
           .no_buffer = page_.gauge("nic.no_buffer"),
           .errors = page_.gauge("nic.errors"),
           .logins = page_.gauge("order.logins"),
           .connects_failed = page_.gauge("order.connects_failed"),
           .hot_allocations = page_.gauge("engine.hot_allocations")};
  line_watch_.emplace(page_, config.feed.groups.size());
  if (street_->recovery() != nullptr)
    recovery_ = std::make_unique<RecoverySide>(config, *street_->recovery(), page_);
  facts_ = {.time_source = std::string{wires_.time_source()},
            .hot_core = placement_.hot_core,
            .huge_pages = wires_.huge_pages(),
            .startup_ms = 0,
            .warnings = placement_.warnings,
            .symbols = config.strategy.symbols,
            .rerequest_servers = config.recovery.rerequest};
  for (const std::string& warning : facts_.warnings) warn(warning);
}

void Appliance::build_street() {
  engine::StreetSettings settings = street_settings(config_);
  settings.orders.token_prefix = token_prefix_;
  settings.orders.resumes = place_.has_value();
  street_ = std::make_unique<engine::Street>(std::move(settings), instance_->loaded(), page_);
}

engine::Street& Appliance::built_street() {
  start_.clock.done("wire");
  hot_.wait_until_built();
  start_.clock.done("books and rings");
  if (!config_.card.bitstream.empty()) open_card();
  return *street_;
}

std::unique_ptr<OrderSide> Appliance::made_order_side() {
  engine::Street& street = built_street();
  nic::DpdkPort* port = wires_.order_port();
  if (port == nullptr) return nullptr;
  auto side = std::make_unique<OrderSide>(config_.order, *port, street.outbound(), page_);
  street.mirror_wire(side->hot_end().counters(), page_);
  start_.clock.done("order connection's network");
  return side;
}

order::TcpSession Appliance::made_session() {
  order::TcpSessionSettings settings = session_settings(config_.order, place_);
  settings.token_prefix = token_prefix_;
  if (!order_side_)
    return {settings, street_->outbound(), street_->inbound(), nullptr, &sequence_file_};
  // A port says nothing when a frame has come: it is polled, unless there is no core for that.
  if (!gives_core_away()) settings.idle_us = 0;
  return {settings, order_side_->departed(), street_->inbound(), &order_side_->wire(),
          &sequence_file_};
}

bool Appliance::gives_core_away() const noexcept {
  const bool one_core = placement_.other_cores == std::vector{placement_.hot_core};
  return config_.engine.poll == Poll::Yield || (config_.engine.poll == Poll::Auto && one_core);
}

void Appliance::open_card() {
  card_ = std::make_unique<CardSide>(config_, first_source(config_.card), page_, reader_);
  card_trial_ = std::make_unique<CardTrial>(*card_, config_.card, reader_);
  street_->mirror_card(card_->feed(), page_);
  start_.clock.done("card");
  if (card_->device().name.empty()) return warn("the card runs no bitstream yet");
  warn(fmt::format("card {} at {}, bitstream {}", card_->device().name, card_->device().address,
                   card_->device().uuid));
}

Appliance::~Appliance() { end_threads(); }

int Appliance::run(const std::atomic<bool>& stop) {
  start_threads();
  work_until_finished(stop);
  end_threads();
  if (card_) {
    card_trial_->finish();
    card_->finish();
  }
  order_log_.drain(street_->side_exit());
  log_.drain(street_->log(), now_ns());
  log_.close(now_ns());
  snapshot(now_ns());
  write_summary();
  socket_.drain(kControlPause);
  const bool clean = reader_.number("order.open").value_or(0) == 0;
  if (!clean) warn("orders may still be open at the exchange: it did not confirm their cancels");
  return clean ? EX_OK : EX_TEMPFAIL;
}

void Appliance::start_threads() {
  engine::prepare_allocation_watch(engine::OnHotAllocation::Count);
  session_thread_ = std::thread{[this] { session_.run(); }};
  if (drop_copy_) drop_copy_->start();
  if (recovery_) recovery_->start();
  hot_.run([this] { run_hot(); });
  // Acquire: what the hot thread prepared is done.
  polling_.wait(false, std::memory_order_acquire);
  start_.clock.done("threads");
  facts_.startup_ms = start_.clock.milliseconds();
  say_ready();
}

void Appliance::run_hot() {
  wires_.adopt_calling_thread();
  // Release: pairs with the wait of the thread that starts.
  polling_.store(true, std::memory_order_release);
  polling_.notify_one();
  wires_.run({.clock = clock_,
              .street = *street_,
              .membership = membership_,
              .card = card_ ? &card_->feed() : nullptr,
              .wire = order_side_ ? &order_side_->hot_end() : nullptr,
              .yields = gives_core_away(),
              .finish = finish_,
              .finished = finished_});
}

void Appliance::say_ready() {
  warn(fmt::format("ready for link after {:.1f} ms, {:.1f} MB resident", facts_.startup_ms,
                   resident_mb()));
  if (start_.verbose) std::fputs(start_.clock.report().c_str(), stderr);
}

// The line was heard and the exchange has answered: how soon is up to them as well.
void Appliance::look_for_connection() {
  if (connected_ || !is_connected(reader_)) return;
  connected_ = true;
  facts_.connected_ms = start_.clock.milliseconds();
  warn(fmt::format("connected after {:.1f} ms", facts_.connected_ms));
}

void Appliance::end_threads() {
  finish_.store(true, std::memory_order_relaxed);
  hot_.join();
  if (recovery_) recovery_->stop();
  session_.request_stop();
  if (session_thread_.joinable()) session_thread_.join();
  if (drop_copy_) drop_copy_->stop();
}

void Appliance::work_until_finished(const std::atomic<bool>& stop) {
  std::uint64_t give_up_ns = 0;
  // Acquire: pairs with the hot thread's last store, its counters are whole.
  while (!finished_.load(std::memory_order_acquire)) {
    const bool connecting = !connected_ && start_.clock.milliseconds() < kConnectingMillisecondsMax;
    socket_.poll(connecting ? kConnectingPause : kControlPause);
    look_for_connection();
    if (card_trial_) card_trial_->look_after();
    order_log_.drain(street_->side_exit());
    if (drop_copy_) watch_drop_copy();
    const std::uint64_t now = now_ns();
    log_.drain(street_->log(), now);
    if (now >= next_snapshot_ns_) snapshot(now);
    if (give_up_ns == 0 && (stop.load() || stop_requested_.load())) {
      give_up_ns = now + kStopTimeoutNs;
      (void)obeyed(scoped(event::CommandKind::Stop, {}));
    }
    if (give_up_ns != 0 && now > give_up_ns) finish_.store(true, std::memory_order_relaxed);
  }
}

void Appliance::watch_drop_copy() {
  const DropCopySide::Look look = drop_copy_->look(now_ns());
  for (const std::string& alert : look.alerts) warn(alert);
  for (const std::uint32_t user_ref : look.doubted) doubted_orders_.doubt(user_ref);
  for (const std::uint32_t user_ref : look.settled) doubted_orders_.settle(user_ref);
  if (!look.kill) return;
  warn("killed: the drop copy and we disagree for longer than drop_copy.kill_after_ms");
  (void)obeyed(scoped(event::CommandKind::Kill, {}));
  doubted_orders_.settle_all();  // the latch holds until somebody has looked
}

void Appliance::snapshot(std::uint64_t now) {
  next_snapshot_ns_ = now + std::uint64_t{config_.telemetry.interval_ms} * 1'000'000;
  publish_slow_numbers();
  for (const std::string& sentence : line_watch_->look(reader_, now)) warn(sentence);
  if (recovery_)
    for (const std::string& sentence : recovery_->look()) warn(sentence);
  page_.beat(now);
  std::vector<std::string> symbols;
  std::vector<telemetry::Holding> holdings;
  for (const auto& [locate, holding] : order_log_.holdings().all())
    symbols.push_back(symbol_of(locate));
  std::size_t row = 0;
  for (const auto& [locate, holding] : order_log_.holdings().all()) {
    const auto mark =
        static_cast<std::uint32_t>(reader_.number("mark_e4." + symbols[row]).value_or(0));
    holdings.push_back({.symbol = symbols[row++],
                        .position = holding.position,
                        .realized_profit_e4 = holding.realized_profit_e4,
                        .unrealized_profit_e4 = holding.unrealized_profit_e4(mark)});
  }
  snapshots_.write(now, holdings);
}

void Appliance::publish_slow_numbers() {
  const nic::PortStatistics statistics = wires_.statistics();
  slow_.link_up.set(wires_.link().up ? 1 : 0);
  slow_.missed.set(static_cast<std::int64_t>(statistics.missed));
  slow_.no_buffer.set(static_cast<std::int64_t>(statistics.no_buffer));
  slow_.errors.set(static_cast<std::int64_t>(statistics.errors));
  slow_.logins.set(static_cast<std::int64_t>(session_.counters().logins.load()));
  slow_.connects_failed.set(static_cast<std::int64_t>(session_.counters().connects_failed.load()));
  if (recovery_) recovery_->publish();
  slow_.hot_allocations.set(static_cast<std::int64_t>(engine::hot_allocation_count()));
}

void Appliance::write_summary() const {
  const std::filesystem::path path =
      std::filesystem::path{config_.telemetry.folder} / "summary.json";
  std::ofstream file{path};
  file << summary_json(reader_, facts_) << '\n';
  if (!file.flush()) throw base::Error::with_exit(EX_IOERR, "cannot write ", path.string());
}

int run_appliance(const Config& config, const std::atomic<bool>& stop, const Start& start) {
  Appliance appliance{config, start};
  return appliance.run(stop);
}

}  // namespace ridley::control
