// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/card.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <vector>

#include "base/error.hpp"
#include "card/registers.hpp"
#include "xrt_sim/xclbin_file.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;
namespace registers = card::registers;

constexpr std::uint64_t kXclbinBytesMax = 256 << 20;
constexpr std::uint64_t kBufferBytesMax = 1 << 30;
// A design that takes longer for a register does not answer at all.
constexpr int kAccessCyclesMax = 1'000;
// A new design has tables to clear: one of 65,536 instruments, one a cycle.
constexpr std::uint32_t kSettlingCycles = 70'000;
// Writes of an earlier run may still wait for their answers (model.cpp).
constexpr std::uint32_t kStartingCycles = 64;
constexpr std::uint32_t kRecordBytes = RIDLEY_MODEL_WRITE_BYTES;

// A file that another process has: as long as it said, and it stays so.
Mapping map(const Descriptor& file, std::uint64_t bytes, int access) {
  struct stat facts{};
  if (!file || ::fstat(file.number(), &facts) != 0) {
    throw Error::with_exit(EINVAL, "there is no memory with the request");
  }
  const int seals = ::fcntl(file.number(), F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    throw Error::with_exit(EINVAL, "the memory may become shorter");
  }
  if (bytes == 0 || static_cast<std::uint64_t>(facts.st_size) < bytes) {
    throw Error::with_exit(EINVAL, "the memory has ", facts.st_size, " bytes, not ", bytes);
  }
  Mapping mapping{file.number(), bytes, access};
  if (!mapping) throw Error::with_exit(ENOMEM, "no room for ", bytes, " bytes");
  return mapping;
}

void must_be(bool right, const char* words) {
  if (!right) throw Error::with_exit(EINVAL, words);
}

Part part_of(const Request& request) { return {request.address, request.size}; }

}  // namespace

Answer Card::serve(int owner, const Request& request, const Descriptor& file) {
  Answer made;
  made.number = request.number;
  try {
    answer(owner, request, file, made);
  } catch (const Error& error) {
    made.error = error.exit_code();
    made.say(error.what());
  }
  return made;
}

void Card::answer(int owner, const Request& request, const Descriptor& file, Answer& answer) {
  switch (request.kind) {
    case RequestKind::Identify: answer.value = design_ ? 1 : 0; return answer.say(uuid_);
    case RequestKind::Load: return load(file, request.size, answer);
    case RequestKind::OpenContext: return open_unit(owner, request);
    case RequestKind::CloseContext: return close_unit(owner, request.index);
    case RequestKind::RegisterRead: answer.value = read_register(request); return;
    case RequestKind::RegisterWrite: return write_register(request);
    case RequestKind::Allocate: return allocate(owner, request, file, answer);
    case RequestKind::Free:
      return must_be(memory_.free(owner, request.handle), "there is no such buffer");
    case RequestKind::SyncToCard:
      return must_be(memory_.sync_to_card(owner, request.handle, part_of(request)),
                     "the sync is not within a buffer");
    case RequestKind::SyncFromCard:
      return must_be(memory_.sync_from_card(owner, request.handle, part_of(request)),
                     "the sync is not within a buffer");
    case RequestKind::Copy:
      return must_be(memory_.copy(owner, {request.handle, request.address},
                                  {request.other, request.value}, request.size),
                     "the copy is not within two buffers");
  }
  throw Error::with_exit(ENOTSUP, "the card knows no such request");
}

void Card::load(const Descriptor& file, std::uint64_t size, Answer& answer) {
  must_be(size <= kXclbinBytesMax, "the xclbin is too large");
  const Mapping mapping = map(file, size, PROT_READ);
  // A copy: its owner could change it while it is looked at.
  const std::vector<std::byte> bytes{mapping.span().begin(), mapping.span().end()};
  const XclbinFile xclbin = read_xclbin(bytes);
  if (!design_ || xclbin.uuid != uuid_) {
    const auto in_use = [](const auto& unit) { return !unit.second.owners.empty(); };
    if (std::any_of(units_.begin(), units_.end(), in_use)) {
      throw Error::with_exit(EBUSY, "a compute unit of the design is in use");
    }
    // The old one stays until the new one stands.
    auto fresh =
        std::make_unique<Design>(xclbin.bitstream, ridley_model_memory{this, &Card::write_memory});
    design_ = std::move(fresh);
    uuid_ = xclbin.uuid;
    unit_count_ = xclbin.units;
    ring_ = {};
    injects_ = false;
    settling_cycles_ = kSettlingCycles;
    clock_->reset(design_->stream_bytes());
    ++counts_.designs;
    std::fprintf(stderr, "ridley-card-sim: design %s, %u-bit streams, %u Hz\n", uuid_.c_str(),
                 8 * design_->stream_bytes(), design_->clock_hz());
  }
  answer.say(uuid_);
}

