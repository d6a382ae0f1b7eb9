#include "gopack/digest/sha256.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace gopack::digest {
namespace {

constexpr std::string_view kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, ParsesHexDigitsOnly) {
  std::string upper(kAbc);
  for (auto& c : upper) c = static_cast<char>(std::toupper(c));
  ASSERT_TRUE(Sha256::try_parse(kAbc));
  EXPECT_EQ(Sha256::try_parse(kAbc)->hex(), kAbc);
  EXPECT_EQ(Sha256::try_parse(upper), Sha256::try_parse(kAbc));
  const std::string text(kAbc);
  for (const auto& bad : {std::string(), text.substr(1), text + "0", "g" + text.substr(1),
                          " " + text.substr(1), text.substr(1) + "\n", "0x" + text.substr(2)}) {
    EXPECT_EQ(Sha256::try_parse(bad), std::nullopt) << bad;
  }
}

TEST(Sha256, MatchesThePublishedVectors) {
  const std::pair<std::string, const char*> vectors[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& [text, hex] : vectors) EXPECT_EQ(hash(text).hex(), hex);
}

TEST(Hasher, PiecesMakeTheWholeAndFinishStartsAnew) {
  Hasher hasher;
  for (const char* piece : {"a", "", "bc"}) hasher.write(as_bytes(piece));
  EXPECT_EQ(hasher.finish().hex(), kAbc);
  EXPECT_EQ(hasher.finish(), hash(""));
}

TEST(HashingSource, PassesOnWhatItHashesAndCounts) {
  MemorySource memory("abc");
  Hasher hasher;
  HashingSource source(memory, hasher);
  EXPECT_EQ(read_all(source, 10), "abc");
  EXPECT_EQ(source.count(), 3u);
  EXPECT_EQ(hasher.finish().hex(), kAbc);
}

TEST(HashOfFile, TakesTheWholeFileAndLeavesItsPosition) {
  const std::string text(600'000, 'x');  // several blocks
  auto file = test::scratch_file(text, "x");
  file.seek(599'999);
  EXPECT_EQ(hash(file), hash(text));
  std::byte rest[8];
  EXPECT_EQ(file.read(rest), 1u);
}

}  // namespace
}  // namespace gopack::digest
