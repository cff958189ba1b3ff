// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the classes of XRT 2.13 (202210.2.13.466, as Debian builds it) that a library
// named libxrt_core.so.2 implements. Their headers are not part of libxrt-dev; constructors,
// destructors and what is not virtual are in libxrt_coreutil. Only the order and the signatures of
// virtual functions matter, and tests/xrt_sim/vtable_test.py compares each of them with those of
// Debian's libxrt_noop.so.2. Cold.
#pragma once

#include <experimental/xrt-next.h>
#include <xrt.h>
#include <xrt/xrt_aie.h>
#include <xrt/xrt_graph.h>

#include <boost/any.hpp>
#include <boost/property_tree/ptree_fwd.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace xrt {
class bo;
class uuid;
}  // namespace xrt

namespace xrt_core {

using xclGraphHandle = void*;

// What an application catches; it is a std::system_error there too.
class error : public std::system_error {
 public:
  error(int cause, const std::string& words)
      : std::system_error{cause, std::generic_category(), words} {}
};

[[noreturn]] inline void no_such_thing(const char* what) {
  throw error{ENOTSUP, std::string{"the simulated card has no "} + what};
}

class device;

namespace query {

// Those that are answered.
enum class key_type : int { pcie_bdf = 8, rom_vbnv = 12, xclbin_uuid = 19, nodma = 62 };

class reset_type;

class exception : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// XRT looks for exactly this one, by its name, and then does without the answer.
class no_such_key : public exception {
 public:
  explicit no_such_key(key_type key)
      : exception{"the simulated card has no answer " + std::to_string(static_cast<int>(key))},
        key_{key} {}

  [[nodiscard]] key_type key() const noexcept { return key_; }

 private:
  key_type key_;
};

struct request {
  enum class modifier { subdev, entry };

  virtual ~request() = default;
  virtual boost::any get(const device*) const { no_such_form(); }
  virtual boost::any get(const device*, const boost::any&) const { no_such_form(); }
  virtual boost::any get(const device*, const boost::any&, const boost::any&) const {
    no_such_form();
  }
  virtual boost::any get(const device*, modifier, const std::string&) const { no_such_form(); }
  virtual boost::any get(const device*, const boost::any&, const boost::any&,
                         const boost::any&) const {
    no_such_form();
  }
  virtual void put(const device*, const boost::any&) const { no_such_form(); }

 private:
  [[noreturn]] static void no_such_form() { no_such_thing("such form of a query"); }
};

}  // namespace query

// Slots 0 to 56. There is no virtual destructor here.
class ishim {
 public:
  virtual void close_device() = 0;
  virtual void open_context(const xuid_t xclbin, unsigned int unit, bool shared) = 0;
  virtual void close_context(const xuid_t xclbin, unsigned int unit) = 0;
  virtual xclBufferHandle alloc_bo(size_t size, unsigned int flags) = 0;
  virtual xclBufferHandle alloc_bo(void* memory, size_t size, unsigned int flags) = 0;
  virtual void free_bo(xclBufferHandle buffer) = 0;
  virtual xclBufferExportHandle export_bo(xclBufferHandle) const { no_such_thing("export"); }
  virtual xclBufferHandle import_bo(xclBufferExportHandle) { no_such_thing("import"); }
  virtual void close_export_handle(xclBufferExportHandle) { no_such_thing("export"); }
  virtual xclBufferHandle import_bo(pid_t, xclBufferExportHandle) { no_such_thing("import"); }
  virtual void copy_bo(xclBufferHandle to, xclBufferHandle from, size_t size, size_t to_offset,
                       size_t from_offset) = 0;
  virtual void sync_bo(xclBufferHandle buffer, xclBOSyncDirection direction, size_t size,
                       size_t offset) = 0;
  virtual void* map_bo(xclBufferHandle buffer, bool write) = 0;
  virtual void unmap_bo(xclBufferHandle buffer, void* memory) = 0;
  virtual void get_bo_properties(xclBufferHandle buffer, struct xclBOProperties* facts) const = 0;
  virtual void reg_read(uint32_t unit, uint32_t offset, uint32_t* value) const = 0;
  virtual void reg_write(uint32_t unit, uint32_t offset, uint32_t value) = 0;
  virtual void xread(enum xclAddressSpace, uint64_t address, void* to, size_t size) const = 0;
  virtual void xwrite(enum xclAddressSpace, uint64_t address, const void* from, size_t size) = 0;
  virtual void unmgd_pread(void*, size_t, uint64_t) { no_such_thing("unmanaged access"); }
  virtual void unmgd_pwrite(const void*, size_t, uint64_t) { no_such_thing("unmanaged access"); }
  virtual void exec_buf(xclBufferHandle) { no_such_thing("scheduler"); }
  virtual int exec_wait(int) const { no_such_thing("scheduler"); }
  virtual void load_axlf(const axlf* xclbin) = 0;
  virtual void reclock(const uint16_t*) { no_such_thing("clock to set"); }
  virtual void p2p_enable(bool) { no_such_thing("peer-to-peer memory"); }
  virtual void p2p_disable(bool) { no_such_thing("peer-to-peer memory"); }
  virtual void set_cma(bool, uint64_t) { no_such_thing("contiguous memory to set"); }
  virtual void update_scheduler_status() { no_such_thing("scheduler"); }
  virtual void user_reset(xclResetKind) { no_such_thing("reset"); }
  virtual xclInterruptNotifyHandle open_ip_interrupt_notify(unsigned int) {
    no_such_thing("interrupts");
  }
  virtual void close_ip_interrupt_notify(xclInterruptNotifyHandle) { no_such_thing("interrupts"); }
  virtual void enable_ip_interrupt(xclInterruptNotifyHandle) { no_such_thing("interrupts"); }
  virtual void disable_ip_interrupt(xclInterruptNotifyHandle) { no_such_thing("interrupts"); }
  virtual void wait_ip_interrupt(xclInterruptNotifyHandle) { no_such_thing("interrupts"); }
  virtual std::cv_status wait_ip_interrupt(xclInterruptNotifyHandle, int32_t) {
    no_such_thing("interrupts");
  }
  // Slots 36 to 55: AI engines, which Debian builds in.
  virtual xclGraphHandle open_graph(const xuid_t, const char*, xrt::graph::access_mode) {
    no_such_thing("AI engines");
  }
  virtual void close_graph(xclGraphHandle) { no_such_thing("AI engines"); }
  virtual void reset_graph(xclGraphHandle) { no_such_thing("AI engines"); }
  virtual uint64_t get_timestamp(xclGraphHandle) { no_such_thing("AI engines"); }
  virtual void run_graph(xclGraphHandle, int) { no_such_thing("AI engines"); }
  virtual int wait_graph_done(xclGraphHandle, int) { no_such_thing("AI engines"); }
  virtual void wait_graph(xclGraphHandle, uint64_t) { no_such_thing("AI engines"); }
  virtual void suspend_graph(xclGraphHandle) { no_such_thing("AI engines"); }
  virtual void resume_graph(xclGraphHandle) { no_such_thing("AI engines"); }
  virtual void end_graph(xclGraphHandle, uint64_t) { no_such_thing("AI engines"); }
  virtual void update_graph_rtp(xclGraphHandle, const char*, const char*, size_t) {
    no_such_thing("AI engines");
  }
  virtual void read_graph_rtp(xclGraphHandle, const char*, char*, size_t) {
    no_such_thing("AI engines");
  }
  virtual void open_aie_context(xrt::aie::access_mode) { no_such_thing("AI engines"); }
  virtual void sync_aie_bo(xrt::bo&, const char*, xclBOSyncDirection, size_t, size_t) {
    no_such_thing("AI engines");
  }
  virtual void reset_aie() { no_such_thing("AI engines"); }
  virtual void sync_aie_bo_nb(xrt::bo&, const char*, xclBOSyncDirection, size_t, size_t) {
    no_such_thing("AI engines");
  }
  virtual void wait_gmio(const char*) { no_such_thing("AI engines"); }
  virtual int start_profiling(int, const char*, const char*, uint32_t) {
    no_such_thing("AI engines");
  }
  virtual uint64_t read_profiling(int) { no_such_thing("AI engines"); }
  virtual void stop_profiling(int) { no_such_thing("AI engines"); }
  virtual void load_axlf_meta(const axlf*) { no_such_thing("metadata without a design"); }
};

// Slots 57 to 70.
class device : public ishim {
 public:
  using id_type = unsigned int;
  using handle_type = xclDeviceHandle;

