#include "gopack/source/checksum_database.hpp"

#include "checksum_database_fixture.hpp"

namespace gopack::source {
namespace {

using test::read_file;
using test::write_file;

TEST_F(ChecksumDatabaseTest, ProvesAModuleAndRemembersTheTree) {
  serve(log(), kSize);
  EXPECT_EQ(lookup(), kHash);
  EXPECT_EQ(read_file(state_file()), log().head(kSize));
}

TEST_F(ChecksumDatabaseTest, GoesOnFromAnOlderAndFromANewerTree) {
  serve(log(), 1001);
  EXPECT_EQ(lookup(), kHash);
  serve(log(), kSize);
  EXPECT_EQ(lookup(), kHash);
  EXPECT_EQ(read_file(state_file()), log().head(kSize));
  serve_lookup(log().answer(kId, 30'000));
  EXPECT_EQ(lookup(), kHash);
  EXPECT_EQ(read_file(state_file()), log().head(kSize));
}

TEST_F(ChecksumDatabaseTest, AsksTheProxiesInOrderThenTheDatabase) {
  serve(log(), kSize);
  const auto proxy = go_.goproxy;
  const auto empty = "file://" + (temp_.path() / "empty").string();
  go_.goproxy = empty + "," + proxy;
  EXPECT_EQ(lookup(), kHash);
  go_.goproxy = empty + "|direct," + proxy;
  EXPECT_EQ(lookup(), kHash);
  go_.goproxy = "off," + proxy;
  EXPECT_EQ(failure().kind(), ErrorKind::unreachable);
  std::filesystem::rename(database(), temp_.path() / "direct");
  EXPECT_EQ(lookup(), kHash);
}

// Tiles and lookup need not come from the same place: what they say is proved.
TEST_F(ChecksumDatabaseTest, TakesTilesFromWhereTheyAre) {
  serve(log(), kSize);
  std::filesystem::create_directories(temp_.path() / "direct");
  std::filesystem::rename(database() / "tile", temp_.path() / "direct/tile");
  EXPECT_EQ(lookup(), kHash);
}

TEST_F(ChecksumDatabaseTest, SaysWhenNobodyKnowsTheModule) {
  EXPECT_EQ(failure().kind(), ErrorKind::unreachable);
}

TEST_F(ChecksumDatabaseTest, IsNotAskedWhereTheUserSaysSo) {
  const auto covers = [&](const std::string& module) {
    return ChecksumDatabase(go_, transport_, Dir::open(temp_.path())).covers(module);
  };
  EXPECT_TRUE(covers("example.org/Module"));
  go_.gonosumdb = "corp.example.org,example.org/*";
  EXPECT_FALSE(covers("example.org/Module"));
  EXPECT_TRUE(covers("golang.org/toolchain"));
  go_.gosumdb = "off";
  EXPECT_FALSE(covers("golang.org/toolchain"));
  EXPECT_EQ(failure().kind(), ErrorKind::usage);
}

TEST_F(ChecksumDatabaseTest, KnowsTheDatabaseByNameOrByKey) {
  const auto name_of = [&](const std::string& gosumdb) {
    go_.gosumdb = gosumdb;
    return ChecksumDatabase(go_, transport_, Dir::open(temp_.path())).name();
  };
  EXPECT_EQ(name_of(""), "checksum database sum.golang.org");
  EXPECT_EQ(name_of("sum.golang.org"), "checksum database sum.golang.org");
  EXPECT_EQ(name_of("sum.golang.google.cn"), "checksum database sum.golang.org");
  EXPECT_EQ(name_of("sum.golang.org https://sum.example.org"), "checksum database sum.golang.org");
  EXPECT_EQ(name_of(log().key().verifier()), "checksum database log.example.org");
  for (const auto* const wrong :
       {"log.example.org", "log.example.org+00000000+AQ==", "a b c", "sum.golang.org sum"}) {
    EXPECT_THROW(name_of(wrong), Error) << wrong;
  }
}

TEST_F(ChecksumDatabaseTest, RefusesAnswersThatAreNone) {
  serve(log(), kSize);
  const auto good = log().answer(kId, kSize);
  const std::string cases[] = {
      "",
      "\n",
      "1000\n",
      "<!DOCTYPE html><html>Please log in</html>",
      "x" + good,
      "-" + good,
      "0" + good,
      good.substr(good.find('\n') + 1),                          // no number
      "1000\n" + record(),                                       // no note
      "1000\n" + record() + "\n" + log().head_text(kSize),       // not signed
      "1000\n\n" + log().head(kSize),                            // no record
      "1000\n" + record() + "\n" + log().key().sign("hello\n"),  // signed, but no tree head
      "1000\n" + record() + "\n" + log().key().sign("go.sum database tree\n"),
      "1000\n" + record() + "\n" + log().key().sign("go.sum database tree\n-1\nAA==\n"),
  };
  for (const auto& body : cases) {
    serve_lookup(body);
    EXPECT_EQ(failure().kind(), ErrorKind::integrity) << body;
  }
}

TEST_F(ChecksumDatabaseTest, RefusesNotesOfAnotherKey) {
  serve(make_log(2000, "filler", 2), 2000);  // of the same name, with another id
  EXPECT_EQ(failure().kind(), ErrorKind::integrity);
  auto renamed = log().answer(kId, kSize);
  renamed.replace(renamed.rfind("log.example.org"), 3, "sum");
  serve_lookup(renamed);
  EXPECT_EQ(failure().kind(), ErrorKind::integrity);
  auto changed = log().answer(kId, kSize);
  changed.replace(changed.find("66000"), 5, "66001");
  serve_lookup(changed);
  EXPECT_EQ(failure().kind(), ErrorKind::integrity);
}

// CVE-2026-42501: a proved record that does not speak of the module is no proof.
TEST_F(ChecksumDatabaseTest, RefusesAProvedRecordOfSomethingElse) {
  auto other = make_log(2000, "filler");
  for (const auto& text : {line("example.org/Other", kVersion, kHash), line(kModule, "v1.2.30", kHash),
                           line(kModule, "v1.2.3/go.mod", kHash), line(kModule, kVersion, "h2:AAAA"),
                           std::string("example.org/Module v1.2.3\n")}) {
    const auto id = other.add(text);
    std::filesystem::remove_all(temp_.path() / "state");
    other.publish_tiles(database(), other.size());
    serve_lookup(other.answer(id, other.size()));
    const auto error = failure();
    EXPECT_EQ(error.kind(), ErrorKind::integrity);
    EXPECT_NE(error.text().find("does not speak of it"), std::string::npos) << error.text();
  }
}

// CVE-2026-56864: only the record is proved, not what stands around it.
TEST_F(ChecksumDatabaseTest, RefusesLinesOutsideTheRecord) {
  serve(log(), kSize);
  const auto forged = line(kModule, kVersion, kForged);
  const auto filler = log().answer(5, kSize);
  const auto note = filler.find("\n\n") + 2;
  const std::string cases[] = {
      filler + forged,
      filler + "\n" + forged,
      filler.substr(0, note) + forged + filler.substr(note),
      filler.substr(0, note) + forged + "\n" + filler.substr(note),
      filler.substr(0, filler.find('\n') + 1) + forged + filler.substr(filler.find('\n') + 1),
      forged + filler,
  };
  for (const auto& body : cases) {
    serve_lookup(body);
    EXPECT_EQ(failure().kind(), ErrorKind::integrity) << body;
  }
  // Signed, but as a part of the tree head.
  serve_lookup("5\n" + log().record(5) + "\n" + log().key().sign(log().head_text(kSize) + forged));
  EXPECT_EQ(failure().kind(), ErrorKind::integrity);
}

TEST_F(ChecksumDatabaseTest, RefusesARecordThatIsNotInTheTree) {
  serve(log(), kSize);
  const auto head = "\n" + log().head(kSize);
  const std::string cases[] = {
      "1000\n" + line(kModule, kVersion, kForged) + head,  // other contents
      "1000\n" + record() + record() + head,
      "999\n" + record() + head,    // another's number
      "66000\n" + record() + head,  // beyond the end
      "281474976710656\n" + record() + head,
      "1000\n" + record() + "\n" + log().head(1000),  // not yet in the tree that was signed with it
  };
  for (const auto& body : cases) {
    serve_lookup(body);
    EXPECT_EQ(failure().kind(), ErrorKind::integrity) << body;
  }
}

// Even when the larger tree that we know has it: the two parts of an answer belong together.
TEST_F(ChecksumDatabaseTest, RefusesARecordThatIsYoungerThanTheTreeGivenWithIt) {
  serve(log(), kSize);
  ASSERT_EQ(lookup(), kHash);
  serve_lookup("1000\n" + record() + "\n" + log().head(1000));
  const auto error = failure();
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  EXPECT_NE(error.text().find("record 1000 is not in a tree of 1000 records"), std::string::npos)
      << error.text();
}

TEST_F(ChecksumDatabaseTest, RefusesASecondHistory) {
  const auto other = make_log(kSize + 500, "other");
  serve(log(), kSize);
  ASSERT_EQ(lookup(), kHash);
  for (const std::uint64_t size : {std::uint64_t{30'000}, kSize, kSize + 500}) {
    serve(other, size);
    // A smaller tree is compared with what we know already, by tiles that are true.
    if (size < kSize) log().publish_tiles(database(), kSize);
    const auto error = failure();
    EXPECT_EQ(error.kind(), ErrorKind::integrity);
    for (const auto* const hash_of : {&log(), &other}) {
      const auto head = digest::base64_encode(hash_of->root(hash_of == &other ? size : kSize).bytes());
      EXPECT_NE(error.text().find(head), std::string::npos) << error.text();
    }
    EXPECT_EQ(read_file(state_file()), log().head(kSize));
  }
}

TEST_F(ChecksumDatabaseTest, SaysWhichFileOfItsOwnIsDamaged) {
  serve(log(), kSize);
  write_file(state_file(), log().head(kSize) + "x");
  const auto error = failure();
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  EXPECT_NE(error.hint().find(state_file().string()), std::string::npos) << error.hint();
}

}  // namespace
}  // namespace gopack::source
