// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/design.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"
#include "xrt_sim/mapping.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;

// Files that bitstreams are loaded from have these numbers, above those of everything else.
constexpr int kFirstNumber = 200;
constexpr int kLastNumber = 1'000;

Error refused(const std::string& why) { return Error::with_exit(EINVAL, "the bitstream ", why); }

template <typename Header>
Header header_at(std::span<const std::byte> bytes, std::uint64_t at) {
  if (at > bytes.size() || sizeof(Header) > bytes.size() - at) throw refused("is cut short");
  Header header;
  std::memcpy(&header, bytes.data() + at, sizeof header);
  return header;
}

// The loader trusts a file's tables: what they say that is not there would end the process.
void check_elf(std::span<const std::byte> bytes) {
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    throw refused("is no ELF file: an xclbin for a real card, perhaps");
  }
  const auto elf = header_at<Elf64_Ehdr>(bytes, 0);
  if (elf.e_ident[EI_CLASS] != ELFCLASS64 || elf.e_machine != EM_X86_64 || elf.e_type != ET_DYN ||
      elf.e_phentsize != sizeof(Elf64_Phdr)) {
    throw refused("is no shared object for this processor");
  }
  for (unsigned i = 0; i < elf.e_phnum; ++i) {
    const auto part = header_at<Elf64_Phdr>(bytes, elf.e_phoff + i * sizeof(Elf64_Phdr));
    if (part.p_offset > bytes.size() || part.p_filesz > bytes.size() - part.p_offset) {
      throw refused("is cut short");
    }
  }
}

// A file of its own under a name that nothing loaded has: the loader gives what it has loaded under
// a name once more, whatever stands there now.
Descriptor fresh_file(std::span<const std::byte> bytes) {
  static int number = kFirstNumber;
  const Descriptor made{::memfd_create("ridley-bitstream", MFD_CLOEXEC)};
  if (!made) throw Error::with_exit(errno, "no memory file: ", std::strerror(errno));
  while (!bytes.empty()) {
    const ssize_t count = ::write(made.number(), bytes.data(), bytes.size());
    if (count <= 0) throw Error::with_exit(errno, "no room for it: ", std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  Descriptor moved{::fcntl(made.number(), F_DUPFD_CLOEXEC, number)};
  if (!moved) throw Error::with_exit(errno, "no file to load it from: ", std::strerror(errno));
  number = moved.number() < kLastNumber ? moved.number() + 1 : kFirstNumber;
  return moved;
}

template <typename Function>
Function function_of(void* library, const char* name) {
  return reinterpret_cast<Function>(::dlsym(library, name));
}

const ridley_model* create(void* library, const ridley_model_memory& memory) {
  const auto abi = function_of<ridley_model_abi_function>(library, "ridley_model_abi");
  const auto made = function_of<ridley_model_create_function>(library, "ridley_model_create");
  if (abi == nullptr || made == nullptr) throw refused("holds no design of a card");
  if (abi() != RIDLEY_MODEL_ABI) {
    throw refused("is of model ABI " + std::to_string(abi()) + ", this card of " +
                  std::to_string(RIDLEY_MODEL_ABI));
  }
  const ridley_model* model = made(&memory);
  if (model == nullptr) throw Error::with_exit(ENOMEM, "no memory for the design");
  const bool right = model->stream_bits == 64 || model->stream_bits == 32;
  if (!right) {
    const std::uint32_t bits = model->stream_bits;
    model->destroy(model->self);
    throw refused("has streams of " + std::to_string(bits) + " bits");
  }
  return model;
}

}  // namespace

Design::Design(std::span<const std::byte> bitstream, const ridley_model_memory& memory) {
  check_elf(bitstream);
  const Descriptor file = fresh_file(bitstream);
  const std::string path = "/proc/self/fd/" + std::to_string(file.number());
  if (void* stale = ::dlopen(path.c_str(), RTLD_NOLOAD | RTLD_NOW)) {
    ::dlclose(stale);
    throw Error::with_exit(EBUSY, "an older bitstream is still loaded as ", path);
  }
  library_ = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library_ == nullptr) throw refused(std::string{"cannot be loaded: "} + ::dlerror());
  try {
    model_ = create(library_, memory);
  } catch (...) {
    ::dlclose(library_);
    throw;
  }
}

Design::~Design() {
  // Before the design's own static objects go, which is when its library does.
  model_->destroy(model_->self);
  ::dlclose(library_);
}

}  // namespace ridley::xrt_sim
