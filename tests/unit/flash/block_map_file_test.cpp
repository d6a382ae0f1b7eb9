// Block maps as gopack and bmaptool write them, and what is not taken for one.
#include "block_map_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gopack::flash {
namespace {

const auto kSha256 = digest::hash("a range").hex();

std::string ranges() {
  return "<Range chksum=\"" + kSha256 + "\"> 0-1 </Range>\n<Range chksum=\"" + kSha256 + "\">5</Range>\n";
}

// With the checksum that it should have.
std::string map_of(const std::string& size, const std::string& ranges, const std::string& type = "sha256",
                   const std::string& block = "4096") {
  const auto with = [&](const std::string& checksum) {
    return "<?xml version=\"1.0\" ?>\n<!-- a comment -->\n<bmap version=\"2.0\">\n<ImageSize> " + size +
           " </ImageSize>\n<BlockSize> " + block + " </BlockSize>\n<ChecksumType> " + type +
           " </ChecksumType>\n<BmapFileChecksum> " + checksum + " </BmapFileChecksum>\n<BlockMap>\n" +
           ranges + "</BlockMap>\n</bmap>\n";
  };
  return with(digest::hash(with(std::string(64, '0'))).hex());
}

TEST(BlockMapFile, IsRead) {
  const auto map = parse_block_map(map_of("22000", ranges()));
  ASSERT_TRUE(map);
  EXPECT_EQ(map->bytes, 22000u);
  ASSERT_EQ(map->ranges.size(), 2u);
  EXPECT_EQ(map->ranges[0].begin, 0u);
  EXPECT_EQ(map->ranges[0].bytes, 8192u);
  EXPECT_EQ(map->ranges[0].sha256->hex(), kSha256);
  EXPECT_EQ(map->ranges[1].begin, 20480u);
  EXPECT_EQ(map->ranges[1].bytes, 22000u - 20480u);  // the image ends within the block
}

TEST(BlockMapFile, IsNotTakenWhenItIsNotWholeOrNotSound) {
  const auto range = [](const std::string& blocks, const std::string& sha256 = kSha256) {
    return "<Range chksum=\"" + sha256 + "\"> " + blocks + " </Range>\n";
  };
  auto changed = map_of("22000", ranges());
  changed.replace(changed.find("0-1"), 3, "0-2");
  for (const auto& text :
       {std::string(), std::string("<bmap"), changed, map_of("0", ranges()), map_of("22000", ""),
        map_of("-1", ranges()), map_of("22000", ranges(), "sha1"), map_of("22000", ranges(), "sha256", "0"),
        map_of("18446744073709551615", ranges()), map_of("22000", range("0-6")),
        map_of("22000", range("2-1")), map_of("22000", range("1-3") + range("3-4")),
        map_of("22000", range("4") + range("1")), map_of("22000", range("0", "abc")),
        map_of("22000", range("x")), map_of("22000", "<Range> 0-1 </Range>"),
        map_of("22000", range("0") + "<Range chksum=\""), map_of("22000", range("18446744073709551615"))}) {
    EXPECT_FALSE(parse_block_map(text)) << text;
  }
}

}  // namespace
}  // namespace gopack::flash
