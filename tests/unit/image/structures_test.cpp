// The structures that the specifications fix to the byte.
#include <gtest/gtest.h>

#include <bit>

#include "block_map.hpp"
#include "dos_time.hpp"
#include "gopack/base/error.hpp"
#include "gopack/image/parameters.hpp"
#include "gopack/tree/fold.hpp"
#include "support/thrown.hpp"
#include "upcase.hpp"

namespace gopack::image {
namespace {

using test::thrown;

TEST(Upcase, IsTheRecommendedTableOfTheSpecification) {
  const auto table = upcase_table();
  EXPECT_EQ(table.size(), 5836u);
  std::uint32_t checksum = 0;
  for (const char byte : table) checksum = std::rotr(checksum, 1) + static_cast<unsigned char>(byte);
  EXPECT_EQ(checksum, 0xE619D30D);
  EXPECT_EQ(upcase(u'a'), u'A');
  EXPECT_EQ(upcase(u'ß'), u'ß');
  EXPECT_EQ(upcase(u'ÿ'), u'Ÿ');
  EXPECT_EQ(upcase(u'я'), u'Я');
}

// Else two names could be one to the filesystem that tree::fold() takes for two.
TEST(Upcase, MakesNoTwinsThatFoldingDoesNotFind) {
  const auto to_utf8 = [](char16_t unit) {
    std::string text;
    const auto put_rest = [&](int shift) { text += static_cast<char>(0x80 | (unit >> shift & 0x3F)); };
    if (unit < 0x800) {
      text = static_cast<char>(0xC0 | unit >> 6);
    } else {
      text = static_cast<char>(0xE0 | unit >> 12);
      put_rest(6);
    }
    put_rest(0);
    return text;
  };
  int twins = 0;
  for (char16_t unit = 0x80; unit < 0xFFFF; ++unit) {
    if (upcase(unit) == unit) continue;
    ++twins;
    EXPECT_EQ(tree::fold(to_utf8(unit)), tree::fold(to_utf8(upcase(unit)))) << static_cast<int>(unit);
  }
  EXPECT_GT(twins, 600);
}

TEST(DosTime, CountsFrom1980InStepsOfTwoSecondsAndHundredths) {
  const struct {
    std::int64_t seconds;
    std::uint32_t date_and_time;
    std::uint8_t hundredths;
  } rows[] = {
      {0, 0x00210000, 0},                // 1970: too early
      {315532800, 0x00210000, 0},        // 1980-01-01 00:00:00
      {315532801, 0x00210000, 100},      // one second later
      {1700000000, 0x576EB1AA, 0},       // 2023-11-14 22:13:20
      {951782399, 0x285CBF7D, 100},      // 2000-02-28 23:59:59
      {951782400, 0x285D0000, 0},        // 2000-02-29
      {4354819199, 0xFF9FBF7D, 100},     // 2107-12-31 23:59:59
      {9'000'000'000, 0xFF9FBF7D, 100},  // too late
  };
  for (const auto& row : rows) {
    const auto time = to_dos_time(row.seconds);
    EXPECT_EQ(time.date_and_time, row.date_and_time) << row.seconds;
    EXPECT_EQ(time.hundredths, row.hundredths) << row.seconds;
  }
}

TEST(BlockMap, NamesRangesAndHashesItself) {
  Outline outline;
  outline.bytes = 8 << 20;
  outline.mapped = {{0, 3 * kMapBlock}, {2040 * kMapBlock, 8 * kMapBlock}};
  const auto text = block_map(outline, {digest::hash("first"), digest::hash("second")});
  EXPECT_NE(text.find("<MappedBlocksCount> 11 </MappedBlocksCount>"), std::string::npos);
  EXPECT_NE(text.find(digest::hash("first").hex() + "\"> 0-2 </Range>"), std::string::npos);
  EXPECT_NE(text.find(digest::hash("second").hex() + "\"> 2040-2047 </Range>"), std::string::npos);
  const std::string mark = "<BmapFileChecksum> ";
  const auto at = text.find(mark) + mark.size();
  auto zeroed = text;
  zeroed.replace(at, 64, 64, '0');
  EXPECT_EQ(text.substr(at, 64), digest::hash(zeroed).hex());
}

TEST(Parameters, SizesAreWordsOfACommandLine) {
  EXPECT_EQ(parse_size("min").kind, Size::Kind::least);
  EXPECT_EQ(parse_size("8G").bytes, 8ULL << 30);
  EXPECT_EQ(parse_size("8GB").bytes, 8'000'000'000u);
  EXPECT_EQ(parse_size("8GB").kind, Size::Kind::whole);
  EXPECT_EQ(parse_size("+500M").kind, Size::Kind::room);
  EXPECT_EQ(parse_size("+500M").bytes, 500ULL << 20);
  EXPECT_EQ(parse_size("1048576").bytes, 1048576u);
  for (const auto* wrong : {"", "0", "+", "-1", "8X", "8 G", "G", "99999999999999999999", "9999999999T"})
    EXPECT_EQ(thrown([&] { parse_size(wrong); }).kind(), ErrorKind::usage) << wrong;
}

TEST(Parameters, ClustersArePowersOfTwo) {
  EXPECT_EQ(parse_cluster_size("512"), 512u);
  EXPECT_EQ(parse_cluster_size("4K"), 4096u);
  EXPECT_EQ(parse_cluster_size("32M"), 32u << 20);
  for (const auto* wrong : {"256", "64M", "3K", "4KB", "", "min"})
    EXPECT_EQ(thrown([&] { parse_cluster_size(wrong); }).kind(), ErrorKind::usage) << wrong;
}

TEST(Parameters, LabelsAreAsciiOfElevenCharacters) {
  EXPECT_EQ(parse_label(""), "");
  EXPECT_EQ(parse_label("Go 1-26_x86"), "Go 1-26_x86");
  for (const auto* wrong : {"twelve chars", "é", "a/b", " a", "a "})
    EXPECT_EQ(thrown([&] { parse_label(wrong); }).kind(), ErrorKind::usage) << wrong;
}

}  // namespace
}  // namespace gopack::image
