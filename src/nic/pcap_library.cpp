// SPDX-License-Identifier: Apache-2.0
#include "nic/pcap_library.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace ridley::nic {
namespace {

using base::Error;

// As Debian names it, and as everybody else does.
constexpr const char* kNames[] = {"libpcap.so.0.8", "libpcap.so.1"};

void* opened() {
  for (const char* name : kNames) {
    if (void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return library;
  }
  throw Error::with_exit(EX_UNAVAILABLE, "captures need libpcap: ", ::dlerror());
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) throw Error::with_exit(EX_UNAVAILABLE, "libpcap has no ", name);
}

PcapLibrary load() {
  void* const library = opened();
  PcapLibrary functions{};
  find(library, "pcap_fopen_offline_with_tstamp_precision", functions.open_offline);
  find(library, "pcap_next_ex", functions.next);
  find(library, "pcap_datalink", functions.link_type);
  find(library, "pcap_datalink_val_to_name", functions.name_of_link_type);
  find(library, "pcap_geterr", functions.error);
  find(library, "pcap_close", functions.close);
  return functions;
}

}  // namespace

const PcapLibrary& pcap_library() {
  static const PcapLibrary loaded = load();
  return loaded;
}

}  // namespace ridley::nic
