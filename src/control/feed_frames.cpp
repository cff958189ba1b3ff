// SPDX-License-Identifier: Apache-2.0
#include "control/feed_frames.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

#include "base/byte_source.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"
#include "feed/blocks.hpp"
#include "feed/itch_file.hpp"
#include "nic/anonymous_frame.hpp"
#include "nic/capture_file.hpp"
#include "nic/udp_frame.hpp"
#include "wire/mold.hpp"

namespace ridley::control {

class FeedFrames::Source {
 public:
  Source() = default;
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  virtual std::optional<nic::Frame> next() = 0;
  [[nodiscard]] virtual std::uint64_t file_offset() const = 0;
  [[nodiscard]] virtual std::uint64_t file_size() const = 0;

  std::vector<std::string> complaints;
  std::uint64_t repaired = 0;
};

namespace {

// Enough of a file to tell what it is.
constexpr std::size_t kHeadBytes = 128;

// From here on a pcap file's seconds are taken for times before 1970.
constexpr std::uint64_t kTimeEndS = std::uint64_t{1} << 31;
constexpr std::uint64_t kSecondNs = 1'000'000'000;

class CaptureFrames final : public FeedFrames::Source {
 public:
  CaptureFrames(base::ByteSource bytes, Addresses addresses)
      : reader_{std::move(bytes)}, addresses_{addresses} {}

  std::optional<nic::Frame> next() override {
    while (const auto captured = reader_.next()) {
      if (captured->bytes.empty()) continue;
      nic::Frame frame = captured->frame();
      frame.wire_length = frame.length;
      frame.stamp.ns %= kTimeEndS * kSecondNs;
      if (addresses_ == Addresses::Repaired) repair(frame);
      return frame;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::uint64_t file_offset() const override { return reader_.file_offset(); }
  [[nodiscard]] std::uint64_t file_size() const override { return reader_.file_size(); }

 private:
  void repair(nic::Frame& frame) {
    repaired_.assign(frame.span().begin(), frame.span().end());
    if (nic::repair_anonymous(repaired_)) ++repaired;
    frame.bytes = repaired_.data();
  }

  nic::CaptureReader reader_;
  Addresses addresses_;
  std::vector<std::byte> repaired_;
};

// As full as a standard frame carries them. A frame's time is its last message's.
class ItchFrames final : public FeedFrames::Source {
 public:
  explicit ItchFrames(base::ByteSource bytes) : file_{std::move(bytes)} {
    route_.source_ip = 0x0A14'1E01;       // 10.20.30.1
    route_.destination_ip = 0xE936'0C6F;  // 233.54.12.111
    route_.source_port = 26400;
    route_.destination_port = nic::kAnonymousPort;
    route_.destination_mac = nic::multicast_mac(route_.destination_ip);
  }

  std::optional<nic::Frame> next() override {
    while (has_message()) {
      const std::size_t bytes = feed::Blocks::kLengthBytes + message_->bytes.size();
      if (bytes > kBlocksBytes) {
        complaints.push_back(fmt::format("message {} of {} bytes fits in no frame",
                                         message_->sequence, message_->bytes.size()));
      } else if (count_ != 0 && (size_ + bytes > nic::kUdpPayloadBytesMax ||
                                 message_->sequence != first_ + count_)) {
        return packed();
      } else {
        add(message_->bytes);
      }
      message_.reset();
    }
    if (count_ != 0) return packed();
    if (failure_) throw base::Error{*std::exchange(failure_, std::nullopt)};
    return std::nullopt;
  }
  [[nodiscard]] std::uint64_t file_offset() const override { return file_.source().file_offset(); }
  [[nodiscard]] std::uint64_t file_size() const override { return file_.source().file_size(); }

 private:
  static constexpr std::size_t kHeaderBytes = wire::mold::Header::kSize;
  static constexpr std::size_t kBlocksBytes = nic::kUdpPayloadBytesMax - kHeaderBytes;
  static constexpr std::size_t kTimeAt = 5;
  static constexpr std::size_t kTimeEnd = 11;

  // Reads the next one unless one waits. What came before damage is given first.
  bool has_message() {
    if (message_) return true;
    feed::ItchFileMessage read{};
    try {
      if (failure_ || !file_.next(read)) return false;
    } catch (const base::Error& error) {
      failure_ = error;
      return false;
    }
    message_ = read;
    return true;
  }

  std::byte* payload() { return frame_.data() + nic::udp_payload_at(route_); }

  void add(std::span<const std::byte> message) {
    if (count_++ == 0) first_ = message_->sequence;
    std::byte* const to = payload() + size_;
    base::store_big_endian(to, static_cast<std::uint16_t>(message.size()));
    std::memcpy(to + feed::Blocks::kLengthBytes, message.data(), message.size());
    size_ += feed::Blocks::kLengthBytes + message.size();
    if (message.size() >= kTimeEnd) ns_ = base::load_big_endian_48(message.data() + kTimeAt);
  }

  nic::Frame packed() {
    wire::mold::HeaderWriter{payload()}
        .session("ITCH FILE")
        .sequence_number(first_)
        .message_count(count_);
    const std::size_t bytes = nic::build_udp_frame(frame_, route_, {payload(), size_});
    count_ = 0;
    size_ = kHeaderBytes;
    return nic::CapturedFrame{.bytes = {frame_.data(), bytes},
                              .wire_length = static_cast<std::uint32_t>(bytes),
                              .ns = ns_,
                              .offset = 0}
        .frame();
  }

  feed::ItchFile file_;
  std::optional<feed::ItchFileMessage> message_;  // read and not in a frame yet
  std::optional<base::Error> failure_;
  nic::UdpRoute route_;
  std::array<std::byte, nic::kFrameBytesMax> frame_{};
  std::size_t size_ = kHeaderBytes;
  std::uint16_t count_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t ns_ = 0;
};

}  // namespace

FeedFrames::FeedFrames(const std::string& name, Addresses addresses) {
  base::ByteSource bytes{name};
  const std::span<const std::byte> head = bytes.peek(kHeadBytes);
  if (nic::is_capture(head)) {
    source_ = std::make_unique<CaptureFrames>(std::move(bytes), addresses);
  } else if (feed::ItchFile::form_of(head) != feed::ItchFileForm::Unknown) {
    source_ = std::make_unique<ItchFrames>(std::move(bytes));
  } else {
    throw base::Error::with_exit(EX_DATAERR, name,
                                 ": byte 0: neither a capture nor a file of ITCH messages");
  }
}

FeedFrames::~FeedFrames() = default;

std::optional<nic::Frame> FeedFrames::next() { return source_->next(); }
const std::vector<std::string>& FeedFrames::complaints() const noexcept {
  return source_->complaints;
}
std::uint64_t FeedFrames::repaired() const noexcept { return source_->repaired; }
std::uint64_t FeedFrames::file_offset() const { return source_->file_offset(); }
std::uint64_t FeedFrames::file_size() const { return source_->file_size(); }

}  // namespace ridley::control
