// SPDX-License-Identifier: Apache-2.0
// In: a pcap or pcapng file. Out: its frames as Ethernet frames; and frames to a pcap file. Cold.
#include "nic/capture_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_source.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "nic/ethernet.hpp"
#include "nic/pcap_library.hpp"

namespace ridley::nic {
namespace {

using base::Error;

// How many bytes stand before the network header, and where the Ethernet type is among them.
struct LinkHeader {
  int type;
  std::size_t bytes;
  int ether_type_at;  // -1: there is none, the first half byte of the packet is the IP version
};

constexpr std::array kLinkHeaders{
    LinkHeader{DLT_EN10MB, 0, -1},  // taken as it is
    LinkHeader{DLT_LINUX_SLL, 16, 14}, LinkHeader{DLT_LINUX_SLL2, 20, 0},
    LinkHeader{DLT_NULL, 4, -1},       LinkHeader{DLT_LOOP, 4, -1},
    LinkHeader{DLT_RAW, 0, -1},        LinkHeader{DLT_IPV4, 0, -1},
};

constexpr std::uint16_t kEtherTypeIpv6 = 0x86DD;

const LinkHeader& header_of(int link_type, const std::string& name) {
  for (const LinkHeader& known : kLinkHeaders) {
    if (known.type == link_type) return known;
  }
  const char* said = pcap_library().name_of_link_type(link_type);
  throw Error::with_exit(EX_DATAERR, name, ": link type ", said != nullptr ? said : "unknown", " (",
                         link_type, ") is none that carries Ethernet or IP");
}

}  // namespace

class CaptureReader::Source {
 public:
  explicit Source(base::ByteSource bytes) : bytes_{std::move(bytes)} {
    const std::string& name = bytes_.name();
    file_ = ::fopencookie(
        this, "r", {.read = read_cookie, .write = nullptr, .seek = nullptr, .close = nullptr});
    if (file_ == nullptr) throw Error::with_exit(EX_OSERR, name, ": ", std::strerror(errno));
    // libpcap then asks for exactly what it uses, so that offsets are exact; the bytes are buffered
    // below.
    std::setvbuf(file_, nullptr, _IONBF, 0);
    std::array<char, PCAP_ERRBUF_SIZE> cause{};
    capture_ = pcap_.open_offline(file_, PCAP_TSTAMP_PRECISION_NANO, cause.data());
    if (capture_ == nullptr) {
      std::fclose(file_);
      throw Error::with_exit(EX_DATAERR, name,
                             ": is no capture: ", failure_.empty() ? cause.data() : failure_);
    }
    try {
      header_ = &header_of(pcap_.link_type(capture_), name);
    } catch (const Error&) {
      pcap_.close(capture_);
      throw;
    }
  }

