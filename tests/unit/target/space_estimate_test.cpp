#include "gopack/target/space_estimate.hpp"

#include <gtest/gtest.h>

#include "gopack/digest/sha256.hpp"
#include "support/thrown.hpp"

namespace gopack::target {
namespace {

constexpr std::uint64_t kMuch = 1'000'000'000;

TEST(SpaceEstimateTest, RoundsFilesUpToBlocks) {
  SpaceEstimate estimate({.available = kMuch, .block_size = 4096, .files = kMuch});
  estimate.add_file(1);
  estimate.add_file(4096);
  estimate.add_file(4097);
  EXPECT_EQ(estimate.bytes(), 4u * 4096);
}

TEST(SpaceEstimateTest, CountsDirectoriesOfATreeOnce) {
  SpaceEstimate estimate({.available = kMuch, .block_size = 4096, .files = kMuch});
  auto tree = estimate.for_tree();
  tree.add(tree::RelPath("src/fmt/print.go"), 5000);
  tree.add(tree::RelPath("src/fmt/scan.go"), 1);
  tree.add(tree::RelPath("src/fmt/scan.go"), 1);     // the same file
  EXPECT_EQ(tree.files(), 2u + 3);                   // "", src, src/fmt
  EXPECT_EQ(tree.bytes(), (2u + 1 + 3 + 1) * 4096);  // contents, directories, lines of manifest and checksums
}

TEST(SpaceEstimateTest, BeginsATreeWithFiles) {
  SpaceEstimate estimate({.available = kMuch, .block_size = 4096, .files = kMuch});
  const std::vector<tree::ManifestFile> files{
      {.path = tree::RelPath("src/fmt/print.go"), .size = 5000, .sha256 = digest::hash("")},
      {.path = tree::RelPath("src/fmt/scan.go"), .size = 1, .sha256 = digest::hash("")}};
  const auto tree = estimate.for_tree(files);
  EXPECT_EQ(tree.files(), 2u + 3);
  EXPECT_EQ(tree.bytes(), (2u + 1 + 3 + 1) * 4096);
}

TEST(SpaceEstimateTest, NamesBothNumbersWhereRoomIsShort) {
  SpaceEstimate estimate({.available = 1'000'000, .block_size = 65536, .files = kMuch});
  estimate.add_files(10, 1'000'000);
  EXPECT_FALSE(estimate.fits());
  const auto error = test::thrown([&] { estimate.require("bundle into /mnt/stick"); });
  EXPECT_EQ(error.kind(), ErrorKind::noroom);
  EXPECT_EQ(
      error.text(),
      "cannot bundle into /mnt/stick: 1.3 MB are needed there (blocks of 65536 bytes), 1.0 MB are free");
}

TEST(SpaceEstimateTest, CountsInodesWhereTheyAreFew) {
  SpaceEstimate estimate({.available = kMuch, .block_size = 1, .files = 2});
  estimate.add_file(1);
  estimate.add_file(1);
  EXPECT_TRUE(estimate.fits());
  estimate.add_file(1);
  const auto error = test::thrown([&] { estimate.require("fetch"); });
  EXPECT_EQ(error.text(), "cannot fetch: 3 files are to be made there, 2 are possible");
}

}  // namespace
}  // namespace gopack::target
