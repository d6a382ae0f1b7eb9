#include "stage.hpp"

#include <gtest/gtest.h>

#include "sha256.hpp"

namespace gopack::launcher {
namespace {

const std::string kTree = "v_0123456789abcdef";

std::string sum(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

TEST(Sha256, OfTheStandardsExamplesAndAroundTheEndOfABlock) {
  EXPECT_EQ(sum(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sum("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sum("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sum(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  for (std::size_t size = 50; size < 70; ++size) {
    Sha256 hash;
    for (std::size_t i = 0; i < size; ++i) hash.update("x");
    EXPECT_EQ(hash.hex(), sum(std::string(size, 'x'))) << size;
  }
}

TEST(Manifest, SaysHowLargeATreeIs) {
  EXPECT_EQ(bytes_of("{\n  \"files\": 12,\n  \"bytes\": 5163248052,\n  \"file_list\": []\n}\n"), 5163248052u);
  EXPECT_EQ(bytes_of("{\"bytes\": x}"), 0u);
  EXPECT_EQ(bytes_of("{}"), 0u);
}

TEST(Sums, AreThoseOfOneTree) {
  const std::string hex(64, 'a');
  const auto sums =
      sums_of(hex + "  README.txt\n" + hex + "  " + kTree + ".json\n" + hex + "  " + kTree + "/bin/go\r\n" +
                  hex + "  v_1111111111111111/bin/go\n" + "short\n" + hex + "  " + kTree + "/a b/c",
              kTree);
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[0].path, "bin/go");
  EXPECT_EQ(sums[0].sha256, hex);
  EXPECT_EQ(sums[1].path, "a b/c");
}

TEST(Sums, DoNotLeadOutOfTheTree) {
  for (const char* path : {"../x", "a/../../x", "/x", "a//b", "./a", "a/.", "..\\x", "c:x", ""}) {
    EXPECT_TRUE(sums_of(std::string(64, 'a') + "  " + kTree + "/" + path + "\n", kTree).empty()) << path;
  }
}

TEST(Programs, AreKnownByTheirNames) {
  for (const char* path :
       {"bin/go", "pkg/tool/linux_amd64/vet", "lib/wasm/go_js_wasm_exec", "src/all.bash", "a/b.sh"})
    EXPECT_TRUE(is_program(path)) << path;
  for (const char* path : {"VERSION", "src/bin/go.go", "pkg/include/a.h"})
    EXPECT_FALSE(is_program(path)) << path;
}

}  // namespace
}  // namespace gopack::launcher
