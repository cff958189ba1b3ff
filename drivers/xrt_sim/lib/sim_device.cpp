// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/lib/sim_device.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xrt_mem.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

namespace ridley::xrt_sim {
namespace {

using xrt_core::error;

constexpr std::uint64_t kXclbinBytesMax = 256 << 20;
// XRT's number for what is no compute unit: the device as a whole.
constexpr unsigned int kWholeDevice = 0xFFFF'FFFF;

// Memory that the card's process can map too, and that stays as long as it is.
Descriptor shared_memory(std::size_t bytes) {
  Descriptor file{::memfd_create("ridley-card-buffer", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  if (!file || ::ftruncate(file.number(), static_cast<off_t>(bytes)) != 0 ||
      ::fcntl(file.number(), F_ADD_SEALS, F_SEAL_SHRINK) != 0) {
    throw error{errno, "no memory for a buffer of " + std::to_string(bytes) + " bytes"};
  }
  return file;
}

template <typename Get>
class Query final : public xrt_core::query::request {
 public:
  explicit Query(Get get) : get_{get} {}
  boost::any get(const xrt_core::device* device) const override {
    return get_(static_cast<const SimDevice&>(*device));
  }
  using request::get;

 private:
  Get get_;
};

}  // namespace

SimDevice::SimDevice(handle_type handle, id_type id, CardLink link)
    : device{id}, handle_{handle}, link_{std::move(link)} {}

Answer SimDevice::ask(const Request& request, int file) const {
  const auto answer = link_.ask(request, file);
  if (!answer) throw error{EIO, "the card does not answer"};
  if (answer->error != 0) throw error{answer->error, std::string{answer->words()}};
  return *answer;
}

// This may be the last use of the object.
void SimDevice::close_device() { forget_device(handle_); }

void SimDevice::open_context(const xuid_t, unsigned int unit, bool shared) {
  if (unit == kWholeDevice) return;
  Request request{.kind = RequestKind::OpenContext};
  request.index = unit;
  request.flag = shared ? 1 : 0;
  ask(request);
}

// Called from destructors: a card that has gone has closed it.
void SimDevice::close_context(const xuid_t, unsigned int unit) {
  if (unit == kWholeDevice) return;
  Request request{.kind = RequestKind::CloseContext};
  request.index = unit;
  static_cast<void>(link_.ask(request));
}

xclBufferHandle SimDevice::alloc_bo(size_t size, unsigned int flags) {
  const Descriptor file = shared_memory(size);
  Mapping memory{file.number(), size, PROT_READ | PROT_WRITE};
  if (!memory) throw error{ENOMEM, "no memory for a buffer of " + std::to_string(size) + " bytes"};
  Request request{.kind = RequestKind::Allocate};
  request.size = size;
  request.flag = (flags & XCL_BO_FLAGS_HOST_ONLY) != 0 ? 1 : 0;
  const Answer answer = ask(request, file.number());
  const std::lock_guard lock{buffers_mutex_};
  buffers_[answer.handle] = {.memory = std::move(memory),
                             .application = nullptr,
                             .address = answer.address,
                             .handle = answer.handle,
                             .flags = flags};
  return answer.handle;
}

// The application's own memory cannot be shared with the card's process: a sync copies once more.
xclBufferHandle SimDevice::alloc_bo(void* memory, size_t size, unsigned int flags) {
  if ((flags & XCL_BO_FLAGS_HOST_ONLY) != 0) {
    throw error{ENOTSUP, "a host-only buffer cannot be in memory of the application's own"};
  }
  const xclBufferHandle made = alloc_bo(size, flags);
  const std::lock_guard lock{buffers_mutex_};
  buffers_[made].application = memory;
  return made;
}

const SimDevice::HostBuffer& SimDevice::buffer(xclBufferHandle buffer) const {
  const std::lock_guard lock{buffers_mutex_};
  const auto found = buffers_.find(buffer);
  if (found == buffers_.end()) throw error{EINVAL, "there is no such buffer"};
  return found->second;
}

// Called from destructors.
void SimDevice::free_bo(xclBufferHandle buffer) {
  Request request{.kind = RequestKind::Free};
  request.handle = buffer;
  static_cast<void>(link_.ask(request));
  const std::lock_guard lock{buffers_mutex_};
  buffers_.erase(buffer);
}

void SimDevice::copy_bo(xclBufferHandle to, xclBufferHandle from, size_t size, size_t to_offset,
                        size_t from_offset) {
  Request request{.kind = RequestKind::Copy};
  request.handle = to;
  request.other = from;
  request.address = to_offset;
  request.value = from_offset;
  request.size = size;
  ask(request);
}

void SimDevice::sync_bo(xclBufferHandle which, xclBOSyncDirection direction, size_t size,
                        size_t offset) {
  const HostBuffer& synced = buffer(which);
  const auto memory = synced.memory.span();
  if (offset > memory.size() || size > memory.size() - offset) {
    throw error{EINVAL, "the sync is not within the buffer"};
  }
  const bool to_card = direction == XCL_BO_SYNC_BO_TO_DEVICE;
  auto* const application = static_cast<std::byte*>(synced.application);
  if (application != nullptr && to_card) {
    std::memcpy(memory.data() + offset, application + offset, size);
  }
  Request request{.kind = to_card ? RequestKind::SyncToCard : RequestKind::SyncFromCard};
  request.handle = which;
  request.address = offset;
  request.size = size;
  ask(request);
  if (application != nullptr && !to_card) {
    std::memcpy(application + offset, memory.data() + offset, size);
  }
}

void* SimDevice::map_bo(xclBufferHandle which, bool) {
  const HostBuffer& mapped = buffer(which);
  return mapped.application != nullptr ? mapped.application : mapped.memory.span().data();
}

// It stays mapped as long as it is.
void SimDevice::unmap_bo(xclBufferHandle, void*) {}

void SimDevice::get_bo_properties(xclBufferHandle which, xclBOProperties* facts) const {
  const HostBuffer& described = buffer(which);
  *facts = {};
  facts->handle = which;
  facts->flags = described.flags;
  facts->size = described.memory.span().size();
  facts->paddr = described.address;
}

// Empty: the card hangs or has gone. Throws what a card says that lives.
std::optional<Answer> SimDevice::try_register(const Request& request) const {
  const auto answer = link_.ask(request);
  if (answer && answer->error != 0) throw error{answer->error, std::string{answer->words()}};
  return answer;
}

void SimDevice::reg_read(uint32_t unit, uint32_t offset, uint32_t* value) const {
  Request request{.kind = RequestKind::RegisterRead};
  request.index = unit;
  request.address = offset;
  const auto answer = try_register(request);
  *value = answer ? static_cast<std::uint32_t>(answer->value) : kNobodyThere;
}

// Nobody hears of a write that a bus has lost.
void SimDevice::reg_write(uint32_t unit, uint32_t offset, uint32_t value) {
  Request request{.kind = RequestKind::RegisterWrite};
  request.index = unit;
  request.address = offset;
  request.value = value;
  static_cast<void>(try_register(request));
}

void SimDevice::xread(xclAddressSpace, uint64_t address, void* to, size_t size) const {
  auto* bytes = static_cast<std::byte*>(to);
  for (size_t at = 0; at < size; at += sizeof(std::uint32_t)) {
    std::uint32_t word = 0;
    reg_read(0, static_cast<std::uint32_t>((address + at) % kUnitBytes), &word);
    std::memcpy(bytes + at, &word, std::min(sizeof word, size - at));
  }
}

void SimDevice::xwrite(xclAddressSpace, uint64_t address, const void* from, size_t size) {
  if (size % sizeof(std::uint32_t) != 0) throw error{EINVAL, "only whole words are written"};
  const auto* bytes = static_cast<const std::byte*>(from);
  for (size_t at = 0; at < size; at += sizeof(std::uint32_t)) {
    std::uint32_t word;
    std::memcpy(&word, bytes + at, sizeof word);
    reg_write(0, static_cast<std::uint32_t>((address + at) % kUnitBytes), word);
  }
}

void SimDevice::load_axlf(const axlf* xclbin) {
  const std::uint64_t size = xclbin->m_header.m_length;
  if (size < sizeof(axlf) || size > kXclbinBytesMax) {
    throw error{EINVAL, "an xclbin cannot have " + std::to_string(size) + " bytes"};
  }
  const Descriptor file = shared_memory(size);
  // The kernel reads it: where the memory of a truncated file ends it says so.
  const auto* bytes = reinterpret_cast<const char*>(xclbin);
  for (std::uint64_t at = 0; at < size;) {
    const ssize_t count = ::pwrite(file.number(), bytes + at, size - at, static_cast<off_t>(at));
    if (count <= 0) throw error{errno, "the xclbin is truncated"};
    at += static_cast<std::uint64_t>(count);
  }
  Request request{.kind = RequestKind::Load};
  request.size = size;
  ask(request, file.number());
  register_axlf(xclbin);
}

std::string SimDevice::loaded_uuid() const {
  return std::string{ask(Request{.kind = RequestKind::Identify}).words()};
}

const xrt_core::query::request& SimDevice::lookup_query(xrt_core::query::key_type key) const {
  using xrt_core::query::key_type;
  using Address = std::tuple<std::uint16_t, std::uint16_t, std::uint16_t, std::uint16_t>;
  static const Query name{
      [](const SimDevice&) { return boost::any{std::string{"ridley_card_sim_1"}}; }};
  // Bus 255 has no slots on any machine.
  static const Query bus_address{
      [](const SimDevice&) { return boost::any{Address{0, 255, 0, 0}}; }};
  static const Query no_dma{[](const SimDevice&) { return boost::any{std::uint32_t{0}}; }};
  static const Query uuid{[](const SimDevice& one) { return boost::any{one.loaded_uuid()}; }};
  switch (key) {
    case key_type::rom_vbnv: return name;
    case key_type::pcie_bdf: return bus_address;
    case key_type::nodma: return no_dma;
    case key_type::xclbin_uuid:
      if (!loaded_uuid().empty()) return uuid;
      break;
  }
  throw xrt_core::query::no_such_key{key};
}

}  // namespace ridley::xrt_sim
