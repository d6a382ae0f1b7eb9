#include "gopack/digest/base64.hpp"

#include <gtest/gtest.h>

namespace gopack::digest {
namespace {

std::vector<std::uint8_t> bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

TEST(Base64, MatchesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xfb\xff", "+/8="}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64_encode(bytes(plain)), encoded);
    EXPECT_EQ(base64_decode(encoded), bytes(plain));
  }
}

TEST(Base64, RefusesWhatNoEncoderWrites) {
  // Cut off, padding wrong or in the middle, blanks, URL alphabet, bits after the end.
  for (const char* bad : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Zm9v\n", " Zm9v",
                          "Zm 9", "-_8=", "Zh==", "Zm9="}) {
    EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
  }
}

// What the decoder says of a text that comes in pieces of that size.
std::optional<std::vector<std::uint8_t>> decode_in_pieces(std::string_view text, std::size_t size) {
  StringSink sink;
  Base64Decoder decoder(sink);
  for (std::size_t at = 0; at < text.size(); at += size) decoder.write(text.substr(at, size));
  if (!decoder.finish()) return std::nullopt;
  return bytes(sink.text());
}

TEST(Base64, DecodesPiecesAsTheWhole) {
  const std::string all = "Zm9vYmFy+/8AZm9v";
  const char* bad[] = {"Z",        "Zg",     "Zg=",   "Zg===", "=",    "====", "Z===",
                       "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm 9",  "-_8=", "Zh==", "Zm9="};
  for (const std::size_t size : {1, 2, 3, 4, 5, 100}) {
    for (std::size_t length = 0; length <= all.size(); length += 4) {
      EXPECT_EQ(decode_in_pieces(all.substr(0, length), size), base64_decode(all.substr(0, length)));
    }
    for (const char* good : {"Zg==", "Zm8=", "Zm9vYg==", "Zm9vYmE="}) {
      EXPECT_EQ(decode_in_pieces(good, size), base64_decode(good));
    }
    for (const char* text : bad) EXPECT_EQ(decode_in_pieces(text, size), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gopack::digest
