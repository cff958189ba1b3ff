// SPDX-License-Identifier: Apache-2.0
// The one place that sees XRT. In: which device and bitstream. Out: a bus, or in one sentence why
// there is none. Cold.
#include <experimental/xrt_ip.h>
#include <experimental/xrt_system.h>
#include <experimental/xrt_xclbin.h>
#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>

#include <algorithm>
#include <cstring>
#include <exception>

#include "base/error.hpp"
#include "card/xrt.hpp"

namespace ridley::card {
namespace {

using base::Error;

constexpr char kKernel[] = "ridley_card";
// The bank through which a kernel reaches host memory.
constexpr char kHostBank[] = "HOST[0]";

// XRT says what is wrong in exceptions of several kinds.
template <typename Work>
auto asked(int exit_code, const std::string& what, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& problem) {
    throw Error::with_exit(exit_code, "card: ", what, ": ", problem.what());
  }
}

// No exception leaves this file.
template <typename Work>
auto guarded(XrtFailure& failure, Work work) noexcept -> decltype(work()) {
  try {
    return work();
  } catch (const Error& error) {
    failure = {error.exit_code(), error.what()};
  } catch (const std::exception& error) {
    failure = {EX_SOFTWARE, error.what()};
  }
  return decltype(work())();
}

XrtDevice facts_of(const xrt::device& device) {
  XrtDevice facts;
  facts.name = device.get_info<xrt::info::device::name>();
  facts.address = device.get_info<xrt::info::device::bdf>();
  try {
    facts.uuid = device.get_xclbin_uuid().to_string();
  } catch (const std::exception&) {  // nothing is loaded
  }
  return facts;
}

xrt::device opened(const std::string& device) {
  return asked(EX_UNAVAILABLE, "device " + device + " cannot be opened", [&] {
    const bool index = !device.empty() && std::ranges::all_of(device, [](char letter) {
      return letter >= '0' && letter <= '9';
    });
    if (!index) return xrt::device{device};
    const auto number = static_cast<unsigned>(std::stoul(device));
    const unsigned count = xrt::system::enumerate_devices();
    if (number >= count)
      throw Error::with_exit(EX_UNAVAILABLE, "card: no device ", number, ", XRT has ", count);
    return xrt::device{number};
  });
}

class Opened : public XrtHandle {
 public:
  explicit Opened(const XrtOptions& options) : device_{opened(options.device)} {
    const xrt::xclbin file = asked(EX_NOINPUT, options.xclbin.string() + " cannot be read",
                                   [&] { return xrt::xclbin{options.xclbin.string()}; });
    facts_ = asked(EX_UNAVAILABLE, "the device tells nothing", [&] { return facts_of(device_); });
    check_before_loading(file, options);
    const xrt::uuid loaded = asked(EX_UNAVAILABLE, "the bitstream is not taken",
                                   [&] { return device_.load_xclbin(file); });
    kernel_ = asked(EX_CONFIG, std::string{"the bitstream has no usable kernel "} + kKernel,
                    [&] { return xrt::ip{device_, loaded, kKernel}; });
    check_that_it_stayed(file);
    bank_ = host_bank(file);
  }

  const XrtDevice& device() const noexcept override { return facts_; }

  std::uint32_t read(std::uint32_t at, XrtFailure& failure) noexcept override {
    return guarded(failure, [&] {
      return asked(EX_IOERR, "a register is not answered",
                   [&] { return kernel_.read_register(at); });
    });
  }
  void write(std::uint32_t at, std::uint32_t value, XrtFailure& failure) noexcept override {
    guarded(failure, [&] {
      asked(EX_IOERR, "a register is not taken", [&] { kernel_.write_register(at, value); });
    });
  }
  SharedMemory share(std::size_t bytes, XrtFailure& failure) noexcept override {
    return guarded(failure, [&] {
      return asked(EX_OSERR, "no memory for both host and card", [&] { return shared(bytes); });
    });
  }

 private:
  SharedMemory shared(std::size_t bytes) {
    buffers_.emplace_back(device_, bytes, xrt::bo::flags::host_only, bank_);
    auto* const at = buffers_.back().map<std::byte*>();
    std::memset(at, 0, bytes);
    return {.bytes = {at, bytes}, .card_address = buffers_.back().address()};
  }

  void check_before_loading(const xrt::xclbin& file, const XrtOptions& options) const {
    if (!options.uuid.empty() && file.get_uuid().to_string() != options.uuid)
      throw Error::with_exit(EX_CONFIG, "card: ", options.xclbin.string(), " is ",
                             file.get_uuid().to_string(), ", not ", options.uuid);
    if (file.get_xsa_name() != facts_.name)
      throw Error::with_exit(EX_CONFIG, "card: the bitstream is for shell ", file.get_xsa_name(),
                             ", the device has ", facts_.name);
  }

  // Another program may have loaded another one before the kernel was ours; from then on nobody
  // can.
  void check_that_it_stayed(const xrt::xclbin& file) {
    facts_ = asked(EX_UNAVAILABLE, "the device tells nothing", [&] { return facts_of(device_); });
    if (facts_.uuid != file.get_uuid().to_string())
      throw Error::with_exit(EX_CONFIG, "card: the device has ", facts_.uuid, " loaded, not ",
                             file.get_uuid().to_string());
  }

  static xrt::memory_group host_bank(const xrt::xclbin& file) {
    for (const xrt::xclbin::mem& bank : file.get_mems()) {
      if (bank.get_tag() == kHostBank) return static_cast<xrt::memory_group>(bank.get_index());
    }
    throw Error::with_exit(EX_CONFIG, "card: the bitstream has no way to host memory, no bank ",
                           kHostBank);
  }

  xrt::device device_;
  XrtDevice facts_;
  xrt::ip kernel_;
  xrt::memory_group bank_ = 0;
  std::vector<xrt::bo> buffers_;
};

std::unique_ptr<XrtHandle> open(const XrtOptions& options, XrtFailure& failure) noexcept {
  return guarded(failure,
                 [&]() -> std::unique_ptr<XrtHandle> { return std::make_unique<Opened>(options); });
}

std::vector<XrtDevice> list(XrtFailure& failure) noexcept {
  return guarded(failure, [] {
    return asked(EX_UNAVAILABLE, "XRT does not work", [] {
      std::vector<XrtDevice> devices;
      const unsigned count = xrt::system::enumerate_devices();
      for (unsigned i = 0; i < count; ++i) devices.push_back(facts_of(xrt::device{i}));
      return devices;
    });
  });
}

}  // namespace
}  // namespace ridley::card

extern "C" {
extern const ridley::card::XrtModule ridley_xrt_module;
const ridley::card::XrtModule ridley_xrt_module{ridley::card::open, ridley::card::list};
}
