// SPDX-License-Identifier: Apache-2.0
#include "nic/capture_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "nic/datagram.hpp"
#include "nic/frames.hpp"
#include "support/shared_data.hpp"

namespace ridley::nic {
namespace {

namespace fs = std::filesystem;
using test::Bytes;
using test::bytes_of;

// A file that is gone after the test.
class ScratchFile {
 public:
  explicit ScratchFile(const Bytes& content = {}) {
    char name[] = "/tmp/ridley_capture_XXXXXX";
    ::close(::mkstemp(name));
    path_ = name;
    std::ofstream file{path_, std::ios::binary};
    file.write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
  }
  ~ScratchFile() { fs::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Bytes content() const {
    std::ifstream file{path_, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    return bytes_of(std::string_view{text});
  }

 private:
  std::string path_;
};

void append(Bytes& to, std::initializer_list<std::uint32_t> words, bool big_endian = false) {
  for (std::uint32_t word : words) {
    if (big_endian) word = base::swap_bytes(word);
    for (int shift = 0; shift < 32; shift += 8) to.push_back(static_cast<std::byte>(word >> shift));
  }
}

// A pcap with one frame of four bytes, of which five were on the wire.
Bytes small_pcap(std::uint32_t magic, std::uint32_t fraction, bool big_endian = false,
                 std::uint32_t link_type = 1) {
  Bytes bytes;
  append(bytes, {magic, big_endian ? 0x0002'0004U : 0x0004'0002U, 0, 0, 65535, link_type},
         big_endian);
  append(bytes, {1'700'000'000, fraction, 4, 5}, big_endian);
  for (const unsigned value : {1U, 2U, 3U, 4U}) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

int exit_code_of(const std::string& path) {
  try {
    CaptureReader reader{path};
    while (reader.next()) {
    }
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return 0;
}

}  // namespace

TEST(CaptureReader, KeepsNanosecondsAndMicrosecondsInBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    const ScratchFile nano{small_pcap(0xA1B2'3C4D, 123'456'789, big_endian)};
    const ScratchFile micro{small_pcap(0xA1B2'C3D4, 123'456, big_endian)};
    CaptureReader nano_reader{nano.path()};
    EXPECT_EQ(nano_reader.next()->ns, 1'700'000'000'123'456'789u);
    CaptureReader micro_reader{micro.path()};
    const auto frame = micro_reader.next();
    EXPECT_EQ(frame->ns, 1'700'000'000'123'456'000u);
    EXPECT_EQ(frame->bytes.size(), 4u);
    EXPECT_EQ(frame->wire_length, 5u);
    EXPECT_EQ(frame->offset, 24u);
    EXPECT_FALSE(micro_reader.next());
  }
}

TEST(CaptureReader, GivesEveryWholeFrameOfACutFileThenThePlaceAndTheCause) {
  Bytes two = small_pcap(0xA1B2'3C4D, 1);
  const Bytes second = small_pcap(0xA1B2'3C4D, 2);
  for (std::size_t i = 24; i < second.size(); ++i) two.push_back(second[i]);
  for (std::size_t length = 45; length < two.size(); ++length) {
    const ScratchFile file{Bytes(two.begin(), two.begin() + static_cast<std::ptrdiff_t>(length))};
    CaptureReader reader{file.path()};
    ASSERT_TRUE(reader.next());
    try {
      static_cast<void>(reader.next());
      ADD_FAILURE() << "cut at " << length << " went unseen";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_DATAERR);
      EXPECT_NE(std::string{error.what()}.find("at byte 44"), std::string::npos) << error.what();
      EXPECT_NE(std::string{error.what()}.find("truncated"), std::string::npos) << error.what();
    }
  }
}

TEST(CaptureReader, RefusesWhatIsNoCapture) {
  EXPECT_EQ(exit_code_of("/nonexistent/file.pcap"), EX_NOINPUT);
  EXPECT_EQ(exit_code_of(ScratchFile{}.path()), EX_DATAERR);
  EXPECT_EQ(exit_code_of(ScratchFile{bytes_of("this is a text, not a capture file")}.path()),
            EX_DATAERR);
  const ScratchFile usb{small_pcap(0xA1B2'3C4D, 0, false, 220)};
  EXPECT_EQ(exit_code_of(usb.path()), EX_DATAERR);
}

TEST(CaptureReader, PutsAnEthernetHeaderBeforeRawIp) {
  const Bytes hello = test::hello_frame();
  Bytes raw;
  append(raw, {0xA1B2'3C4D, 0x0004'0002, 0, 0, 65535, 101});
  append(raw, {1, 0, 33, 33});
  for (std::size_t i = 14; i < hello.size(); ++i) raw.push_back(hello[i]);
  const ScratchFile file{raw};
  CaptureReader reader{file.path()};
  const auto frame = reader.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->wire_length, hello.size());
  Datagram datagram;
  EXPECT_EQ(strip(frame->frame(), datagram), Strip::Udp);
  EXPECT_EQ(datagram.destination_port, 26477);
}

TEST(CaptureWriter, WritesWhatTheReaderReads) {
  const ScratchFile file;
  CaptureWriter writer{file.path()};
  writer.write(bytes_of("first"), 1'700'000'000'000'000'001);
  writer.write(bytes_of("second"), 1'700'000'000'999'999'999, 1500);
  writer.close();
  CaptureReader reader{file.path()};
  auto frame = reader.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(Bytes(frame->bytes.begin(), frame->bytes.end()), bytes_of("first"));
  EXPECT_EQ(frame->ns, 1'700'000'000'000'000'001u);
  frame = reader.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->ns, 1'700'000'000'999'999'999u);
  EXPECT_EQ(frame->wire_length, 1500u);
  EXPECT_EQ(frame->frame().stamp.source, event::TimeSource::Capture);
  EXPECT_FALSE(reader.next());
}

TEST(CaptureWriter, SaysWhyItCannotWrite) {
  EXPECT_THROW(CaptureWriter{"/nonexistent/file.pcap"}, base::Error);
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  CaptureWriter writer{"/dev/full"};
  writer.write(bytes_of("x"), 1);
  EXPECT_THROW(writer.close(), base::Error);
}

TEST(CaptureWriter, IsUnderstoodByCapinfos) {
  if (std::system("command -v capinfos > /dev/null") != 0) GTEST_SKIP() << "needs capinfos";
  const ScratchFile file;
  CaptureWriter writer{file.path()};
  for (std::uint64_t i = 0; i < 3; ++i)
    writer.write(test::hello_frame(), 1'700'000'000'000'000'007);
  writer.close();
  const ScratchFile said;
  const std::string command = "capinfos -M -c -t -E " + file.path() + " > " + said.path();
  ASSERT_EQ(std::system(command.c_str()), 0);
  const Bytes content = said.content();
  const std::string text{reinterpret_cast<const char*>(content.data()), content.size()};
  EXPECT_NE(text.find("nsecpcap"), std::string::npos) << text;
  EXPECT_NE(text.find("Number of packets:   3"), std::string::npos) << text;
}

TEST(CaptureReader, PassesEveryRecordedCaptureThroughTheStrip) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap");
  std::size_t files = 0;
  std::size_t stripped = 0;
  for (const auto& entry :
       fs::recursive_directory_iterator{ridley::test::shared_data("exchange-pcap")}) {
    if (entry.path().extension() != ".pcap") continue;
    SCOPED_TRACE(entry.path().string());
    ++files;
    CaptureReader reader{entry.path().string()};
    StripCounts counts;
    std::size_t frames = 0;
    while (const auto frame = reader.next()) {
      ++frames;
      Datagram datagram;
      const Strip cause = strip(frame->frame(), datagram);
      counts.add(cause);
      if (cause == Strip::Udp) {
        EXPECT_GE(datagram.payload.data(), frame->bytes.data());
        EXPECT_LE(datagram.payload.data() + datagram.payload.size(),
                  frame->bytes.data() + frame->bytes.size());
      }
    }
    EXPECT_GT(frames, 0u);
    EXPECT_EQ(counts.total(), frames);
    stripped += counts.of(Strip::Udp);
  }
  EXPECT_GT(files, 200u);
  EXPECT_GT(stripped, 100u);
}

}  // namespace ridley::nic
