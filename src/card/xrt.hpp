// SPDX-License-Identifier: Apache-2.0
// In: which device and which bitstream. Out: a bus to the card behind XRT's public interface. What
// uses XRT is a shared object of its own, loaded when a card is asked for: XRT takes 4 ms to load
// and need not be installed where there is no card. Cold.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "card/bus.hpp"

namespace ridley::card {

struct XrtOptions {
  std::string device = "0";  // index, or bus:device.function
  std::filesystem::path xclbin;
  std::string uuid;  // what the xclbin must be; empty: whatever it is
};

struct XrtDevice {
  std::string name;  // of the shell
  std::string address;
  std::string uuid;  // of what is loaded; empty: nothing
};

class XrtBus : public Bus {
 public:
  [[nodiscard]] virtual const XrtDevice& device() const noexcept = 0;
};

// Loads the bitstream into the device. Throws base::Error: EX_UNAVAILABLE without XRT or a device,
// EX_CONFIG when shell, UUID or kernel are not what they should be.
[[nodiscard]] std::unique_ptr<XrtBus> open_xrt(const XrtOptions& options);

// The devices there are. Throws base::Error (EX_UNAVAILABLE) without XRT.
[[nodiscard]] std::vector<XrtDevice> list_xrt();

// What the shared object gives; both throw base::Error.
struct XrtModule {
  std::unique_ptr<XrtBus> (*open)(const XrtOptions& options);
  std::vector<XrtDevice> (*list)();
};
inline constexpr char kXrtModuleSymbol[] = "ridley_xrt_module";

}  // namespace ridley::card
