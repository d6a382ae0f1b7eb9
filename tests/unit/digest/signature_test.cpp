#include "gopack/digest/signature.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "gopack/base/error.hpp"

namespace gopack::digest {
namespace {

// Made by minisign 0.11: -G -W, then -S -t "gopack test" of kLine.
constexpr const char* kLine = "one line\n";
constexpr const char* kTheirKey =
    "untrusted comment: minisign public key 632110262CA0A458\n"
    "RWRYpKAsJhAhY2bCuDoKaI7zSE1IClZcRxK8MI8ZYtuXmlBNLr4Y+ny6\n";
constexpr const char* kTheirSignature =
    "untrusted comment: signature from minisign secret key\n"
    "RURYpKAsJhAhYyDXEQStLwZC9uC6sVDfPV3jnsYwOWoMjPPYhtjvYE20NzAiozmhiJi/"
    "qWLmRMZAN28Htt6g7MKSW7m9b58JCws=\n"
    "trusted comment: gopack test\n"
    "0ew5/+RAZtcne6GH5gUk4spnO+q180VduujtiV0IAfHy4Pziko+WAK9CS9DyaHupxIFdzAfMaT7XpxQJMLWoCg==\n";

std::string fault_of(std::string_view text, std::string_view signature, const std::vector<PublicKey>& keys) {
  try {
    open_signature(text, signature, keys);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::integrity);
    return error.text();
  }
  ADD_FAILURE() << "was opened: " << signature;
  return {};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Signature, OfMinisignHolds) {
  const auto key = PublicKey::parse(kTheirKey);
  EXPECT_EQ(key.id(), "632110262CA0A458");
  EXPECT_EQ(key.text(), kTheirKey);
  EXPECT_EQ(open_signature(kLine, kTheirSignature, std::vector{key}), "gopack test");
  std::string lines = kTheirSignature;  // as an editor on Windows saves it
  for (auto at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 2))
    lines.insert(at, "\r");
  EXPECT_EQ(open_signature(kLine, lines, std::vector{key}), "gopack test");
}

TEST(Signature, TellsWhatIsWrong) {
  const std::vector keys{PublicKey::parse(kTheirKey)};
  const std::string signature = kTheirSignature;
  EXPECT_EQ(fault_of("another\n", signature, keys),
            "its signature by the key 632110262CA0A458 does not hold");
  EXPECT_EQ(fault_of(kLine, replaced(signature, "gopack test", "gopack Test"), keys),
            "its signature by the key 632110262CA0A458 does not hold");
  EXPECT_EQ(fault_of(kLine, signature, {SecretKey::generate().public_key()}),
            "it is signed by the key 632110262CA0A458, which is not trusted");
  for (const auto& unreadable :
       {std::string(), std::string("x"), signature.substr(0, signature.find("trusted c")),
        replaced(signature, "RURY", "RWRY"), replaced(signature, "0ew5/", "!ew5/"), signature + "more\n"}) {
    EXPECT_EQ(fault_of(kLine, unreadable, keys), "its signature is not in minisign's format");
  }
}

TEST(Signature, OfAKeyOfOurs) {
  const auto key = SecretKey::generate();
  const auto again = SecretKey::parse(key.pem());
  EXPECT_EQ(again.public_key(), key.public_key());
  EXPECT_EQ(again.sign_text(kLine, "a comment"), key.sign_text(kLine, "a comment"));
  const std::vector keys{PublicKey::parse(kTheirKey), PublicKey::parse(key.public_key().text())};
  EXPECT_EQ(open_signature(kLine, key.sign_text(kLine, "a comment"), keys), "a comment");
  EXPECT_TRUE(key.public_key().verifies(kLine, key.sign(kLine)));
  EXPECT_FALSE(key.public_key().verifies("another", key.sign(kLine)));
}

TEST(Signature, KeysOfOthersAreRefused) {
  for (const std::string text : {"", "x", "untrusted comment: a\n", "RWRY", "-----BEGIN PUBLIC KEY-----\n"})
    EXPECT_THROW(PublicKey::parse(text), Error) << text;
  for (const std::string text :
       {"", "x", kTheirKey, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
    EXPECT_THROW(SecretKey::parse(text), Error) << text;
}

}  // namespace
}  // namespace gopack::digest
