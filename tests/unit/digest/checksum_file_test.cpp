#include "gopack/digest/checksum_file.hpp"

#include <gtest/gtest.h>

namespace gopack::digest {
namespace {

const std::string kHex(64, 'a');
const std::string kOtherHex(64, 'b');

TEST(ChecksumFile, HoldsADigestAloneOrBeforeAName) {
  const auto expected = Sha256::try_parse(kHex);
  ASSERT_TRUE(expected);
  EXPECT_EQ(parse_checksum_file(kHex), expected);
  EXPECT_EQ(parse_checksum_file(kHex + "\n"), expected);
  EXPECT_EQ(parse_checksum_file(kHex + "  go1.22.5.linux-amd64.tar.gz\n"), expected);
  EXPECT_EQ(parse_checksum_file(kHex + "\r\n"), expected);
}

TEST(ChecksumFile, IsNothingElse) {
  EXPECT_FALSE(parse_checksum_file(""));
  EXPECT_FALSE(parse_checksum_file(kHex.substr(1)));
  EXPECT_FALSE(parse_checksum_file(kHex + "a"));
  EXPECT_FALSE(parse_checksum_file("<!DOCTYPE html>\n<html>" + kHex + "</html>"));
}

TEST(ChecksumList, MapsNamesToDigests) {
  const auto digests = parse_checksum_list("# comment\n" + kHex + "  a name\n" + kOtherHex + " *b\r\n" +
                                           kHex + "\n" + kOtherHex + "  c");
  EXPECT_EQ(digests.size(), 3u);
  EXPECT_EQ(digests.at("a name"), Sha256::try_parse(kHex));
  EXPECT_EQ(digests.at("b"), Sha256::try_parse(kOtherHex));
  EXPECT_EQ(digests.at("c"), Sha256::try_parse(kOtherHex));
}

}  // namespace
}  // namespace gopack::digest
