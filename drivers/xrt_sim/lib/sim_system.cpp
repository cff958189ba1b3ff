// SPDX-License-Identifier: Apache-2.0
// In: libxrt_coreutil has loaded this library as $XILINX_XRT/lib/libxrt_core.so.2. Out: a system
// with one device when the process that is the card listens, and none otherwise. Any thread.
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "xrt_sim/lib/sim_device.hpp"

namespace ridley::xrt_sim {
namespace {

using xrt_core::device;

// XRT keeps weak references only: here stand the devices that are open. A handle is a number that
// never comes again, because XRT remembers those of devices that are closed.
class OpenDevices {
 public:
  device::handle_type next_handle() {
    const std::lock_guard lock{mutex_};
    return reinterpret_cast<device::handle_type>(++last_);
  }
  void keep(device::handle_type handle, std::shared_ptr<device> opened) {
    const std::lock_guard lock{mutex_};
    devices_[handle] = std::move(opened);
  }
  void forget(device::handle_type handle) {
    std::shared_ptr<device> last;  // goes when the lock is free
    const std::lock_guard lock{mutex_};
    const auto found = devices_.find(handle);
    if (found == devices_.end()) return;
    last = std::move(found->second);
    devices_.erase(found);
  }

 private:
  std::mutex mutex_;
  std::uintptr_t last_ = 0;
  std::map<device::handle_type, std::shared_ptr<device>> devices_;
};

// Never destroyed: applications close devices in destructors of their own static objects.
OpenDevices& open_devices() {
  static auto* devices = new OpenDevices;
  return *devices;
}

}  // namespace

void forget_device(device::handle_type handle) { open_devices().forget(handle); }

// Seen from outside for the same reason as SimDevice.
class __attribute__((visibility("default"))) SimSystem final : public xrt_core::system {
 public:
  std::pair<device::id_type, device::id_type> get_total_devices(bool) const override {
    const device::id_type count = CardLink::present() ? 1 : 0;
    return {count, count};
  }

  std::shared_ptr<device> get_userpf_device(device::id_type id) const override {
    if (id != 0) return nullptr;
    const device::handle_type handle = open_devices().next_handle();
    // Comes back below.
    std::shared_ptr<device> opened = xrt_core::get_userpf_device(handle, id);
    if (opened) open_devices().keep(handle, opened);
    return opened;
  }

  std::shared_ptr<device> get_userpf_device(device::handle_type handle,
                                            device::id_type id) const override {
    auto link = CardLink::open();
    if (!link) throw xrt_core::error{ENODEV, "there is no card"};
    return std::make_shared<SimDevice>(handle, id, std::move(*link));
  }

  std::shared_ptr<device> get_mgmtpf_device(device::id_type) const override {
    xrt_core::no_such_thing("management function");
  }
};

namespace {

// libxrt_coreutil looks for a system as soon as it has loaded us.
const struct Registered {
  Registered() { static SimSystem system; }
} registered;

}  // namespace
}  // namespace ridley::xrt_sim
