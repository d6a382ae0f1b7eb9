#include "tlog.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"
#include "support/fake_log.hpp"

namespace gopack::source {
namespace {

using test::FakeLog;
using test::SigningKey;

TileHashes read_tile(const FakeLog& log, const Tile& tile) {
  TileHashes hashes;
  const auto bytes = log.tile(tile.level, tile.index, tile.width);
  for (std::size_t at = 0; at < bytes.size(); at += 32) {
    std::array<std::uint8_t, 32> hash{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 32, hash.begin());
    hashes.emplace_back(hash);
  }
  return hashes;
}

// Values that implementations of RFC 6962 share.
TEST(Tlog, HashesAsRfc6962Says) {
  EXPECT_EQ(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(leaf_hash("").hex(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  const std::string records[] = {"",
                                 std::string(1, '\0'),
                                 "\x10",
                                 "\x20\x21",
                                 "\x30\x31",
                                 "\x40\x41\x42\x43",
                                 "\x50\x51\x52\x53\x54\x55\x56\x57",
                                 "\x60\x61\x62\x63\x64\x65\x66\x67"
                                 "\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  TileHashes leaves;
  for (const auto& record : records) leaves.push_back(leaf_hash(record));
  EXPECT_EQ(complete_root(leaves).hex(), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Tlog, NamesTilesByTheirCoordinates) {
  EXPECT_EQ((Tile{0, 0}).path(), "tile/8/0/000");
  EXPECT_EQ((Tile{0, 999}).path(), "tile/8/0/999");
  EXPECT_EQ((Tile{1, 1234}).path(), "tile/8/1/x001/234");
  EXPECT_EQ((Tile{0, 1234067}).path(), "tile/8/0/x001/x234/067");
  EXPECT_EQ((Tile{3, 1000, 4}).path(), "tile/8/3/x001/000.p/4");
}

// Every record and every earlier root of trees whose right edges look different.
TEST(ProvenTree, GivesRecordsAndEarlierRoots) {
  FakeLog log(SigningKey("log.example.org"));
  log.fill(66'000);
  for (const std::uint64_t size :
       {0u, 1u, 2u, 3u, 255u, 256u, 257u, 511u, 512u, 700u, 65'536u, 65'793u, 66'000u}) {
    ProvenTree tree({size, log.root(size)}, [&](const Tile& tile) { return read_tile(log, tile); });
    const auto step = size / 300 + 1;
    for (std::uint64_t i = 0; i < size; i += step) EXPECT_EQ(tree.leaf(i), leaf_hash(log.record(i))) << i;
    for (std::uint64_t i = 0; i <= size; i += step) EXPECT_EQ(tree.root_at(i), log.root(i)) << i;
    EXPECT_EQ(tree.root_at(size), log.root(size));
  }
}

TEST(ProvenTree, RefusesTilesOfAnotherTree) {
  FakeLog log(SigningKey("log.example.org"));
  log.fill(700);
  const auto read = [&](const Tile& tile) { return read_tile(log, tile); };
  EXPECT_THROW(ProvenTree({700, log.root(699)}, read), Error);
  EXPECT_THROW(ProvenTree({699, log.root(700)}, read), Error);
}

}  // namespace
}  // namespace gopack::source
