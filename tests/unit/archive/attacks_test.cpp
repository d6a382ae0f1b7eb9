// Every row of the attack table, refused; what looks odd but does no harm, accepted.
#include "support/attacks.hpp"

#include <set>

#include "unpack_fixture.hpp"

namespace gopack::archive {
namespace {

void expect_refused_by(tree::TreeSink& sink, const test::Attack& attack) {
  SCOPED_TRACE(attack.row + ": " + attack.what);
  auto file = test::scratch_file(attack.bytes, kArchiveName);
  const auto error = test::thrown([&] { unpack(file, {attack.root, {}}, sink, {}); });
  EXPECT_EQ(error.kind(), ErrorKind::unsafe) << error.text();
  EXPECT_FALSE(error.hint().empty());
  EXPECT_EQ(printable(error.text()), error.text());
  EXPECT_NE(error.text().find(kArchiveName), std::string::npos) << error.text();
  for (const auto& word : attack.words) {
    EXPECT_NE(error.text().find(word), std::string::npos) << error.text() << "\nhas no: " << word;
  }
}

// Whether its files are kept or dropped unread.
void expect_attack_refused(const test::Attack& attack) {
  tree::MemoryTree tree;
  expect_refused_by(tree, attack);
  FunctionSink nowhere([](const tree::Entry&, ByteSource&) {});
  expect_refused_by(nowhere, attack);
}

// M2, what a module's hash does not cover, is release.SdkLayout's: executable bits come from the path.
TEST(Attacks, EveryRowIsRefused) {
  std::set<std::string> rows = {"M2"};
  for (const auto& attacks : {test::tar_attacks(), test::stream_attacks(), test::zip_attacks()}) {
    for (const auto& attack : attacks) {
      rows.insert(attack.row);
      expect_attack_refused(attack);
    }
  }
  for (const auto& archive : test::harmless_archives()) rows.insert(archive.row);
  for (const auto& [letter, count] : {std::pair("A", 32), std::pair("Z", 15), std::pair("M", 2)}) {
    for (int i = 1; i <= count; ++i) EXPECT_EQ(rows.count(letter + std::to_string(i)), 1u) << letter << i;
  }
}

TEST(Attacks, WhatDoesNoHarmIsAccepted) {
  for (const auto& archive : test::harmless_archives()) {
    SCOPED_TRACE(archive.row + ": " + archive.what);
    EXPECT_EQ(unpacked(archive.bytes).count("VERSION"), 1u);
  }
}

}  // namespace
}  // namespace gopack::archive
