// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/xclbin_file.hpp"

#include <uuid/uuid.h>
#include <xclbin.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace ridley::xrt_sim {
namespace {

using base::Error;

// The name space that scripts/xclbin.py makes UUIDs in: the bytes "ridley xclbin v5".
constexpr std::array<unsigned char, 16> kNameSpace{'r', 'i', 'd', 'l', 'e', 'y', ' ', 'x',
                                                   'c', 'l', 'b', 'i', 'n', ' ', 'v', '5'};
constexpr std::size_t kUuidAt = offsetof(axlf, m_header) + offsetof(axlf_header, uuid);
constexpr std::uint32_t kSectionsMax = 32;  // as many kinds as there are
constexpr std::string_view kMagic{"xclbin2\0", 8};

std::string text_of(const unsigned char* uuid) {
  std::array<char, UUID_STR_LEN> text{};
  ::uuid_unparse_lower(uuid, text.data());
  return text.data();
}

// The container, checked as far as its table of sections.
class Container {
 public:
  explicit Container(std::span<const std::byte> bytes) : bytes_{bytes} {
    if (bytes.size() < sizeof(axlf) ||
        std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
      throw Error::with_exit(EINVAL, "this is no xclbin");
    }
    std::memcpy(&head_, bytes.data(), sizeof head_);
    if (head_.m_header.m_length != bytes.size()) {
      throw Error::with_exit(EINVAL, "the xclbin has ", bytes.size(), " bytes and says ",
                             head_.m_header.m_length);
    }
    const std::size_t table = offsetof(axlf, m_sections);
    const std::size_t room = (bytes.size() - table) / sizeof(axlf_section_header);
    if (head_.m_header.m_numSections > kSectionsMax || head_.m_header.m_numSections > room) {
      throw Error::with_exit(EINVAL, "the xclbin says that it has ", head_.m_header.m_numSections,
                             " sections");
    }
    sections_.resize(head_.m_header.m_numSections);
    std::memcpy(sections_.data(), bytes.data() + table,
                sections_.size() * sizeof(axlf_section_header));
  }

  [[nodiscard]] std::span<const std::byte> section(axlf_section_kind kind,
                                                   std::string_view name) const {
    for (const axlf_section_header& one : sections_) {
      if (one.m_sectionKind != static_cast<std::uint32_t>(kind)) continue;
      if (one.m_sectionOffset > bytes_.size() ||
          one.m_sectionSize > bytes_.size() - one.m_sectionOffset) {
        throw Error::with_exit(EINVAL, "the section ", name, " ends behind the xclbin");
      }
      return bytes_.subspan(one.m_sectionOffset, one.m_sectionSize);
    }
    throw Error::with_exit(EINVAL, "the xclbin has no section ", name);
  }

  [[nodiscard]] std::string uuid() const { return text_of(head_.m_header.uuid); }

 private:
  std::span<const std::byte> bytes_;
  axlf head_{};
  std::vector<axlf_section_header> sections_;
};

}  // namespace

std::string content_uuid(std::span<const std::byte> bytes) {
  std::string contents{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  contents.replace(kUuidAt, sizeof(uuid_t), sizeof(uuid_t), '\0');
  uuid_t made;
  ::uuid_generate_sha1(made, kNameSpace.data(), contents.data(), contents.size());
  return text_of(made);
}

XclbinFile read_xclbin(std::span<const std::byte> bytes) {
  const Container container{bytes};
  XclbinFile file{
      .uuid = container.uuid(), .bitstream = container.section(BITSTREAM, "BITSTREAM"), .units = 0};
  if (content_uuid(bytes) != file.uuid) {
    throw Error::with_exit(EINVAL, "the xclbin is damaged: its UUID ", file.uuid,
                           " is not that of its contents");
  }
  const std::span<const std::byte> units = container.section(IP_LAYOUT, "IP_LAYOUT");
  if (units.size() < sizeof file.units) {
    throw Error::with_exit(EINVAL, "IP_LAYOUT has ", units.size(), " bytes");
  }
  std::memcpy(&file.units, units.data(), sizeof file.units);
  return file;
}

}  // namespace ridley::xrt_sim
