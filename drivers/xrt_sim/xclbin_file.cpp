// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/xclbin_file.hpp"

#include <uuid/uuid.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "card/xclbin.hpp"
#include "card/xclbin_layout.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;
namespace layout = card::xclbin_layout;

// The name space that scripts/xclbin.py makes UUIDs in: the bytes "ridley xclbin v5".
constexpr std::array<unsigned char, 16> kNameSpace{'r', 'i', 'd', 'l', 'e', 'y', ' ', 'x',
                                                   'c', 'l', 'b', 'i', 'n', ' ', 'v', '5'};

card::Xclbin container_of(std::span<const std::byte> bytes) {
  try {
    return card::read_xclbin(bytes);
  } catch (const Error& error) {
    throw Error::with_exit(EINVAL, "the file ", error.what());
  }
}

// The UUID (version 5) of everything but the UUID itself.
std::string content_uuid(std::span<const std::byte> bytes) {
  std::string contents{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  contents.replace(layout::kHeaderAt + layout::kUuidAt, layout::kUuidBytes, layout::kUuidBytes,
                   '\0');
  uuid_t made;
  ::uuid_generate_sha1(made, kNameSpace.data(), contents.data(), contents.size());
  std::array<char, UUID_STR_LEN> text{};
  ::uuid_unparse_lower(made, text.data());
  return text.data();
}

}  // namespace

XclbinFile read_xclbin(std::span<const std::byte> bytes) {
  const card::Xclbin container = container_of(bytes);
  if (content_uuid(bytes) != container.uuid) {
    throw Error::with_exit(EINVAL, "the xclbin is damaged: its UUID ", container.uuid,
                           " is not that of its contents");
  }
  const auto bitstream =
      std::ranges::find(container.sections, layout::kBitstreamKind, &card::XclbinSection::kind);
  if (bitstream == container.sections.end())
    throw Error::with_exit(EINVAL, "the xclbin has no bitstream");
  return {.uuid = container.uuid,
          .bitstream = bytes.subspan(bitstream->at, bitstream->bytes),
          .units = static_cast<std::uint32_t>(container.units.size())};
}

}  // namespace ridley::xrt_sim
