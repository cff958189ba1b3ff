// SPDX-License-Identifier: Apache-2.0
#include "card/xrt.hpp"

#include <dlfcn.h>

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "card/files.hpp"
#include "card/xclbin.hpp"

namespace ridley::card {
namespace {

namespace fs = std::filesystem;

// Beside the program as built, or where it is installed.
fs::path find_module() {
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
  const std::array<fs::path, 4> folders{program / "../card", program / "../lib/ridley",
                                        program / "../lib/x86_64-linux-gnu/ridley",
                                        program / "../lib64/ridley"};
  for (const fs::path& folder : folders)
    if (fs::exists(folder / "ridley_xrt.so")) return folder / "ridley_xrt.so";
  throw base::Error::with_exit(EX_UNAVAILABLE,
                               "card: this Ridley was built without XRT: no ridley_xrt.so; install "
                               "libxrt-dev and build again");
}

const XrtModule& module() {
  static const XrtModule* const loaded = [] {
    const fs::path path = find_module();
    // Never closed: XRT keeps threads and handlers of its own.
    void* const object = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (object == nullptr)
      throw base::Error::with_exit(EX_UNAVAILABLE, "card: XRT cannot be loaded: ", ::dlerror());
    const void* const symbol = ::dlsym(object, kXrtModuleSymbol);
    if (symbol == nullptr)
      throw base::Error::with_exit(EX_UNAVAILABLE, "card: ", path.string(), " is not Ridley's");
    return static_cast<const XrtModule*>(symbol);
  }();
  return *loaded;
}

// What the other side says went wrong is thrown here.
template <typename Work>
auto demanded(Work work) {
  XrtFailure failure;
  auto result = work(failure);
  if (failure.exit_code != 0) throw base::Error::with_exit(failure.exit_code, failure.text);
  return result;
}

class Bound : public XrtBus {
 public:
  explicit Bound(std::unique_ptr<XrtHandle> handle) : handle_{std::move(handle)} {}

  const XrtDevice& device() const noexcept override { return handle_->device(); }
  std::uint32_t read(std::uint32_t at) override {
    return demanded([&](XrtFailure& failure) { return handle_->read(at, failure); });
  }
  void write(std::uint32_t at, std::uint32_t value) override {
    (void)demanded([&](XrtFailure& failure) {
      handle_->write(at, value, failure);
      return true;
    });
  }
  SharedMemory share(std::size_t bytes) override {
    return demanded([&](XrtFailure& failure) { return handle_->share(bytes, failure); });
  }

 private:
  std::unique_ptr<XrtHandle> handle_;
};

// XRT itself trusts the lengths that a file states, and reads behind the end of one that was cut.
void look_at(const fs::path& file) {
  const std::vector<std::byte> bytes = read_bytes(file, kBitstreamBytesMax);
  try {
    (void)read_xclbin(bytes);
  } catch (const base::Error& error) {
    throw base::Error::with_exit(error.exit_code(), "card: ", file.string(), ": ", error.what());
  }
}

}  // namespace

std::unique_ptr<XrtBus> open_xrt(const XrtOptions& options) {
  look_at(options.xclbin);
  return std::make_unique<Bound>(
      demanded([&](XrtFailure& failure) { return module().open(options, failure); }));
}

std::vector<XrtDevice> list_xrt() {
  return demanded([](XrtFailure& failure) { return module().list(failure); });
}

}  // namespace ridley::card
