#include "gopack/digest/note.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"
#include "support/signing_key.hpp"

namespace gopack::digest {
namespace {

using test::SigningKey;

constexpr const char* kText = "a text\nof two lines\n";

ErrorKind kind_of(const NoteVerifier& verifier, const std::string& note) {
  try {
    verifier.open(note);
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "was opened: " << note;
  return ErrorKind::failed;
}

TEST(NoteVerifier, OpensANoteOfItsKey) {
  const SigningKey key("log.example.org");
  const auto verifier = NoteVerifier::parse(key.verifier());
  EXPECT_EQ(verifier.name(), "log.example.org");
  EXPECT_EQ(verifier.open(key.sign(kText)), kText);
}

// A tree head that the Go checksum database published.
TEST(NoteVerifier, OpensANoteOfTheChecksumDatabase) {
  const auto verifier =
      NoteVerifier::parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
  const std::string text = "go.sum database tree\n71610150\n2GdqKpa3KsSJ+cjnJXCX2UdyPvRHJftEVzMYhpfpKB8=\n";
  const std::string signature =
      "\xe2\x80\x94 sum.golang.org "
      "Az3gri1tM5CbxeaeEm2i5Sma08VB4ocPb7tkTqaD7NVveHQhazrU4ZbapYC0YK0n7r7Y0C/L7dIfXlE88XWCdfbyaww=\n";
  EXPECT_EQ(verifier.open(text + "\n" + signature), text);
}

TEST(NoteVerifier, PassesOverSignaturesOfOthers) {
  const SigningKey key("log.example.org");
  const SigningKey witness("witness.example.org", 2);
  const auto verifier = NoteVerifier::parse(key.verifier());
  EXPECT_EQ(verifier.open(witness.sign(kText) + key.signature_line(kText)), kText);
  EXPECT_EQ(verifier.open(key.sign(kText) + witness.signature_line(kText)), kText);
}

TEST(NoteVerifier, RefusesWhatItsKeyDidNotSign) {
  const SigningKey key("log.example.org");
  const auto verifier = NoteVerifier::parse(key.verifier());
  const auto note = key.sign(kText);
  const std::string cases[] = {
      SigningKey("other.example.org").sign(kText),   // another name
      SigningKey("log.example.org", 2).sign(kText),  // another key of that name: another id
      "b" + note.substr(1),                          // another text
      std::string(kText) + "\n" + key.signature_line("another text\n"),  // another text's signature
      note + key.signature_line("another text\n"),                       // a good one and a bad one
  };
  for (const auto& changed : cases) EXPECT_EQ(kind_of(verifier, changed), ErrorKind::integrity);
}

TEST(NoteVerifier, RefusesMalformedNotes) {
  const SigningKey key("log.example.org");
  const auto verifier = NoteVerifier::parse(key.verifier());
  const auto note = key.sign(kText);
  const std::string cases[] = {
      "",
      kText,
      std::string(kText) + "\n",
      note.substr(0, note.size() - 1),  // no newline at the end
      note + "more text\n",
      note + "\nmore text\n",
      "\xe2\x80\x94 log.example.org AAAA\n\n" + note.substr(0, 10),
      key.sign("a control character \x01\n"),
      key.sign("a carriage return\r\n"),
      std::string(kText) + "\n\xe2\x80\x94 log.example.org !!!!\n",
      std::string(kText) + "\n\xe2\x80\x94 log.example.org\n",
  };
  for (const auto& changed : cases) EXPECT_EQ(kind_of(verifier, changed), ErrorKind::integrity) << changed;
}

TEST(NoteVerifier, RefusesMalformedKeys) {
  const SigningKey key("log.example.org");
  const auto good = key.verifier();
  const auto data = good.substr(good.rfind('+') + 1);
  const std::string cases[] = {
      "",
      "log.example.org",
      "log.example.org+" + key.id_hex(),
      "+" + key.id_hex() + "+" + data,                   // no name
      "log.example.org+00000000+" + data,                // the id of another key
      "log.example.org+0+" + data,                       // a short id
      "other.example.org+" + key.id_hex() + "+" + data,  // the id covers the name
      "log.example.org+" + key.id_hex() + "+AA==",       // no such algorithm
      "log.example.org+" + key.id_hex() + "+" + data + "!",
  };
  for (const auto& text : cases) {
    try {
      NoteVerifier::parse(text);
      ADD_FAILURE() << "was parsed: " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << text;
    }
  }
}

}  // namespace
}  // namespace gopack::digest
