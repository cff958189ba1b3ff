// SPDX-License-Identifier: Apache-2.0
// In: what libxrt_coreutil asks of a device for an application. Out: requests to the process that
// is the card. A card that does not answer gives all ones for a register, as on a bus, and an error
// for anything else. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "xrt_sim/lib/card_link.hpp"
#include "xrt_sim/lib/xrt_core.hpp"

namespace ridley::xrt_sim {

// Its table of virtual functions is compared with libxrt_noop's, so it is seen from outside.
class __attribute__((visibility("default"))) SimDevice final : public xrt_core::device {
 public:
  SimDevice(handle_type handle, id_type id, CardLink link);

  void close_device() override;
  void open_context(const xuid_t xclbin, unsigned int unit, bool shared) override;
  void close_context(const xuid_t xclbin, unsigned int unit) override;
  xclBufferHandle alloc_bo(size_t size, unsigned int flags) override;
  xclBufferHandle alloc_bo(void* memory, size_t size, unsigned int flags) override;
  void free_bo(xclBufferHandle buffer) override;
  void copy_bo(xclBufferHandle to, xclBufferHandle from, size_t size, size_t to_offset,
               size_t from_offset) override;
  void sync_bo(xclBufferHandle buffer, xclBOSyncDirection direction, size_t size,
               size_t offset) override;
  void* map_bo(xclBufferHandle buffer, bool write) override;
  void unmap_bo(xclBufferHandle buffer, void* memory) override;
  void get_bo_properties(xclBufferHandle buffer, xclBOProperties* facts) const override;
  void reg_read(uint32_t unit, uint32_t offset, uint32_t* value) const override;
  void reg_write(uint32_t unit, uint32_t offset, uint32_t value) override;
  void xread(xclAddressSpace, uint64_t address, void* to, size_t size) const override;
  void xwrite(xclAddressSpace, uint64_t address, const void* from, size_t size) override;
  void load_axlf(const axlf* xclbin) override;

  handle_type get_device_handle() const override { return handle_; }
  bool is_userpf() const override { return true; }
  const xrt_core::query::request& lookup_query(xrt_core::query::key_type key) const override;

  // Of what is loaded; empty when nothing is.
  [[nodiscard]] std::string loaded_uuid() const;

 private:
  struct HostBuffer {
    Mapping memory;
    void* application = nullptr;  // its own memory, which ours stands for
    std::uint64_t address = 0;
    std::uint32_t handle = 0;
    unsigned int flags = 0;
  };

  // Throws when the card does not answer or refuses.
  Answer ask(const Request& request, int file = -1) const;
  [[nodiscard]] std::optional<Answer> try_register(const Request& request) const;
  [[nodiscard]] const HostBuffer& buffer(xclBufferHandle buffer) const;

  handle_type handle_;
  mutable CardLink link_;
  mutable std::mutex buffers_mutex_;
  std::map<xclBufferHandle, HostBuffer> buffers_;
};

// Forgets the device of that handle.
void forget_device(xrt_core::device::handle_type handle);

}  // namespace ridley::xrt_sim
