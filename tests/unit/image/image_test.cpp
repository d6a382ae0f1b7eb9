#include "gopack/image/image.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"
#include "gopack/image/image_file.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::image {
namespace {

using test::TempDir;
using test::thrown;
using tree::RelPath;

constexpr std::int64_t kTime = 1'700'000'000;

tree::FileList small_list() {
  tree::FileList list;
  list.add_text(RelPath("go.sh"), "#!/bin/sh\n", kTime);
  list.add_text(RelPath("v_0123456789abcdef/src/fmt/print.go"), std::string(10'000, 'p'), kTime - 1);
  list.add_text(RelPath("v_0123456789abcdef/src/äöü-a_name_longer_than_fifteen_units.go"), "", kTime);
  list.add_text(RelPath("current.txt"), "v_0123456789abcdef\n", kTime);
  return list;
}

Parameters least() {
  Parameters parameters;
  parameters.size.kind = Size::Kind::least;
  return parameters;
}

std::string bytes_of(Image& image) {
  StringSink sink;
  const auto source = image.open({});
  copy(*source, sink);
  return sink.text();
}

Error refusal(const Parameters& parameters, tree::FileList list = small_list()) {
  return thrown([&] { Image(parameters, std::move(list)); });
}

// Bits that golden images are made of do not change without being told.
TEST(Image, HasGoldenDigests) {
  Image image(least(), small_list());
  EXPECT_EQ(digest::hash(bytes_of(image)).hex(),
            "990dfdb6db57e9232158276d84fb800378942a188fa79d04ebb1b96354edde0d");
  auto bare = least();
  bare.partition_table = PartitionTable::none;
  bare.cluster_size = 512;
  bare.label = "";
  Image other(bare, small_list());
  EXPECT_EQ(digest::hash(bytes_of(other)).hex(),
            "2fbc0e924e1dab38ad9a564c583c04cf20723f9bf4b03f6f593634c5b500a1a8");
}

TEST(Image, HasGoldenDigestsOnFat32) {
  auto parameters = least();
  parameters.filesystem = Filesystem::fat32;
  parameters.partition_table = PartitionTable::gpt;
  parameters.cluster_size = 512;
  Image image(parameters, small_list());
  EXPECT_EQ(image.outline().mapped.size(), 2u);
  EXPECT_EQ(digest::hash(bytes_of(image)).hex(),
            "7e1c4b2b31f2a1ede171c76fbbfb5b6cc1f02407064ac2f6e662d7b71b6762b6");
}

// exFAT's own bitmap takes a million of them.
TEST(Image, RefusesFilesThatTakeAllClusters) {
  auto parameters = least();
  parameters.cluster_size = 512;
  TempDir dir;
  const std::uint64_t bytes = ((std::uint64_t{1} << 32) - 1000) * 512;
  tree::FileList list;
  list.add_below(Dir::open(dir.path()), "v_0", {{RelPath("large"), false, bytes, {}}}, kTime);
  EXPECT_NE(refusal(parameters, std::move(list)).text().find("clusters of 512 bytes cannot address"),
            std::string::npos);
}

// The specification warns of programs that count wrong near 65,525 clusters, where FAT16 begins.
TEST(Image, StaysAwayFromTheBorderOfFat32) {
  auto parameters = least();
  parameters.filesystem = Filesystem::fat32;
  for (const auto* cluster : {"512", "1K", "4K", "64K"}) {
    parameters.cluster_size = parse_cluster_size(cluster);
    EXPECT_GE(Image(parameters, small_list()).outline().cluster_count, 65'525u + 16) << cluster;
  }
}

TEST(Image, RefusesWhatFat32DoesNotHave) {
  auto parameters = least();
  parameters.filesystem = Filesystem::fat32;
  parameters.cluster_size = 128 << 10;
  EXPECT_NE(refusal(parameters).text().find("clusters of at most 65536 bytes"), std::string::npos);
  parameters.cluster_size = 64 << 10;
  parameters.partition_table = PartitionTable::none;
  parameters.size = {Size::Kind::whole, 3ULL << 40};
  EXPECT_NE(refusal(parameters).text().find("volumes of at most"), std::string::npos);
  parameters.size = {Size::Kind::whole, 64 << 20};
  EXPECT_NE(refusal(parameters).text().find("are needed"), std::string::npos);  // of 65,525 clusters

  parameters = least();
  parameters.filesystem = Filesystem::fat32;
  TempDir dir;
  Dir::open(dir.path()).create_file("large").truncate(4ULL << 30);
  tree::FileList list;
  list.add_below(Dir::open(dir.path()), "v_0", {{RelPath("large"), false, 4ULL << 30, {}}}, kTime);
  const auto error = refusal(parameters, std::move(list));
  EXPECT_EQ(error.kind(), ErrorKind::noroom);
  EXPECT_NE(error.text().find("v_0/large has 4294967296"), std::string::npos) << error.text();

  tree::FileList many;
  for (int i = 0; i < 33'000; ++i) many.add_text(RelPath("v_0/" + std::to_string(i) + ".go"), "", kTime);
  EXPECT_NE(refusal(parameters, std::move(many)).text().find("directories of at most 2097152 bytes"),
            std::string::npos);
}

TEST(Image, FollowsFromItsFilesWhateverTheirOrder) {
  tree::FileList reversed;
  reversed.add_text(RelPath("current.txt"), "v_0123456789abcdef\n", kTime);
  reversed.add_text(RelPath("v_0123456789abcdef/src/äöü-a_name_longer_than_fifteen_units.go"), "", kTime);
  reversed.add_text(RelPath("v_0123456789abcdef/src/fmt/print.go"), std::string(10'000, 'p'), kTime - 1);
  reversed.add_text(RelPath("go.sh"), "#!/bin/sh\n", kTime);
  Image one(least(), small_list());
  Image two(least(), std::move(reversed));
  EXPECT_EQ(bytes_of(one), bytes_of(two));
  auto list = small_list();
  list.add_text(RelPath("more.txt"), "", kTime);
  Image three(least(), std::move(list));
  EXPECT_NE(one.outline().volume_serial, three.outline().volume_serial);
  EXPECT_NE(one.outline().disk_id, three.outline().disk_id);
}

TEST(Image, IsAsLargeAsItIsAskedToBe) {
  const auto size_of = [](const std::string& size) {
    Parameters parameters;
    parameters.size = parse_size(size);
    return Image(parameters, small_list()).outline();
  };
  const auto smallest = size_of("min");
  EXPECT_EQ(smallest.bytes % (1 << 20), 0u);
  EXPECT_LE(smallest.bytes, 4u << 20);
  EXPECT_EQ(size_of("64M").bytes, 64u << 20);
  EXPECT_EQ(size_of("64MB").bytes, 61u << 20);
  EXPECT_EQ(size_of("+64M").bytes, smallest.bytes + (64u << 20));
  const auto large = size_of("2TB");
  EXPECT_EQ(large.bytes, 2'000'000'000'000 / (1 << 20) * (1 << 20));
  EXPECT_GT(large.cluster_count, 487'000'000u);
  EXPECT_EQ(large.mapped.size(), 1u);
}

TEST(Image, RefusesWhatIsNoSuchImage) {
  auto parameters = least();
  parameters.size = {Size::Kind::whole, 2 << 20};
  EXPECT_EQ(refusal(parameters).kind(), ErrorKind::noroom);
  parameters.size = {Size::Kind::whole, 4ULL << 40};
  EXPECT_NE(refusal(parameters).text().find("more than 2 TiB"), std::string::npos);
  parameters.partition_table = PartitionTable::none;
  parameters.cluster_size = 512;
  EXPECT_NE(refusal(parameters).text().find("clusters of 512 bytes cannot address"), std::string::npos);
  for (const auto* twin : {"GO.sh", "V_0123456789abcdef/src/a.go", "v_0123456789abcdef/src/ÄÖÜ/x",
                           "v_0123456789abcdef/src/fmt/PRINT.go", "go.sh/a"}) {
    auto list = small_list();
    list.add_text(RelPath("v_0123456789abcdef/src/äöü/y"), "", kTime);
    list.add_text(RelPath(twin), "", kTime);
    const auto error = refusal(least(), std::move(list));
    EXPECT_EQ(error.kind(), ErrorKind::noroom);
    EXPECT_NE(error.text().find("would be one file"), std::string::npos) << twin;
  }
}

TEST(Image, IsNotMadeOfAFileThatHasChanged) {
  TempDir dir;
  test::write_file(dir.path() / "a.go", "package a\n");
  test::write_file(dir.path() / "b.go", "package b\n");
  const std::vector<tree::ManifestFile> files = {{RelPath("a.go"), false, 10, digest::hash("package a\n")},
                                                 {RelPath("b.go"), false, 10, digest::hash("package c\n")}};
  tree::FileList list;
  list.add_below(Dir::open(dir.path()), "v_0", files, kTime);
  Image image(least(), std::move(list));
  const auto out = dir.path() / "x.img";
  SilentReporter silent;
  const auto error = thrown(
      [&] { write_image_file(image, out, {.describe = [](const ImageDigests&) { return ""; }}, {silent}); });
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  EXPECT_NE(error.text().find("v_0/b.go"), std::string::npos);
  EXPECT_EQ(Dir::open(dir.path()).names(), (std::vector<std::string>{"a.go", "b.go"}));
}

TEST(Image, AsAFileIsWhatItsStreamIs) {
  TempDir dir;
  Parameters parameters;
  parameters.size = parse_size("16M");
  Image image(parameters, small_list());
  const auto out = dir.path() / "x.img";
  SilentReporter silent;
  const auto digests = write_image_file(
      image, out, {.describe = [](const ImageDigests&) { return "{}\n"; }, .sync = true}, {silent});
  const auto text = test::read_file(out);
  EXPECT_EQ(text.size(), 16u << 20);
  EXPECT_EQ(digest::hash(text), digests.whole);
  EXPECT_EQ(text, bytes_of(image));
  EXPECT_EQ(text.find_first_not_of('\0', image.outline().mapped_bytes()), std::string::npos);
  EXPECT_EQ(test::read_file(dir.path() / "x.img.sha256"), digests.whole.hex() + "  x.img\n");
  EXPECT_EQ(test::read_file(dir.path() / "x.img.json"), "{}\n");
  StringSink pipe;
  write_image(image, pipe, "x", {silent});
  EXPECT_EQ(pipe.text(), text);
}

}  // namespace
}  // namespace gopack::image
