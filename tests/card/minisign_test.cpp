// SPDX-License-Identifier: Apache-2.0
// card/minisign.hpp, card/minisign_key.hpp and card/minisign_text.hpp against the program minisign.
#include "card/minisign.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "../support/scratch_folder.hpp"
#include "base/error.hpp"
#include "card/minisign_key.hpp"
#include "card/minisign_text.hpp"
#include "sample_bitstream.hpp"

namespace ridley::card {
namespace {

constexpr std::string_view kBytes = "what was signed";

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

std::string fault(std::string_view bytes, const std::string& signature,
                  const std::vector<PublicKey>& keys) {
  try {
    return signature_fault(bytes_of(bytes), read_signature(signature), keys);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    return error.what();
  }
}

template <typename Call>
int exit_code(const Call& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return EX_OK;
}

class Minisign : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v minisign >/dev/null") != 0) GTEST_SKIP() << "needs minisign";
    write_file(folder_ / "m", kBytes);
  }

  [[nodiscard]] bool run(const std::string& words, const std::string& input = "",
                         const std::string& before = "") const {
    write_file(folder_ / "input", input);
    const std::string line = "cd " + (folder_ / "").string() + " && " + before + "minisign " +
                             words + " <input >output 2>&1";
    return std::system(line.c_str()) == 0;
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    return file_text(folder_ / name);
  }

  test::ScratchFolder folder_;
};

TEST_F(Minisign, ItsSignaturesVerifyHere) {
  ASSERT_TRUE(run("-G -W -p a.pub -s a.key")) << text("output");
  const std::vector keys{read_public_key(text("a.pub"))};
  for (const std::string way : {"", "-l "}) {
    ASSERT_TRUE(run("-S " + way + "-s a.key -m m -t 'a comment'")) << text("output");
    const Signature signature = read_signature(text("m.minisig"));
    EXPECT_EQ(signature.is_prehashed, way.empty());
    EXPECT_EQ(signature.trusted_comment, "a comment");
    EXPECT_EQ(fault(kBytes, text("m.minisig"), keys), "");
    EXPECT_NE(fault("what was not signed", text("m.minisig"), keys), "");
  }
}

TEST_F(Minisign, VerifiesWhatIsSignedHere) {
  const KeyFiles files = make_keys("");
  write_file(folder_ / "o.pub", files.public_key);
  const SecretKey key = read_secret_key(files.secret_key, {});
  write_file(folder_ / "m.minisig", sign(bytes_of(kBytes), key, "from here"));
  EXPECT_TRUE(run("-V -p o.pub -m m")) << text("output");
  EXPECT_NE(text("output").find("Trusted comment: from here"), std::string::npos);
  EXPECT_TRUE(run("-V -H -p o.pub -m m")) << text("output");
  write_file(folder_ / "m", "something else");
  EXPECT_FALSE(run("-V -p o.pub -m m"));
}

TEST_F(Minisign, SignsWithAKeyMadeHere) {
  const KeyFiles files = make_keys("");
  write_file(folder_ / "o.key", files.secret_key);
  ASSERT_TRUE(run("-S -s o.key -m m")) << text("output");
  EXPECT_EQ(fault(kBytes, text("m.minisig"), {read_public_key(files.public_key)}), "");
}

TEST_F(Minisign, ItsKeysSignHere) {
  ASSERT_TRUE(run("-G -W -p a.pub -s a.key"));
  const SecretKey key = read_secret_key(text("a.key"), {});
  write_file(folder_ / "m.minisig", sign(bytes_of(kBytes), key, ""));
  EXPECT_TRUE(run("-V -p a.pub -m m")) << text("output");
}

TEST_F(Minisign, ItsEncryptedKeysSignHereWithTheirPassword) {
  // It takes a gigabyte where it can have it, and less where not.
  ASSERT_TRUE(run("-G -p a.pub -s a.key", "secret\nsecret\n", "ulimit -v 200000 && "))
      << text("output");
  int asked = 0;
  const SecretKey key = read_secret_key(text("a.key"), [&] {
    ++asked;
    return std::string{"secret"};
  });
  EXPECT_EQ(asked, 1);
  write_file(folder_ / "m.minisig", sign(bytes_of(kBytes), key, "x"));
  EXPECT_TRUE(run("-V -p a.pub -m m")) << text("output");
}

TEST_F(Minisign, OpensAKeyThatWasEncryptedHere) {
  const KeyFiles files = make_keys("a password");
  write_file(folder_ / "o.key", files.secret_key);
  ASSERT_TRUE(run("-S -s o.key -m m", "a password\n")) << text("output");
  EXPECT_EQ(fault(kBytes, text("m.minisig"), {read_public_key(files.public_key)}), "");
  EXPECT_EQ(exit_code([&] {
              (void)read_secret_key(files.secret_key, [] { return std::string{"another"}; });
            }),
            EX_NOPERM);
}

