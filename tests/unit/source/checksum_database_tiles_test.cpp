// Tiles that are forged, cut or missing. The tree of 66,000 records has the partial tiles 0/257, 1/001 and
// 2/000 at its right edge; the record in question is proved by 0/003, 1/000 and 2/000.
#include <array>

#include "checksum_database_fixture.hpp"

namespace gopack::source {
namespace {

using test::read_file;
using test::write_file;

constexpr std::array kTiles{"0/003", "1/000", "0/257.p/208", "1/001.p/1", "2/000.p/1"};

// CVE-2026-56865: one bit in the first, a middle or the last hash of each tile.
TEST_F(ChecksumDatabaseTest, RefusesForgedTiles) {
  serve(log(), kSize);
  for (const auto* const tile : kTiles) {
    const auto path = database() / "tile/8" / tile;
    const auto good = read_file(path);
    for (const auto at : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
      auto forged = good;
      forged[at] ^= 1;
      write_file(path, forged);
      EXPECT_EQ(failure().kind(), ErrorKind::integrity) << tile << " at " << at;
    }
    write_file(path, good);
  }
  EXPECT_EQ(lookup(), kHash);
}

TEST_F(ChecksumDatabaseTest, RefusesTilesOfAnotherWidth) {
  serve(log(), kSize);
  for (const auto* const tile : kTiles) {
    const auto path = database() / "tile/8" / tile;
    const auto good = read_file(path);
    const std::string cases[] = {"", good.substr(0, good.size() - 1), good.substr(32),
                                 good + good.substr(0, 32),
                                 std::string(good.size() == 8192 ? 4096 : 8192, 'x')};
    for (const auto& forged : cases) {
      write_file(path, forged);
      EXPECT_EQ(failure().kind(), ErrorKind::integrity) << tile << ": " << forged.size();
    }
    write_file(path, good);
  }
  EXPECT_EQ(lookup(), kHash);
}

TEST_F(ChecksumDatabaseTest, NamesTheTileThatIsMissing) {
  serve(log(), kSize);
  for (const auto* const tile : kTiles) {
    const auto path = database() / "tile/8" / tile;
    const auto good = read_file(path);
    std::filesystem::remove(path);
    const auto error = failure();
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_NE(error.text().find(tile), std::string::npos) << error.text();
    write_file(path, good);
  }
}

// A database drops partial tiles once the full ones are there; a module cache has those that Go once needed.
TEST_F(ChecksumDatabaseTest, TakesThePartOfALaterTile) {
  log().publish_tiles(database(), kSize);
  for (const std::uint64_t size :
       {std::uint64_t{1001}, std::uint64_t{1024}, std::uint64_t{30'000}, kSize - 100}) {
    std::filesystem::remove_all(temp_.path() / "state");
    serve_lookup(log().answer(kId, size));
    EXPECT_EQ(lookup(), kHash) << size;
    EXPECT_EQ(read_file(state_file()), log().head(size));
  }
}

TEST_F(ChecksumDatabaseTest, RefusesAForgedLaterTile) {
  log().publish_tiles(database(), kSize);
  serve_lookup(log().answer(kId, kSize - 100));
  const auto path = database() / "tile/8/0/257.p/208";
  auto forged = read_file(path);
  forged[0] ^= 1;
  write_file(path, forged);
  EXPECT_EQ(failure().kind(), ErrorKind::integrity);
}

}  // namespace
}  // namespace gopack::source
