// SPDX-License-Identifier: Apache-2.0
#include "card/xrt.hpp"

#include <dlfcn.h>

#include <array>

#include "base/error.hpp"

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

}  // namespace

std::unique_ptr<XrtBus> open_xrt(const XrtOptions& options) { return module().open(options); }

std::vector<XrtDevice> list_xrt() { return module().list(); }

}  // namespace ridley::card