TEST(MinisignSignature, EveryAlteredByteOfWhatWasSignedIsRefused) {
  const SampleSigner signer;
  const std::string signature = signer.sign(kBytes);
  EXPECT_EQ(fault(kBytes, signature, signer.rules.keys), "");
  for (std::size_t i = 0; i < kBytes.size(); ++i) {
    std::string bytes{kBytes};
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    EXPECT_NE(fault(bytes, signature, signer.rules.keys), "") << i;
  }
  EXPECT_NE(fault(kBytes.substr(1), signature, signer.rules.keys), "");
}

// Nothing covers the words of the untrusted comment, and nobody reads them.
TEST(MinisignSignature, EveryAlteredByteOfTheSignatureIsRefused) {
  const SampleSigner signer;
  const std::string signature = signer.sign(kBytes);
  const std::size_t words_end = signature.find('\n');
  for (std::size_t i = 0; i < signature.size(); ++i) {
    if (i >= kUntrustedComment.size() && i < words_end) continue;
    for (const char other : {'\1', '\n', 'A', '/', '='}) {
      if (signature[i] == other) continue;
      std::string altered = signature;
      altered[i] = other;
      EXPECT_NE(fault(kBytes, altered, signer.rules.keys), "") << i << " " << int{other};
    }
    for (int bit = 0; bit < 8; ++bit) {
      std::string altered = signature;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      EXPECT_NE(fault(kBytes, altered, signer.rules.keys), "") << i << " bit " << bit;
    }
  }
}

TEST(MinisignSignature, CutOrLongerIsRefused) {
  const SampleSigner signer;
  const std::string signature = signer.sign(kBytes);
  // All but the last line's end.
  for (std::size_t size = 0; size + 1 < signature.size(); ++size) {
    EXPECT_NE(fault(kBytes, signature.substr(0, size), signer.rules.keys), "") << size;
  }
  EXPECT_NE(fault(kBytes, signature + "more\n", signer.rules.keys), "");
  EXPECT_NE(fault(kBytes, signature + std::string(kSignatureFileBytesMax, 'x'), {}), "");
}

TEST(MinisignSignature, OfAnotherKeyIsRefusedByItsNumber) {
  const SampleSigner signer;
  const SampleSigner other;
  const std::string said = fault(kBytes, signer.sign(kBytes), other.rules.keys);
  EXPECT_NE(said.find(key_name(signer.files.number)), std::string::npos) << said;
  // A key that only claims the number.
  std::vector<PublicKey> keys = other.rules.keys;
  keys[0].number = signer.files.number;
  EXPECT_NE(fault(kBytes, signer.sign(kBytes), keys), "");
  // One of several keys is enough.
  keys = {other.rules.keys[0], signer.rules.keys[0]};
  EXPECT_EQ(fault(kBytes, signer.sign(kBytes), keys), "");
}

TEST(MinisignKey, DamagedOrGreedyOnesAreRefused) {
  const KeyFiles files = make_keys("");
  EXPECT_EQ(exit_code([&] { (void)read_secret_key("no key\nat all\n", {}); }), EX_DATAERR);
  EXPECT_EQ(exit_code([&] { (void)read_public_key(files.secret_key); }), EX_DATAERR);
  EXPECT_EQ(exit_code([&] { (void)read_secret_key(files.public_key, {}); }), EX_DATAERR);
  const std::size_t line = files.secret_key.find('\n') + 1;
  std::array<std::uint8_t, 158> bytes;
  const auto read_with = [&](std::size_t at, std::uint8_t value) {
    decode_base64(minisign_lines(files.secret_key, 2)[1], bytes);
    bytes[at] = value;
    const std::string text = files.secret_key.substr(0, line) + encode_base64(bytes) + "\n";
    return exit_code([&] { (void)read_secret_key(text, [] { return std::string{"x"}; }); });
  };
  EXPECT_EQ(read_with(0, 'E'), EX_OK);
  EXPECT_EQ(read_with(0, 'X'), EX_DATAERR);
  EXPECT_EQ(read_with(62, static_cast<std::uint8_t>(bytes[62] ^ 1)), EX_DATAERR) << "the seed";
  EXPECT_EQ(read_with(100, static_cast<std::uint8_t>(bytes[100] ^ 1)), EX_DATAERR) << "its key";
}

TEST(MinisignKey, ASignaturesCommentIsOneLine) {
  const SampleSigner signer;
  EXPECT_EQ(exit_code([&] { (void)sign(bytes_of(kBytes), signer.key, "two\nlines"); }), EX_USAGE);
  EXPECT_EQ(exit_code([&] { (void)sign(bytes_of(kBytes), signer.key, std::string(5000, 'x')); }),
            EX_USAGE);
}

TEST(MinisignText, Base64HasOneWayToWriteBytes) {
  std::array<std::uint8_t, 2> bytes;
  decode_base64("AAE=", bytes);
  EXPECT_EQ(bytes[1], 1);
  EXPECT_EQ(encode_base64(bytes), "AAE=");
  for (const std::string_view line : {"AAF=", "AAE", "AAE= ", "AAEA", "AA==", " AAE=", ""}) {
    EXPECT_EQ(exit_code([&] { decode_base64(line, bytes); }), EX_DATAERR) << line;
  }
}

}  // namespace
}  // namespace ridley::card
