// SPDX-License-Identifier: Apache-2.0
// In: ridleyd and its sample configuration for a software wire. Out: how long it takes from exec
// until it says that it is ready for link, and until it is connected to an exchange that is there.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "bench/support/report.hpp"
#include "start_places.hpp"

namespace ridley::bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kStarts = 20;
constexpr int kConnections = 5;
// DPDK's vhost looks at a new socket once a second; what it has seen it answers at once.
constexpr auto kVhostListensAfter = 1500ms;
constexpr auto kVenueReadyMax = 20s;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>{Clock::now() - start}.count();
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// A folder for sockets and files, gone afterwards.
class Place {
 public:
  Place() {
    std::string name = (std::filesystem::temp_directory_path() / "ridley-start-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw base::Error{"no folder ", name};
    path_ = name;
    std::filesystem::create_directories(path_ / "venue");
  }
  ~Place() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // The sample, in this folder, for an exchange on that port.
  [[nodiscard]] std::string configuration(const std::string& order_port) const {
    std::string text = text_of(std::filesystem::path{kSourceFolder} / "config" / "simulator.toml");
    replace_all(text, "/tmp/ridley", path_.string());
    replace_all(text, "26400", order_port);
    const std::filesystem::path file = path_ / "ridley.toml";
    std::ofstream{file} << text;
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

// A program of this build, its standard error on a pipe. Ended when it goes.
class Child {
 public:
  Child(const std::string& program, std::vector<std::string> words) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw base::Error{"no pipe"};
    words.insert(words.begin(), std::string{kProgramFolder} + "/" + program);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    start_ = Clock::now();
    const int failed =
        ::posix_spawn(&id_, words.front().c_str(), &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    said_ = ::fdopen(pipe[0], "r");
    if (failed != 0) throw base::Error{"cannot start ", words.front()};
  }
  ~Child() {
    ::kill(id_, SIGTERM);
    ::waitpid(id_, nullptr, 0);
    std::fclose(said_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Of the main thread, exec and dynamic loader with it: what a start takes where nobody else runs.
  [[nodiscard]] double processor_milliseconds() const {
    const std::string id = std::to_string(id_);
    return std::strtod(file("task/" + id + "/schedstat").c_str(), nullptr) / 1e6;
  }

  // Milliseconds from the spawn until the process says that.
  double milliseconds_until(const std::string& wanted) {
    std::string all;
    for (std::array<char, 512> line{}; std::fgets(line.data(), line.size(), said_) != nullptr;) {
      const double passed = milliseconds_since(start_);
      all += line.data();
      if (std::string{line.data()}.find(wanted) != std::string::npos) return passed;
    }
    throw base::Error{"it ended without '", wanted, "': ", all};
  }

  [[nodiscard]] std::string file(const std::string& name) const {
    return text_of("/proc/" + std::to_string(id_) + "/" + name);
  }

  // "VmRSS:   8123 kB"
  [[nodiscard]] double kilobytes(const std::string& key) const {
    const std::string status = file("status");
    const std::size_t at = status.find(key);
    return at == std::string::npos ? 0 : std::strtod(status.c_str() + at + key.size(), nullptr);
  }

  [[nodiscard]] double page_faults() const {
    const std::string text = file("stat");
    std::istringstream words{text.substr(text.rfind(')') + 1)};
    // The tenth field of all, so the eighth behind the name.
    std::string word;
    for (int i = 0; i < 8; ++i) words >> word;
    return std::strtod(word.c_str(), nullptr);
  }

 private:
  pid_t id_ = 0;
  Clock::time_point start_;
  std::FILE* said_ = nullptr;
};

void measure_ready(Report& report) {
  const Place place;
  const std::string file = place.configuration("1");  // nobody listens
  std::vector<double> ready;
  std::vector<double> processor;
  std::vector<double> resident;
  std::vector<double> huge;
  std::vector<double> faults;
  for (int i = 0; i < kStarts; ++i) {
    Child ridleyd{"ridleyd", {file}};
    ready.push_back(ridleyd.milliseconds_until("ready for link"));
    processor.push_back(ridleyd.processor_milliseconds());
    resident.push_back(ridleyd.kilobytes("VmRSS:") / 1024);
    huge.push_back(ridleyd.kilobytes("HugetlbPages:") / 1024);
    faults.push_back(ridleyd.page_faults());
  }
  report.row("exec to ready for link", "ms", percentiles_of(ready));
  report.row("processor time of the main thread", "ms", percentiles_of(processor));
  report.row("resident without huge pages", "MB", percentiles_of(resident));
  report.row("huge pages", "MB", percentiles_of(huge));
  report.row("page faults", "faults", percentiles_of(faults));
}

// "order_port":40123
std::string order_port_of(const std::filesystem::path& ready_file) {
  const auto end = Clock::now() + kVenueReadyMax;
  while (!std::filesystem::exists(ready_file)) {
    if (Clock::now() > end) throw base::Error{"the exchange does not get ready"};
    std::this_thread::sleep_for(10ms);
  }
  const std::string text = text_of(ready_file);
  const std::size_t at = text.find_first_of("0123456789", text.find("\"order_port\""));
  return text.substr(at, text.find_first_not_of("0123456789", at) - at);
}

double measure_connected() {
  const Place place;
  const std::string venue_folder = (place.path() / "venue").string();
  const Child venue{"ridley-venue",
                    {"--run-folder", venue_folder, "--feed-port",
                     "net_vhost0,iface=" + (place.path() / "feed.sock").string() + ",queues=1",
                     "--order-port", "0", "--rate", "2000"}};
  const std::string port = order_port_of(place.path() / "venue" / "ready.json");
  std::this_thread::sleep_for(kVhostListensAfter);
  Child ridleyd{"ridleyd", {place.configuration(port)}};
  return ridleyd.milliseconds_until("connected after");
}

void measure(Report& report, Words) {
  measure_ready(report);
  std::vector<double> connected;
  for (int i = 0; i < kConnections; ++i) connected.push_back(measure_connected());
  report.row("exec to connected", "ms", percentiles_of(connected));
}

}  // namespace

const Contender kContender{
    .task = "start",
    .name = "ridley",
    .timed = "from posix_spawn of ridleyd until its line arrives in a pipe, dynamic loader and all",
    .measure = measure};

}  // namespace ridley::bench