  // Closes the file too.
  ~Source() { pcap_.close(capture_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  std::optional<CapturedFrame> next() {
    const std::uint64_t offset = bytes_.offset();
    pcap_pkthdr* record = nullptr;
    const unsigned char* bytes = nullptr;
    const int got = pcap_.next(capture_, &record, &bytes);
    if (got == PCAP_ERROR_BREAK) return std::nullopt;
    if (got != 1) {
      throw Error::with_exit(EX_DATAERR, bytes_.name(), ": damaged at byte ", offset, ": ",
                             failure_.empty() ? pcap_.error(capture_) : failure_.c_str());
    }
    // In nanosecond precision libpcap keeps nanoseconds in the field for microseconds.
    const auto ns = static_cast<std::uint64_t>(record->ts.tv_sec) * 1'000'000'000ULL +
                    static_cast<std::uint64_t>(record->ts.tv_usec);
    CapturedFrame frame{.bytes = {reinterpret_cast<const std::byte*>(bytes), record->caplen},
                        .wire_length = record->len,
                        .ns = ns,
                        .offset = offset};
    if (header_->type != DLT_EN10MB) make_ethernet(frame);
    return frame;
  }

  [[nodiscard]] const base::ByteSource& bytes() const noexcept { return bytes_; }

 private:
  static ssize_t read_cookie(void* cookie, char* to, std::size_t count) {
    auto* self = static_cast<Source*>(cookie);
    // No exception may pass through libpcap.
    try {
      return static_cast<ssize_t>(self->bytes_.read({reinterpret_cast<std::byte*>(to), count}));
    } catch (const std::exception& error) {
      self->failure_ = error.what();
      errno = EIO;
      return -1;
    }
  }

  // Puts an Ethernet header without addresses in the place of the capture's own.
  void make_ethernet(CapturedFrame& frame) {
    if (frame.bytes.size() < header_->bytes) {
      frame.bytes = {};  // too short to be anything: Truncated
      return;
    }
    const std::span<const std::byte> packet = frame.bytes.subspan(header_->bytes);
    std::uint16_t ether_type = kEtherTypeIpv4;
    if (header_->ether_type_at >= 0) {
      ether_type =
          base::load_big_endian<std::uint16_t>(frame.bytes.data() + header_->ether_type_at);
    } else if (!packet.empty() && (packet[0] >> 4) == std::byte{6}) {
      ether_type = kEtherTypeIpv6;
    }
    rebuilt_.assign(kEthernetHeaderBytes, std::byte{0});
    base::store_big_endian(rebuilt_.data() + kEthernetHeaderBytes - 2, ether_type);
    rebuilt_.insert(rebuilt_.end(), packet.begin(), packet.end());
    frame.bytes = rebuilt_;
    frame.wire_length += static_cast<std::uint32_t>(kEthernetHeaderBytes);
    frame.wire_length -= static_cast<std::uint32_t>(header_->bytes);
  }

  base::ByteSource bytes_;
  const PcapLibrary& pcap_ = pcap_library();
  std::FILE* file_ = nullptr;
  pcap_t* capture_ = nullptr;
  const LinkHeader* header_ = nullptr;
  std::string failure_;
  std::vector<std::byte> rebuilt_;
};

bool is_capture(std::span<const std::byte> head) noexcept {
  // pcap in both byte orders with microseconds or nanoseconds, and pcapng.
  static constexpr std::array<std::uint32_t, 5> kMagic{0xA1B2'C3D4, 0xD4C3'B2A1, 0xA1B2'3C4D,
                                                       0x4D3C'B2A1, 0x0A0D'0D0A};
  if (head.size() < sizeof(std::uint32_t)) return false;
  const auto magic = base::load_big_endian<std::uint32_t>(head.data());
  return std::ranges::find(kMagic, magic) != kMagic.end();
}

CaptureReader::CaptureReader(const std::string& name) : CaptureReader{base::ByteSource{name}} {}
CaptureReader::CaptureReader(base::ByteSource bytes)
    : source_{std::make_unique<Source>(std::move(bytes))} {}
CaptureReader::~CaptureReader() = default;
CaptureReader::CaptureReader(CaptureReader&&) noexcept = default;

std::optional<CapturedFrame> CaptureReader::next() { return source_->next(); }
std::uint64_t CaptureReader::file_offset() const noexcept { return source_->bytes().file_offset(); }
std::uint64_t CaptureReader::file_size() const noexcept { return source_->bytes().file_size(); }

CaptureWriter::CaptureWriter(std::string name) : name_{std::move(name)} {
  file_ = name_ == "-" ? stdout : std::fopen(name_.c_str(), "wbe");
  if (file_ == nullptr) {
    throw Error::with_exit(EX_CANTCREAT, name_, ": cannot be written: ", std::strerror(errno));
  }
  struct Header {
    std::uint32_t magic = 0xA1B2'3C4D;  // nanoseconds, our byte order
    std::uint16_t version_major = 2;
    std::uint16_t version_minor = 4;
    std::uint32_t zone = 0;
    std::uint32_t accuracy = 0;
    std::uint32_t snap_bytes = kSnapBytes;
    std::uint32_t link_type = DLT_EN10MB;
  };
  const Header header;
  static_assert(sizeof header == 24);
  put(&header, sizeof header);
}

CaptureWriter::~CaptureWriter() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
}

void CaptureWriter::write(std::span<const std::byte> bytes, std::uint64_t ns,
                          std::uint32_t wire_length) {
  const auto length = static_cast<std::uint32_t>(bytes.size());
  const std::array<std::uint32_t, 4> record{static_cast<std::uint32_t>(ns / 1'000'000'000),
                                            static_cast<std::uint32_t>(ns % 1'000'000'000), length,
                                            wire_length == 0 ? length : wire_length};
  put(record.data(), sizeof record);
  put(bytes.data(), bytes.size());
}

void CaptureWriter::put(const void* bytes, std::size_t count) {
  if (count == 0 || std::fwrite(bytes, count, 1, file_) == 1) return;
  throw Error::with_exit(EX_IOERR, name_, ": cannot be written: ", std::strerror(errno));
}

void CaptureWriter::close() {
  if (file_ == nullptr) return;
  std::FILE* const file = std::exchange(file_, nullptr);
  const int failed = file == stdout ? std::fflush(file) : std::fclose(file);
  if (failed != 0) {
    throw Error::with_exit(EX_IOERR, name_, ": cannot be written: ", std::strerror(errno));
  }
}

}  // namespace ridley::nic
