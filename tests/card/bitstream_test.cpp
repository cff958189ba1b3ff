// SPDX-License-Identifier: Apache-2.0
#include "card/bitstream.hpp"

#include <gtest/gtest.h>

#include "../support/scratch_folder.hpp"
#include "base/error.hpp"
#include "sample_bitstream.hpp"

namespace ridley::card {
namespace {

class BitstreamTest : public testing::Test {
 protected:
  [[nodiscard]] std::string fault(std::uint64_t counter = 0) const {
    return first_fault(examine(read_bitstream(files_), signer_.rules, counter));
  }
  void write(const SampleFacts& facts) { files_ = write_sample(folder_ / "card", signer_, facts); }
  void sign() const { write_file(files_.signature, signer_.sign(file_text(files_.manifest))); }

  test::ScratchFolder folder_{test::memory_folder()};
  SampleSigner signer_;
  BitstreamFiles files_ = write_sample(folder_ / "card", signer_);
};

TEST_F(BitstreamTest, ThatIsWholeAndSignedIsTaken) {
  EXPECT_EQ(fault(), "");
  EXPECT_EQ(fault(1), "");
  const Bitstream bitstream = read_bitstream(files_);
  EXPECT_EQ(bitstream.digest, digest_of(std::string_view{bitstream.manifest_text}));
  EXPECT_EQ(examine(bitstream, signer_.rules, 0).size(), 9u);
}

TEST_F(BitstreamTest, IsNamedByAnyOfItsFiles) {
  const std::filesystem::path name = folder_ / "card";
  for (const char* ending : {"", ".xclbin", ".manifest", ".manifest.minisig", ".golden"}) {
    EXPECT_EQ(files_beside(name.string() + ending).xclbin, name.string() + ".xclbin");
  }
}

TEST_F(BitstreamTest, WithoutSignatureIsRefused) {
  std::filesystem::remove(files_.signature);
  EXPECT_EQ(fault(), "signature: is not signed");
}

TEST_F(BitstreamTest, EveryAlteredByteOfAnyFileIsRefused) {
  for (const auto& file : {files_.manifest, files_.xclbin, files_.golden}) {
    const std::string content = file_text(file);
    for (std::size_t i = 0; i < content.size(); ++i) {
      std::string altered = content;
      altered[i] = static_cast<char>(altered[i] ^ 1);
      write_file(file, altered);
      EXPECT_NE(fault(), "") << file << " byte " << i;
    }
    write_file(file, content + " ");
    EXPECT_NE(fault(), "") << file << " longer";
    write_file(file, content.substr(0, content.size() - 1));
    EXPECT_NE(fault(), "") << file << " shorter";
    write_file(file, content);
  }
  EXPECT_EQ(fault(), "");
}

TEST_F(BitstreamTest, OlderThanTheCounterIsRefused) {
  write({.version = 4});
  EXPECT_EQ(fault(4), "");
  EXPECT_EQ(fault(5), "version: is 4, older than the counter, which is at 5");
}

TEST_F(BitstreamTest, WithAMapThatTheHostDoesNotKnowIsRefused) {
  write({.map_hash = 0xABC});
  EXPECT_EQ(fault(), "map: is 0x0000000000000abc, which this host does not know");
  signer_.rules.map_hashes.push_back(0xABC);
  EXPECT_EQ(fault(), "");
}

TEST_F(BitstreamTest, MadeFromTablesThatTheHostDoesNotKnowIsRefused) {
  write({.catalogue_hash = 0xCC});
  EXPECT_EQ(fault(), "catalogue: is 0x00000000000000cc, which this host does not know");
  signer_.rules.catalogue_hashes.push_back(0xCC);
  EXPECT_EQ(fault(), "");
  // A host that knows none takes none.
  signer_.rules.catalogue_hashes.clear();
  EXPECT_NE(fault(), "");
}

TEST_F(BitstreamTest, BuiltFromWhatTheManifestDoesNotSayIsRefused) {
  const auto built_from = [&](const std::string& commit, const std::string& map) {
    write({.metadata = fmt::format(
               R"({{"build_metadata": {{"rtl_commit": "{}", "map_hash": "{}"}}}})", commit, map)});
    return fault();
  };
  const std::string commit(40, 'a');
  const std::string map = hash_text(registers::kMapHash);
  EXPECT_EQ(built_from(commit, map), "");
  EXPECT_EQ(built_from("b", map),
            "build: the xclbin has the rtl_commit b, the manifest says " + commit);
  EXPECT_EQ(built_from(commit, "0x1"),
            "build: the xclbin has the map_hash 0x1, the manifest says " + map);
}

TEST_F(BitstreamTest, WhoseUuidIsNotTheManifestsIsRefused) {
  write({.uuid = "10111213-1415-1617-1819-000000000000"});
  EXPECT_NE(fault().find("container: has the UUID " + std::string{kSampleUuid}), std::string::npos);
}

TEST_F(BitstreamTest, ThatIsSignedButNoManifestIsRefused) {
  write_file(files_.manifest, "{}");
  sign();
  EXPECT_NE(fault().find("manifest: is no manifest"), std::string::npos) << fault();
}

TEST_F(BitstreamTest, WhoseFilesAreMissingOrFoldersIsAnInputThatIsNotThere) {
  for (const auto& file : {files_.manifest, files_.xclbin, files_.golden}) {
    const std::string content = file_text(file);
    std::filesystem::remove(file);
    for (const bool is_folder : {false, true}) {
      if (is_folder) std::filesystem::create_directory(file);
      try {
        (void)read_bitstream(files_);
        ADD_FAILURE() << file;
      } catch (const base::Error& error) {
        EXPECT_EQ(error.exit_code(), EX_NOINPUT);
        EXPECT_NE(std::string{error.what()}.find(file.string()), std::string::npos);
      }
    }
    std::filesystem::remove(file);
    write_file(file, content);
  }
}

TEST_F(BitstreamTest, TrustsTheKeysOfFiles) {
  write_file(folder_ / "a.pub", signer_.files.public_key);
  EXPECT_EQ(read_public_keys({folder_ / "a.pub"}).size(), 1u);
  write_file(folder_ / "b.pub", "none");
  try {
    (void)read_public_keys({folder_ / "a.pub", folder_ / "b.pub"});
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_NE(std::string{error.what()}.find("b.pub: "), std::string::npos) << error.what();
  }
}

TEST(Digest, IsSha256InSmallLetters) {
  EXPECT_EQ(digest_of(std::string_view{"abc"}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_TRUE(is_digest(digest_of(std::string_view{})));
  EXPECT_FALSE(is_digest(std::string(63, 'a')));
  EXPECT_FALSE(is_digest(std::string(64, 'A')));
}

}  // namespace
}  // namespace ridley::card
