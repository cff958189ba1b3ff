// SPDX-License-Identifier: Apache-2.0
// In: what a port of the card is bound to. Out: its frames, one after another. Cold; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nic/dpdk_setup.hpp"
#include "nic/frame.hpp"

namespace ridley::xrt_sim {

class FrameSource {
 public:
  virtual ~FrameSource() = default;

  // The frame whose turn it is, or nullptr when there is none now. It stays until drop().
  virtual const nic::Frame* head() = 0;
  virtual void drop() = 0;

  // What is recorded waits until somebody listens; what lives does not.
  [[nodiscard]] virtual bool recorded() const { return false; }
  // How many recorded nanoseconds pass in one; 0: all at once.
  [[nodiscard]] virtual std::uint64_t speed() const { return 1; }
  // A file to wait at for the next frame, or -1.
  [[nodiscard]] virtual int file() const { return -1; }
  // Whether it has to be asked again and again.
  [[nodiscard]] virtual bool polled() const { return false; }
};

// The two ports of a card. A DPDK device is opened with the others of its kind, because DPDK starts
// once a process.
class FrameSources {
 public:
  // Each text is none, veth:IFACE, pcap:FILE or the description of a DPDK port
  // (nic/port_description.hpp). Throws base::Error.
  explicit FrameSources(const std::vector<std::string>& texts);
  ~FrameSources();

  [[nodiscard]] std::size_t size() const { return sources_.size(); }
  [[nodiscard]] FrameSource& operator[](std::size_t port) { return *sources_[port]; }

 private:
  std::unique_ptr<nic::DpdkSetup> dpdk_;
  std::vector<std::unique_ptr<FrameSource>> sources_;
};

}  // namespace ridley::xrt_sim