void Card::open_unit(int owner, const Request& request) {
  must_be(design_ != nullptr, "no design is loaded");
  must_be(request.index < unit_count_, "the design has no such compute unit");
  Unit& unit = units_[request.index];
  const bool shared = request.flag != 0;
  if (!unit.owners.empty() && !(shared && unit.shared)) {
    throw Error::with_exit(EBUSY, "compute unit ", request.index, " is in use");
  }
  unit.shared = shared;
  unit.owners.insert(owner);
}

void Card::close_unit(int owner, std::uint32_t index) {
  Unit& unit = units_[index];
  const auto found = unit.owners.find(owner);
  if (found != unit.owners.end()) unit.owners.erase(found);
}

void Card::forget(int owner) {
  memory_.free_all_of(owner);
  for (auto& [index, unit] : units_) unit.owners.erase(owner);
}

void Card::allocate(int owner, const Request& request, const Descriptor& file, Answer& answer) {
  must_be(request.size <= kBufferBytesMax, "the buffer is too large");
  Mapping host = map(file, request.size, PROT_READ | PROT_WRITE);
  answer.handle = memory_.allocate(owner, request.flag != 0, std::move(host));
  answer.address = memory_.find(owner, answer.handle)->address;
}

std::uint32_t Card::read_register(const Request& request) {
  must_be(request.address < kUnitBytes && request.address % 4 == 0, "this is no register");
  const auto got = access({static_cast<std::uint32_t>(request.address), 0, 0});
  return got.response == 0 ? got.value : kNobodyThere;
}

void Card::write_register(const Request& request) {
  must_be(request.address < kUnitBytes && request.address % 4 == 0, "this is no register");
  const auto address = static_cast<std::uint32_t>(request.address);
  const auto value = static_cast<std::uint32_t>(request.value);
  const bool starts = address == registers::kRunningAt && (value & 1) != 0;
  if (address == registers::kRunningAt && !starts) ring_.running = false;
  access({address, value, 1});
  // A recording begins when every block of the design has left its reset.
  if (starts && !ring_.running) run_idle(kStartingCycles);
  watch(address, value);
}

void Card::watch(std::uint32_t address, std::uint32_t value) {
  switch (address) {
    // A recording waits while the host gives the frames.
    case registers::kInjectAt: injects_ = (value & 1) != 0; break;
    case registers::kRunningAt:
      ring_.running = (value & 1) != 0 && !injects_;
      if (!ring_.running) ring_.written = 0;
      break;
    case registers::kRingRecordsAt: ring_.records = value; break;
    case registers::kRingConsumedAt: ring_.consumed = value; break;
    default: break;
  }
}

// Frames go on meanwhile, as if nothing were asked.
ridley_model_answer Card::access(const ridley_model_access& access) {
  if (!design_) throw Error::with_exit(ENODEV, "no design is loaded");
  clock_->look();
  if (!design_->begin_access(access)) throw Error::with_exit(EBUSY, "another access goes on");
  for (int i = 0; i < kAccessCyclesMax; ++i) {
    if ((cycle() & RIDLEY_MODEL_ANSWERED) != 0) return design_->answer();
  }
  design_->abandon_access();
  throw Error::with_exit(EIO, "the design does not answer");
}

bool Card::busy() const { return design_ && (settling_cycles_ != 0 || clock_->busy()); }

void Card::run_busy(std::uint32_t cycles) {
  const auto began = std::chrono::steady_clock::now();
  run_idle(cycles);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  counts_.busy_seconds += took.count();
  counts_.busy_cycles += cycles;
}

void Card::run_idle(std::uint32_t cycles) {
  if (!design_) return;
  clock_->look();
  for (std::uint32_t i = 0; i < cycles; ++i) cycle();
  settling_cycles_ -= std::min(settling_cycles_, cycles);
}

std::uint32_t Card::cycle() {
  ridley_model_cycle inputs{};
  clock_->next(ring_, inputs);
  const std::uint32_t outcome = design_->cycle(inputs);
  clock_->gave(outcome);
  ++counts_.cycles;
  return outcome;
}

std::uint32_t Card::write_memory(void* self, std::uint64_t address, const std::uint8_t* bytes,
                                 std::uint64_t strobe) {
  auto& card = *static_cast<Card*>(self);
  ++card.ring_.written;
  ++card.counts_.records;
  const std::uint32_t response =
      card.memory_.write(address, reinterpret_cast<const std::byte*>(bytes), strobe);
  if (response != kResponseGood && card.counts_.lost_writes++ == 0) {
    std::fprintf(stderr, "ridley-card-sim: the design writes to 0x%llx, where no buffer is\n",
                 static_cast<unsigned long long>(address));
  }
  return response;
}

static_assert(kRecordBytes == 64 && kUnitBytes == registers::kMapBytes);

}  // namespace ridley::xrt_sim
