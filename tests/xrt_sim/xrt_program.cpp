// SPDX-License-Identifier: Apache-2.0
// In: lines on the standard input. Out: what XRT says to each, one line, with the microseconds it
// took. An ordinary program for a card: public XRT, linked with libxrt_coreutil and libuuid only.
#include <experimental/xrt_ip.h>
#include <experimental/xrt_system.h>
#include <experimental/xrt_xclbin.h>
#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Words = std::istringstream;

constexpr std::size_t kPageBytes = 4096;

// Words of a line are names of devices, units and buffers, and numbers in any base.
class Program {
 public:
  std::string run(const std::string& line) {
    Words words{line};
    std::string verb;
    words >> verb;
    const auto found = verbs_.find(verb);
    if (found == verbs_.end()) return "error: no such verb";
    return found->second(words);
  }

 private:
  template <typename Word = std::string>
  static Word next(Words& words) {
    Word word{};
    words >> word;
    return word;
  }
  static std::uint64_t number(Words& words) { return std::stoull(next(words), nullptr, 0); }
  static std::string hexadecimal(std::uint64_t value) {
    std::ostringstream text;
    text << "0x" << std::hex << value;
    return text.str();
  }

  std::string open(Words& words) {
    auto& device = devices_[next(words)];
    device = std::make_unique<xrt::device>(0);
    return device->get_info<xrt::info::device::name>() + " " +
           device->get_info<xrt::info::device::bdf>();
  }

  std::string close(Words& words) {
    const std::string name = next(words);
    units_.erase(name);
    buffers_.erase(name);
    devices_.erase(name);
    return "closed";
  }

  std::string load(Words& words) {
    auto& device = *devices_.at(next(words));
    return device.load_xclbin(xrt::xclbin{next(words)}).to_string();
  }

  // As a program does that reads the file itself.
  std::string load_bytes(Words& words) {
    auto& device = *devices_.at(next(words));
    std::ifstream file{next(words), std::ios::binary};
    std::vector<char> bytes{std::istreambuf_iterator<char>{file}, {}};
    return device.load_xclbin(reinterpret_cast<const axlf*>(bytes.data())).to_string();
  }

  // What the library makes of a file, without a device.
  static std::string describe(Words& words) {
    const xrt::xclbin file{next(words)};
    std::string text = file.get_xsa_name() + " " + file.get_uuid().to_string();
    for (const auto& one : file.get_ips()) text += " " + one.get_name();
    for (const auto& one : file.get_mems()) text += " " + one.get_tag();
    return text;
  }

  std::string unit(Words& words) {
    const std::string name = next(words);
    auto& device = *devices_.at(next(words));
    units_[name] = std::make_unique<xrt::ip>(device, device.get_xclbin_uuid(), next(words));
    return "opened";
  }

  std::string read(Words& words) {
    auto& unit = *units_.at(next(words));
    return hexadecimal(unit.read_register(static_cast<std::uint32_t>(number(words))));
  }

  std::string read_64(Words& words) {
    auto& unit = *units_.at(next(words));
    const auto at = static_cast<std::uint32_t>(number(words));
    const std::uint64_t low = unit.read_register(at);
    return hexadecimal(low | std::uint64_t{unit.read_register(at + 4)} << 32);
  }

  std::string read_often(Words& words) {
    auto& unit = *units_.at(next(words));
    const auto at = static_cast<std::uint32_t>(number(words));
    std::uint64_t times = number(words);
    const std::uint64_t count = times;
    const auto began = Clock::now();
    for (; times != 0; --times) static_cast<void>(unit.read_register(at));
    const std::chrono::duration<double, std::micro> took = Clock::now() - began;
    return std::to_string(took.count() / static_cast<double>(count));
  }

  std::string write(Words& words) {
    auto& unit = *units_.at(next(words));
    const auto at = static_cast<std::uint32_t>(number(words));
    unit.write_register(at, static_cast<std::uint32_t>(number(words)));
    return "written";
  }

  std::string buffer(Words& words) {
    const std::string name = next(words);
    auto& device = *devices_.at(next(words));
    const std::string kind = next(words);
    const bool host_only = kind == "host";
    const auto flags = host_only ? xrt::bo::flags::host_only : xrt::bo::flags::normal;
    xrt::bo made;
    if (kind == "own") {
      const std::uint64_t bytes = number(words);
      own_[name].reset(std::aligned_alloc(kPageBytes, bytes));
      made = xrt::bo{device, own_[name].get(), bytes, flags, 0};
    } else {
      made = xrt::bo{device, number(words), flags, host_only ? 1U : 0U};
    }
    const std::uint64_t address = made.address();
    buffers_[name] = std::move(made);
    return hexadecimal(address);
  }

  std::string sync(Words& words) {
    auto& buffer = buffers_.at(next(words));
    const bool to_card = next(words) == "to";
    buffer.sync(to_card ? XCL_BO_SYNC_BO_TO_DEVICE : XCL_BO_SYNC_BO_FROM_DEVICE);
    return "done";
  }

  std::string copy(Words& words) {
    auto& to = buffers_.at(next(words));
    auto& from = buffers_.at(next(words));
    to.copy(from);
    return "done";
  }

  std::string peek(Words& words) {
    auto* const bytes = buffers_.at(next(words)).map<unsigned char*>();
    const std::uint64_t at = number(words);
    const std::uint64_t count = number(words);
    std::string text;
    for (std::uint64_t i = at; i < at + count; ++i) {
      constexpr const char* kDigits = "0123456789abcdef";
      text += {kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]};
    }
    return text;
  }

  std::string poke(Words& words) {
    auto* const bytes = buffers_.at(next(words)).map<unsigned char*>();
    const std::uint64_t at = number(words);
    const std::uint64_t count = number(words);
    const auto value = static_cast<unsigned char>(number(words));
    for (std::uint64_t i = at; i < at + count; ++i) bytes[i] = value;
    return "done";
  }

  using Verb = std::string (Program::*)(Words&);
  std::function<std::string(Words&)> verb(Verb chosen) {
    return [this, chosen](Words& words) { return (this->*chosen)(words); };
  }

  std::map<std::string, std::function<std::string(Words&)>> verbs_{
      {"devices", [](Words&) { return std::to_string(xrt::system::enumerate_devices()); }},
      {"open", verb(&Program::open)},
      {"close", verb(&Program::close)},
      {"load", verb(&Program::load)},
      {"load_bytes", verb(&Program::load_bytes)},
      {"describe", &Program::describe},
      {"unit", verb(&Program::unit)},
      {"read", verb(&Program::read)},
      {"read_64", verb(&Program::read_64)},
      {"read_often", verb(&Program::read_often)},
      {"write", verb(&Program::write)},
      {"buffer", verb(&Program::buffer)},
      {"sync", verb(&Program::sync)},
      {"copy", verb(&Program::copy)},
      {"peek", verb(&Program::peek)},
      {"poke", verb(&Program::poke)},
  };
  std::map<std::string, std::unique_ptr<xrt::device>> devices_;
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::map<std::string, std::unique_ptr<void, Free>> own_;
  std::map<std::string, xrt::bo> buffers_;
  std::map<std::string, std::unique_ptr<xrt::ip>> units_;
};

}  // namespace

int main() {
  Program program;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::string answer;
    const auto began = Clock::now();
    try {
      answer = "ok " + program.run(line);
    } catch (const std::exception& error) {
      answer = std::string{"error "} + error.what();
    }
    const std::chrono::duration<double, std::micro> took = Clock::now() - began;
    std::printf("%.1f %s\n", took.count(), answer.c_str());
    std::fflush(stdout);
  }
  return 0;
}
