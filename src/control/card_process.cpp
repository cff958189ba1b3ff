// SPDX-License-Identifier: Apache-2.0
#include "control/card_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

#include "base/error.hpp"

namespace ridley::control {
namespace {

namespace fs = std::filesystem;
using base::Error;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// It loads in a tenth of a second; a busy machine takes its time.
constexpr auto kStartPatience = 30s;
// Where it runs beside us on few cores, a register may take longer than on a bus.
constexpr char kRegisterLimitMs[] = "30000";
constexpr std::size_t kWordsBytesMax = 2'000;

// In the child, between fork and exec: nothing but calls of the kernel.
[[noreturn]] void become(const char* program, char* const* words, int output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have gone before that.
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool ready = ::getppid() == parent && nothing >= 0 && ::dup2(nothing, 0) == 0 &&
                     ::dup2(output, 1) == 1 && ::dup2(output, 2) == 2;
  if (ready) ::execv(program, words);
  ::_exit(EX_OSERR);
}

}  // namespace

SimulatedCard SimulatedCard::find() {
  struct Place {
    fs::path program;
    fs::path folder;
  };
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path built = here / "../../drivers/xrt_sim";
  const std::array<Place, 4> places{Place{built, built},
                                    Place{here, here / "../lib/ridley/xrt_sim"},
                                    Place{here, here / "../lib/x86_64-linux-gnu/ridley/xrt_sim"},
                                    Place{here, here / "../lib64/ridley/xrt_sim"}};
  for (const Place& place : places) {
    const fs::path program = place.program / "ridley-card-sim";
    if (!fs::exists(program) || !fs::exists(place.folder / "lib/libxrt_core.so.2")) continue;
    return {.program = fs::canonical(program),
            .folder = fs::canonical(place.folder),
            .bitstream = fs::canonical(place.folder) / "card_64.xclbin"};
  }
  throw Error::with_exit(EX_UNAVAILABLE,
                         "no simulated card: ridley-card-sim was not built; it needs Verilator and "
                         "libxrt-dev (scripts/setup)");
}

CardProcess::CardProcess(const SimulatedCard& card, std::vector<std::string> words) {
  std::string folder = (fs::temp_directory_path() / "ridley-card-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr)
    throw Error::with_exit(EX_CANTCREAT, folder, ": ", std::strerror(errno));
  folder_ = folder;
  socket_ = folder_ / "socket";
  try {
    words.insert(words.begin(), card.program.string());
    words.insert(words.end(), {"--socket", socket_});
    start(std::move(words));
    wait_until_it_listens();
  } catch (...) {
    hide();
    throw;
  }
  ::setenv("XILINX_XRT", card.folder.c_str(), 1);
  ::setenv("RIDLEY_CARD_SIM", socket_.c_str(), 1);
  ::setenv("RIDLEY_CARD_SIM_LIMIT_MS", kRegisterLimitMs, 0);
}

CardProcess::~CardProcess() {
  hide();
  if (process_ < 0) return;
  // It has nothing that anybody needs.
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void CardProcess::start(std::vector<std::string> words) {
  const fs::path said = folder_ / "said";
  said_ = base::Descriptor{::open(said.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
  if (!said_) throw Error::with_exit(EX_CANTCREAT, said.string(), ": ", std::strerror(errno));
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) throw Error::with_exit(EX_OSERR, "no process: ", std::strerror(errno));
  if (process_ == 0) become(pointers[0], pointers.data(), said_.number(), parent);
}

void CardProcess::wait_until_it_listens() {
  const auto until = Clock::now() + kStartPatience;
  while (!listens()) {
    if (::waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = -1;
      throw Error::with_exit(EX_UNAVAILABLE, "the simulated card does not start: ", last_words());
    }
    if (Clock::now() > until) {
      throw Error::with_exit(EX_UNAVAILABLE, "the simulated card does not listen: ", last_words());
    }
    std::this_thread::sleep_for(1ms);
  }
}

bool CardProcess::listens() const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof address.sun_path) return false;
  socket_.copy(address.sun_path, socket_.size());
  const base::Descriptor made{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
  const auto* at = reinterpret_cast<const sockaddr*>(&address);
  return made && ::connect(made.number(), at, sizeof address) == 0;
}

void CardProcess::hide() noexcept {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void CardProcess::must_run() {
  if (process_ > 0 && ::waitpid(process_, nullptr, WNOHANG) == 0) return;
  process_ = -1;
  throw Error::with_exit(EX_IOERR, "the simulated card has ended: ", last_words());
}

std::string CardProcess::last_words() const {
  const off_t size = ::lseek(said_.number(), 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - static_cast<off_t>(kWordsBytesMax));
  std::string words(kWordsBytesMax, '\0');
  const ssize_t got = ::pread(said_.number(), words.data(), words.size(), from);
  words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (words.ends_with('\n')) words.pop_back();
  const std::size_t line = words.rfind('\n');
  if (line != std::string::npos) words.erase(0, line + 1);
  return words.empty() ? "it said nothing" : words;
}

}  // namespace ridley::control
