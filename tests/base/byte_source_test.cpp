// SPDX-License-Identifier: Apache-2.0
#include "base/byte_source.hpp"

#include <gtest/gtest.h>
#include <lzma.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace ridley::base {
namespace {

using Bytes = std::vector<std::byte>;

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 12345;
  for (std::byte& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::byte>(state >> 28);
  }
  return bytes;
}

Bytes gzip(const Bytes& plain) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, plain.size()) + 64);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Bytes xz(const Bytes& plain) {
  Bytes out(lzma_stream_buffer_bound(plain.size()));
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(
                1, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const std::uint8_t*>(plain.data()),
                plain.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

class File {
 public:
  explicit File(const Bytes& bytes)
      : path_{std::filesystem::temp_directory_path() /
              ("ridley_byte_source_" + std::to_string(getpid()))} {
    std::ofstream{path_, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                 static_cast<std::streamsize>(bytes.size()));
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string name() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Bytes read_all(ByteSource& source, std::size_t step) {
  Bytes all;
  Bytes chunk(step);
  while (const std::size_t size = source.read(chunk)) {
    all.insert(all.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return all;
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST(ByteSource, GivesTheSameBytesPlainGzipAndXz) {
  const Bytes plain = pattern(1'000'003);  // several raw buffers and an odd end
  for (const Bytes& stored : {plain, gzip(plain), xz(plain)}) {
    const File file{stored};
    ByteSource source{file.name()};
    EXPECT_EQ(read_all(source, 4'099), plain);
    EXPECT_EQ(source.offset(), plain.size());
    EXPECT_EQ(source.file_offset(), stored.size());
    EXPECT_EQ(source.file_size(), stored.size());
  }
}

TEST(ByteSource, JoinsTheMembersOfAStream) {
  const Bytes first = pattern(300'000);
  const Bytes second = pattern(7);
  for (const auto& pack : {gzip, xz}) {
    const File file{joined(pack(first), pack(second))};
    ByteSource source{file.name()};
    EXPECT_EQ(read_all(source, 65'536), joined(first, second));
  }
}

TEST(ByteSource, GivesAllBeforeTheDamageThenThrows) {
  const Bytes plain = pattern(500'000);
  for (Bytes stored : {gzip(plain), xz(plain)}) {
    stored.resize(stored.size() / 2);
    const File file{stored};
    ByteSource source{file.name()};
    Bytes chunk(plain.size());
    const std::size_t size = source.read(chunk);
    ASSERT_GT(size, 0u);
    ASSERT_LT(size, plain.size());
    EXPECT_TRUE(std::equal(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(size),
                           plain.begin()));
    try {
      (void)source.read(chunk);
      FAIL() << "the truncated stream was taken as whole";
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), EX_DATAERR);
    }
  }
}

TEST(ByteSource, GivesWhatWasPeekedAgain) {
  const Bytes plain = pattern(1'000);
  const File file{gzip(plain)};
  ByteSource source{file.name()};
  EXPECT_EQ(source.peek(10).size(), 10u);
  const auto head = source.peek(300);
  EXPECT_TRUE(std::equal(head.begin(), head.end(), plain.begin()));
  EXPECT_EQ(source.offset(), 0u);
  EXPECT_EQ(read_all(source, 7), plain);
  EXPECT_TRUE(source.peek(1).empty());
}

TEST(ByteSource, TakesAnEmptyFile) {
  const File file{Bytes{}};
  ByteSource source{file.name()};
  std::byte byte;
  EXPECT_EQ(source.read({&byte, 1}), 0u);
}

TEST(ByteSource, RefusesAFileThatIsNotThere) {
  try {
    ByteSource source{"/nonexistent/capture.pcap"};
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), EX_NOINPUT);
    EXPECT_NE(std::string{error.what()}.find("/nonexistent/capture.pcap"), std::string::npos);
  }
}

}  // namespace ridley::base
