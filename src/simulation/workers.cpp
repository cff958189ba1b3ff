// SPDX-License-Identifier: Apache-2.0
#include "simulation/workers.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace ridley::simulation {
namespace {

// What a worker writes: that a day begins, or how it went with its texts behind it.
struct Word {
  std::uint64_t seed = 0;
  bool begins = false;
  bool has_finding = false;
  std::uint32_t rule_bytes = 0;
  std::uint32_t what_bytes = 0;
  std::uint64_t at_ns = 0;
  std::uint64_t orders = 0;
  std::uint64_t executions = 0;
  Repaired repaired = {};
  std::uint64_t messages = 0;
  std::uint64_t frames_harmed = 0;
  std::uint64_t digest = 0;
  std::array<std::uint64_t, kDeeds> faults{};
};

void write_all(int to, const void* bytes, std::size_t size) {
  const auto* at = static_cast<const std::byte*>(bytes);
  while (size > 0) {
    const ssize_t written = ::write(to, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) ::_exit(1);  // whoever asked has gone
    at += written;
    size -= static_cast<std::size_t>(written);
  }
}

void write_result(int to, std::uint64_t seed, const DayResult& result) {
  Word word{.seed = seed,
            .has_finding = result.finding.has_value(),
            .orders = result.orders,
            .executions = result.executions,
            .repaired = result.repaired,
            .messages = result.messages,
            .frames_harmed = result.frames_harmed,
            .digest = result.digest,
            .faults = result.faults};
  std::string texts;
  if (result.finding) {
    word.rule_bytes = static_cast<std::uint32_t>(result.finding->rule.size());
    word.what_bytes = static_cast<std::uint32_t>(result.finding->what.size());
    word.at_ns = result.finding->at_ns;
    texts = result.finding->rule + result.finding->what;
  }
  write_all(to, &word, sizeof word);
  write_all(to, texts.data(), texts.size());
}

// Every so-manieth seed, in a process of its own.
class Worker {
 public:
  Worker(const WorkSettings& settings, std::uint64_t begin, std::uint64_t step)
      : settings_{settings}, next_{begin}, step_{step} {
    start();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    if (process_ > 0) ::kill(process_, SIGKILL);
    (void)reap();
  }

  [[nodiscard]] int descriptor() const noexcept { return from_; }
  [[nodiscard]] bool finished() const noexcept { return from_ < 0; }

  // Reads what has come. False when done said so.
  bool read(const Done& done) {
    std::array<std::byte, 65'536> piece;
    const ssize_t size = ::read(from_, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) return true;
    if (size <= 0) return end(done);
    bytes_.insert(bytes_.end(), piece.begin(), piece.begin() + size);
    return take(done);
  }

 private:
  void start() {
    if (next_ >= settings_.first + settings_.seeds) return;
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw base::Error{"simulate: no pipe: ", std::strerror(errno)};
    std::fflush(nullptr);  // or the child prints it again
    process_ = ::fork();
    if (process_ < 0) throw base::Error{"simulate: no process: ", std::strerror(errno)};
    if (process_ == 0) {
      ::close(ends[0]);
      work(ends[1]);
    }
    ::close(ends[1]);
    from_ = ends[0];
  }

  [[noreturn]] void work(int to) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (std::uint64_t seed = next_; seed < settings_.first + settings_.seeds; seed += step_) {
      const Word begins{.seed = seed, .begins = true};
      write_all(to, &begins, sizeof begins);
      write_result(to, seed, run_day({.seed = seed, .places = settings_.places}));
    }
    ::_exit(0);
  }

  bool take(const Done& done) {
    Word word;
    while (bytes_.size() >= sizeof word) {
      std::memcpy(&word, bytes_.data(), sizeof word);
      const std::size_t size = sizeof word + word.rule_bytes + word.what_bytes;
      if (bytes_.size() < size) return true;
      const std::string texts{reinterpret_cast<const char*>(bytes_.data()) + sizeof word,
                              size - sizeof word};
      bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
      living_ = word.begins;
      if (word.begins) {
        next_ = word.seed;
        continue;
      }
      next_ = word.seed + step_;
      if (!done(word.seed, result_of(word, texts))) return false;
    }
    return true;
  }

  static DayResult result_of(const Word& word, const std::string& texts) {
    DayResult result{.orders = word.orders,
                     .executions = word.executions,
                     .repaired = word.repaired,
                     .messages = word.messages,
                     .frames_harmed = word.frames_harmed,
                     .digest = word.digest,
                     .faults = word.faults,
                     .finding = {}};
    if (word.has_finding)
      result.finding = {texts.substr(0, word.rule_bytes), texts.substr(word.rule_bytes),
                        word.at_ns};
    return result;
  }

  // A process that ends in the middle of a day is what that day has shown; another one goes on.
  bool end(const Done& done) {
    const std::string how = reap();
    if (!living_) return true;
    living_ = false;
    DayResult result;
    result.finding = {"crash", how, 0};
    const std::uint64_t seed = next_;
    next_ += step_;
    bytes_.clear();
    start();
    return done(seed, result);
  }

  std::string reap() {
    if (from_ >= 0) ::close(from_);
    from_ = -1;
    if (process_ <= 0) return {};
    int status = 0;
    (void)::waitpid(process_, &status, 0);
    process_ = -1;
    if (WIFSIGNALED(status))
      return std::string{"the process ended by "} + ::strsignal(WTERMSIG(status));
    return "the process ended with exit code " + std::to_string(WEXITSTATUS(status));
  }

  const WorkSettings& settings_;
  std::uint64_t next_;
  std::uint64_t step_;
  pid_t process_ = -1;
  int from_ = -1;
  bool living_ = false;
  std::vector<std::byte> bytes_;
};

std::uint32_t workers_of(const WorkSettings& settings) {
  const std::uint32_t wanted =
      settings.workers != 0 ? settings.workers : std::max(1U, std::thread::hardware_concurrency());
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, settings.seeds));
}

}  // namespace

void live_days(const WorkSettings& settings, const Done& done) {
  const std::uint32_t count = workers_of(settings);
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::uint32_t i = 0; i < count; ++i)
    workers.push_back(std::make_unique<Worker>(settings, settings.first + i, count));
  while (true) {
    std::erase_if(workers, [](const auto& worker) { return worker->finished(); });
    if (workers.empty()) return;
    std::vector<pollfd> ready;
    for (const auto& worker : workers)
      ready.push_back({.fd = worker->descriptor(), .events = POLLIN, .revents = 0});
    if (::poll(ready.data(), ready.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < ready.size(); ++i)
      if (ready[i].revents != 0 && !workers[i]->read(done)) return;
  }
}

DayResult live_day(const DaySettings& settings) {
  DayResult result;
  live_days({.first = settings.seed, .seeds = 1, .workers = 1, .places = settings.places},
            [&result](std::uint64_t, const DayResult& day) { return result = day, true; });
  return result;
}

}  // namespace ridley::simulation