  explicit device(id_type id);
  virtual ~device();
  virtual handle_type get_device_handle() const = 0;
  virtual handle_type get_mgmt_handle() const { return nullptr; }
  virtual handle_type get_user_handle() const { return get_device_handle(); }
  virtual bool is_userpf() const { return false; }

 private:
  virtual const query::request& lookup_query(query::key_type key) const = 0;

 public:
  virtual void get_info(boost::property_tree::ptree&) const {}
  virtual void read(uint64_t, void*, uint64_t) const { no_such_thing("such memory"); }
  virtual void write(uint64_t, const void*, uint64_t) const { no_such_thing("such memory"); }
  virtual void reset(query::reset_type&) const { no_such_thing("reset"); }
  virtual void xclmgmt_load_xclbin(const char*) const { no_such_thing("management function"); }
  virtual int open(const std::string&, int) const { no_such_thing("device files"); }
  virtual void close(int) const { no_such_thing("device files"); }

  // Not virtual: keeps the sections of what was loaded, for xrt::ip and others.
  void register_axlf(const axlf* xclbin);

 private:
  // What the real class keeps, which only code of libxrt_coreutil touches. libxrt_noop takes 128
  // bytes for the whole object and a member of its own.
  alignas(16) unsigned char room_[256];
};

class system {
 protected:
  // Makes this the process's system.
  system();

 public:
  enum class monitor_access_type { bar, mmap, ioctl };

  virtual void get_xrt_info(boost::property_tree::ptree&) {}
  virtual void get_os_info(boost::property_tree::ptree&) {}
  virtual void get_devices(boost::property_tree::ptree&) const {}
  virtual device::id_type get_device_id(const std::string& name) const;
  virtual std::pair<device::id_type, device::id_type> get_total_devices(bool is_user) const = 0;
  virtual std::shared_ptr<device> get_userpf_device(device::id_type id) const = 0;
  virtual std::shared_ptr<device> get_userpf_device(device::handle_type handle,
                                                    device::id_type id) const = 0;
  virtual std::shared_ptr<device> get_mgmtpf_device(device::id_type id) const = 0;
  virtual monitor_access_type get_monitor_access_type() const { return monitor_access_type::bar; }
  virtual void program_plp(const device*, const std::vector<char>&, bool) const {
    no_such_thing("platform to program");
  }
  virtual void mem_read(const device*, long long, long long, const std::string&) const {
    no_such_thing("such memory");
  }
  virtual void mem_write(const device*, long long, long long, unsigned int) const {
    no_such_thing("such memory");
  }
};

// Asks the system for a device of that handle, and notes which it is.
std::shared_ptr<device> get_userpf_device(device::handle_type handle, device::id_type id);

}  // namespace xrt_core
