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

// What the shared object gives. No exception passes between it and the program, which may have a
// C++ runtime of its own.
struct XrtFailure {
  int exit_code = 0;  // of sysexits.h; 0: none
  std::string text;
};

class XrtHandle {
 public:
  virtual ~XrtHandle() = default;
  [[nodiscard]] virtual const XrtDevice& device() const noexcept = 0;
  [[nodiscard]] virtual std::uint32_t read(std::uint32_t at, XrtFailure& failure) noexcept = 0;
  virtual void write(std::uint32_t at, std::uint32_t value, XrtFailure& failure) noexcept = 0;
  [[nodiscard]] virtual SharedMemory share(std::size_t bytes, XrtFailure& failure) noexcept = 0;
};

struct XrtModule {
  std::unique_ptr<XrtHandle> (*open)(const XrtOptions& options, XrtFailure& failure) noexcept;
  std::vector<XrtDevice> (*list)(XrtFailure& failure) noexcept;
};
inline constexpr char kXrtModuleSymbol[] = "ridley_xrt_module";

}  // namespace ridley::card
