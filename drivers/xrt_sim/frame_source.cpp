// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/frame_source.hpp"

#include <sysexits.h>

#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/tsc_clock.hpp"
#include "nic/capture_file.hpp"
#include "nic/capture_port.hpp"
#include "nic/dpdk_port.hpp"
#include "xrt_sim/raw_socket.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;

class NoFrames final : public FrameSource {
 public:
  const nic::Frame* head() override { return nullptr; }
  void drop() override {}
};

class Capture final : public FrameSource {
 public:
  Capture(const std::string& name, nic::ReplayRate rate)
      : reader_{name}, speed_{nic::speed_of(rate)}, name_{name} {
    take();
  }

  const nic::Frame* head() override { return frame_ ? &*frame_ : nullptr; }
  void drop() override { take(); }
  [[nodiscard]] bool recorded() const override { return true; }
  [[nodiscard]] std::uint64_t speed() const override { return speed_; }

 private:
  void take() {
    frame_.reset();
    try {
      if (const auto next = reader_.next()) frame_ = next->frame();
    } catch (const Error& error) {
      // The whole frames before the damage were given.
      std::fprintf(stderr, "ridley-card-sim: %s\n", error.what());
    }
  }

  nic::CaptureReader reader_;
  std::uint64_t speed_;
  std::string name_;
  std::optional<nic::Frame> frame_;
};

class Interface final : public FrameSource {
 public:
  explicit Interface(const std::string& name) : socket_{name} {}

  const nic::Frame* head() override {
    if (!waiting_) waiting_ = socket_.receive(frame_);
    return waiting_ ? &frame_ : nullptr;
  }
  void drop() override { waiting_ = false; }
  [[nodiscard]] int file() const override { return socket_.file(); }

 private:
  RawSocket socket_;
  nic::Frame frame_;
  bool waiting_ = false;
};

class Device final : public FrameSource {
 public:
  explicit Device(nic::DpdkPort& port) : port_{port} {}

  const nic::Frame* head() override {
    if (next_ == count_) {
      count_ = port_.receive_burst(frames_);
      next_ = 0;
    }
    return next_ == count_ ? nullptr : &frames_[next_];
  }
  void drop() override { ++next_; }
  [[nodiscard]] bool polled() const override { return true; }

 private:
  nic::DpdkPort& port_;
  std::array<nic::Frame, nic::kBurstFramesMax> frames_{};
  std::size_t count_ = 0;
  std::size_t next_ = 0;
};

constexpr std::string_view kInterface = "veth:";

bool is_interface(std::string_view text) { return text.starts_with(kInterface); }

bool is_device(std::string_view text) {
  if (text == "none" || is_interface(text)) return false;
  const nic::PortDescription port = nic::describe_port(text);
  if (port.kind == nic::PortKind::Memory) {
    throw Error::with_exit(EX_USAGE, "a port of the card cannot be \"memory\"");
  }
  return nic::needs_dpdk(port.kind);
}

std::unique_ptr<FrameSource> make_source(std::string_view text) {
  if (text == "none") return std::make_unique<NoFrames>();
  if (is_interface(text)) {
    return std::make_unique<Interface>(std::string{text.substr(kInterface.size())});
  }
  const nic::PortDescription port = nic::describe_port(text);
  return std::make_unique<Capture>(port.path, port.rate);
}

}  // namespace

FrameSources::FrameSources(const std::vector<std::string>& texts) {
  std::vector<nic::PortRequest> requests;
  for (const std::string& text : texts) {
    if (!is_device(text)) continue;
    nic::PortRequest request{};
    request.description = nic::describe_port(text);
    request.promiscuous = true;
    requests.push_back(request);
  }
  if (!requests.empty()) {
    const nic::DpdkSetup::ClockSource clock = []() -> const base::TscClock& {
      static const base::TscClock calibrated = base::TscClock::calibrate();
      return calibrated;
    };
    dpdk_ = std::make_unique<nic::DpdkSetup>(requests, clock, nic::Pages::Automatic);
    nic::DpdkSetup::adopt_calling_thread();
  }
  std::size_t device = 0;
  for (const std::string& text : texts) {
    if (is_device(text)) {
      sources_.push_back(std::make_unique<Device>(dpdk_->port(device++)));
    } else {
      sources_.push_back(make_source(text));
    }
  }
}

FrameSources::~FrameSources() { sources_.clear(); }

}  // namespace ridley::xrt_sim
