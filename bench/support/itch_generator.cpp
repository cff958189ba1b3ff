// SPDX-License-Identifier: Apache-2.0
// In: OUT MESSAGES [INSTRUMENTS] [SEED]. Out: the file OUT, a generated day, and on the standard
// output what books made of it must say. Cold.
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "bench/support/generated_day.hpp"

namespace ridley::bench {
namespace {

constexpr const char* kUsage = "usage: itch_generator OUT MESSAGES [INSTRUMENTS=8000] [SEED=1]\n";

template <typename Number>
Number number(std::string_view word) {
  Number value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) {
    throw base::Error::with_exit(EX_USAGE, "'", word, "' is no number\n", kUsage);
  }
  return value;
}

// The file is there and whole, or an error was thrown.
class OutputFile {
 public:
  explicit OutputFile(const std::string& name)
      : name_{name}, file_{::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)} {
    if (file_ < 0) fail("cannot open");
  }
  ~OutputFile() {
    if (file_ >= 0) ::close(file_);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot write");
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw base::Error::with_exit(EX_CANTCREAT, name_, ": ", what, ": ", std::strerror(errno));
  }

  std::string name_;
  int file_;
};

int run(std::span<char*> words) {
  if (words.size() < 3 || words.size() > 5) {
    std::fputs(kUsage, stderr);
    return EX_USAGE;
  }
  DayOptions options{.messages = number<std::uint64_t>(words[2])};
  if (words.size() > 3) options.instruments = number<std::uint32_t>(words[3]);
  if (words.size() > 4) options.seed = number<std::uint64_t>(words[4]);
  OutputFile file{words[1]};
  const DayFacts facts =
      generate_day(options, [&](std::span<const std::byte> bytes) { file.write(bytes); });
  std::printf(
      "{\"messages\":%lu,\"bytes\":%lu,\"live_orders\":%lu,\"levels\":%lu,"
      "\"bbo_digest\":\"%016lx\"}\n",
      facts.messages, facts.bytes, facts.live_orders, facts.levels, facts.bbo_digest);
  return EX_OK;
}

}  // namespace
}  // namespace ridley::bench

int main(int count, char** words) {
  try {
    return ridley::bench::run({words, static_cast<std::size_t>(count)});
  } catch (const ridley::base::Error& error) {
    std::fprintf(stderr, "itch_generator: %s\n", error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "itch_generator: %s\n", error.what());
    return EX_SOFTWARE;
  }
}
