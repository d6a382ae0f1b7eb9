#include "unpack_fixture.hpp"

namespace gopack::archive {
namespace {

using test::gzip;
using test::TarBuilder;
using Node = tree::MemoryTree::Node;

std::string packed(const TarBuilder& tar) {
  return gzip(tar.bytes());
}

// Bytes that do not compress away, so that gzip blocks and tar blocks fall out of step.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint64_t state = 88172645463325252u;
  for (auto& c : text) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    c = static_cast<char>(state);
  }
  return text;
}

TEST(UnpackTar, GivesFilesWithTheirExecutableBit) {
  TarBuilder tar;
  tar.directory("go/")
      .directory("go/bin/")
      .file("go/VERSION", "go1.99\ntime 2026-01-01\n")
      .file("go/bin/go",
            "\x7f"
            "ELF",
            0755);
  tar.file("go/empty", "");
  const std::map<std::string, Node> expected = {{"VERSION", {false, "go1.99\ntime 2026-01-01\n"}},
                                                {"bin/go",
                                                 {true,
                                                  "\x7f"
                                                  "ELF"}},
                                                {"empty", {false, ""}}};
  EXPECT_EQ(unpacked(packed(tar)), expected);
}

// go1.21.0 has no directory entries; go1.13beta1 has read-only ones; some list them after their files.
TEST(UnpackTar, NeedsNoDirectoryEntriesAndTakesTheirModesForNothing) {
  TarBuilder none;
  none.file("go/src/fmt/print.go", "package fmt");
  TarBuilder read_only;
  read_only.directory("go", 0555).file("go/src/fmt/print.go", "package fmt").directory("go/src/fmt/", 0);
  EXPECT_EQ(unpacked(packed(none)), unpacked(packed(read_only)));
}

// test/fixedbugs/issue27836.dir in Go's own tree. The process runs in the C locale here.
TEST(UnpackTar, ReadsNamesThatAreNotAscii) {
  TarBuilder tar;
  tar.pax(test::pax_record("path", "go/test/Äfoo.go"))
      .file("go/test/foo.go", "pax")
      .file("go/test/Þmain.go", "raw");
  const std::map<std::string, Node> expected = {{"test/Äfoo.go", {false, "pax"}},
                                                {"test/Þmain.go", {false, "raw"}}};
  EXPECT_EQ(unpacked(packed(tar)), expected);
}

TEST(UnpackTar, ReadsLongNamesOfPaxAndGnu) {
  const std::string deep = "go/" + std::string(120, 'd') + "/" + std::string(120, 'f');
  TarBuilder pax;
  pax.pax(test::pax_record("path", deep) + test::pax_record("mtime", "1.5")).file("go/short", "x");
  TarBuilder gnu;
  gnu.gnu_name(deep).file(deep, "x");
  EXPECT_EQ(unpacked(packed(pax)).count(deep.substr(3)), 1u);
  EXPECT_EQ(unpacked(packed(pax)), unpacked(packed(gnu)));
}

TEST(UnpackTar, ReadsFilesLargerThanEveryBuffer) {
  const auto large = noise(5'000'003);
  TarBuilder tar;
  tar.file("go/large", large).file("go/after", "x");
  const auto files = unpacked(packed(tar));
  EXPECT_TRUE(files.at("large").content == large);
  EXPECT_EQ(files.at("after").content, "x");
}

TEST(UnpackTar, SkipsContentThatIsLeftUnreadOrHalfRead) {
  const auto large = noise(3'000'000);
  TarBuilder tar;
  tar.file("go/unread", large).file("go/half", large).file("go/last", "last");
  std::string seen;
  FunctionSink sink([&](const tree::Entry& entry, ByteSource& content) {
    seen += entry.path.text() + " ";
    if (entry.path.text() == "half") {
      EXPECT_FALSE(content.next().empty());
    }
    if (entry.path.text() == "last") {
      EXPECT_EQ(as_text(content.next()), "last");
    }
  });
  unpack_into(sink, packed(tar));
  EXPECT_EQ(seen, "unread half last ");
}

TEST(UnpackTar, AcceptsTheZerosThatFillTheLastRecord) {
  TarBuilder tar;
  tar.file("go/VERSION", "go1.99");
  EXPECT_EQ(unpacked(gzip(tar.bytes() + std::string(20 * 512, '\0'))).size(), 1u);
}

TEST(UnpackTar, RefusesUnsafeNames) {
  const std::pair<const char*, const char*> names[] = {
      {"go/../../x", "\"..\""},
      {"/abs", "absolute"},
      {"//abs", "absolute"},
      {"go/a/./b", "\".\""},
      {"go//b", "empty"},
      {"./go/b", "\".\""},
      {"./", "\".\""},
      {".", "\".\""},
      {"/", "empty"},
      {"go\\..\\x", "contains \\"},
      {"go/C:/x", "contains :"},
      {"go/nul.txt", "reserved"},
      {"go/x.", "dot or a blank"},
      {"go/a\nb", "control"},
      {"go/\033[2J", "control"},
      {"go/\x7f", "control"},
      {"go/\xc0\xae", "UTF-8"},
      {"go/\xed\xa0\x80", "UTF-8"},
      {"go/\xff", "UTF-8"},
      {"go/a\u202egpj.exe", "invisible"},
      {"go/a\u200b", "invisible"},
      {"other/x", "outside go/"},
      {"gone", "outside go/"},
      {"go", "outside go/"},
  };
  for (const auto& [name, rule] : names) {
    TarBuilder tar;
    tar.file("go/VERSION", "go1.99")
        .add({.name = name, .type = std::string_view(name).ends_with('/') ? '5' : '0'});
    expect_refused({name, packed(tar), {"\"" + printable(std::string_view(name)) + "\"", rule}});
  }
}

TEST(UnpackTar, RefusesNamesThatComeTwice) {
  const std::vector<std::vector<std::string>> lists = {
      {"go/a", "go/a"},   {"go/a", "go/A"},   {"go/a/", "go/a/"},   {"go/a/", "go/a"},   {"go/a", "go/a/"},
      {"go/a", "go/a/b"}, {"go/a/b", "go/a"}, {"go/a/b", "go/A/c"}, {"go/a/b", "go/A/"}, {"go/", "go/"}};
  for (const auto& names : lists) {
    TarBuilder tar;
    for (const auto& name : names) tar.add({.name = name, .type = name.ends_with('/') ? '5' : '0'});
    expect_refused({names[0] + " " + names[1], packed(tar), {"\"" + names[1] + "\""}});
  }
}

TEST(UnpackTar, RefusesEverythingButFilesAndDirectories) {
  const std::pair<char, const char*> types[] = {{'1', "hard link"}, {'2', "symbolic link"}, {'3', "device"},
                                                {'4', "device"},    {'6', "FIFO"},          {'7', "neither"},
                                                {'S', "sparse"},    {'V', "neither"},       {'M', "neither"},
                                                {'D', "neither"},   {'Z', "neither"},       {'g', "neither"}};
  for (const auto& [type, rule] : types) {
    TarBuilder tar;
    tar.file("go/target", "x").link(type, "go/odd", "/etc/passwd");
    expect_refused({std::string("type ") + type, packed(tar), {"\"go/odd\"", rule}});
  }
}

TEST(UnpackTar, RefusesSparseFilesByExtendedHeader) {
  const auto with = [](const std::string& records) {
    TarBuilder tar;
    return packed(tar.pax(records).file("go/odd", std::string(512, 'x')));
  };
  using test::pax_record;
  expect_refused({"sparse map",
                  with(pax_record("GNU.sparse.size", "1024") + pax_record("GNU.sparse.map", "0,512")),
                  {"go/odd", "sparse"}});
  expect_refused(
      {"sparse size", with(pax_record("GNU.sparse.realsize", "1099511627776")), {"go/odd", "larger than"}});
}

TEST(UnpackTar, RefusesNamesCutShortByNul) {
  TarBuilder pax;
  pax.pax(test::pax_record("path", std::string_view("go/a\0/../../b", 13))).file("go/a", "x");
  TarBuilder gnu;
  gnu.gnu_name(std::string("go/a\0b", 6)).file("go/a", "x");
  expect_refused({"pax", packed(pax), {"NUL"}});
  expect_refused({"gnu", packed(gnu), {"NUL"}});
}

TEST(UnpackTar, RefusesHeadersThatContradictEachOther) {
  const auto inner = TarBuilder().file("go/hidden", "x").open_end();
  TarBuilder grown;  // the extended header makes a file of what other readers take for entries
  grown.pax(test::pax_record("size", std::to_string(inner.size()))).add({.name = "go/a"}, inner);
  TarBuilder shrunk;
  shrunk.pax(test::pax_record("size", "0")).file("go/a", inner);
  TarBuilder swallowed_end;
  swallowed_end.pax(test::pax_record("size", "0")).file("go/a", std::string(1024, '\0')).file("go/b", "x");
  for (const auto* tar : {&grown, &shrunk, &swallowed_end}) {
    expect_refused({"size", packed(*tar), {"contradict"}});
  }
  TarBuilder twice;
  twice.pax(test::pax_record("path", "go/a")).gnu_name("go/b").file("go/c", "x");
  expect_refused({"pax and GNU name", packed(twice), {"more than one extended header"}});
}

TEST(UnpackTar, RefusesOddHeaders) {
  TarBuilder base256;
  base256.add({.name = "go/a", .raw_size = "\x80" + std::string(10, '\0') + "\1"}, "x");
  TarBuilder negative;
  negative.add({.name = "go/a", .raw_size = std::string(12, '\xff')});
  TarBuilder full_directory;
  full_directory.add({.name = "go/a/", .type = '5', .size = 1}, "x");
  expect_refused({"base 256", packed(base256), {"go/a", "octal"}});
  expect_refused({"negative", packed(negative), {"go/a", "octal"}});
  expect_refused({"directory", packed(full_directory), {"go/a/", "content"}});
  auto bad_sum = TarBuilder().file("go/a", "x").bytes();
  bad_sum[0] = 'G';
  expect_refused({"checksum", gzip(bad_sum), {"not a sound tar"}});
}

TEST(UnpackTar, RefusesEverythingButOneExactEnd) {
  const auto tar = TarBuilder().file("go/a", std::string(700, 'x'));
  const auto& open = tar.open_end();
  const std::string block(512, '\0');
  expect_refused({"no end", gzip(open), {"end marker"}});
  expect_refused({"one end block", gzip(open + block), {"end marker"}});
  expect_refused({"half a block more", gzip(open + block + block + std::string(1, '\0')), {"end marker"}});
  expect_refused({"cut in a header", gzip(open + tar.open_end().substr(0, 100)), {"end marker"}});
  expect_refused({"cut in a body", gzip(open.substr(0, 1024)), {"end marker"}});
  expect_refused(
      {"a second archive", gzip(tar.bytes() + TarBuilder().file("go/b", "x").bytes()), {"follows"}});
  expect_refused({"an entry between", gzip(open + block + open + block + block), {"follows"}});
  expect_refused(
      {"far behind", gzip(tar.bytes() + std::string(300 * 1024, '\0') + std::string(512, 'x')), {"follows"}});
  expect_refused({"only an end", gzip(std::string(1024, '\0') + "x"), {"archive"}});
}

TEST(UnpackTar, RefusesEverythingButOneSoundGzipMember) {
  const auto sound = packed(TarBuilder().file("go/a", noise(100'000)));
  const auto changed = [&](std::size_t from_end) {
    auto bytes = sound;
    bytes[bytes.size() - from_end] ^= 1;
    return bytes;
  };
  ASSERT_EQ(unpacked(sound).size(), 1u);
  expect_refused({"CRC", changed(8), {"checksum or length"}});
  expect_refused({"length", changed(1), {"checksum or length"}});
  expect_refused({"one byte more", sound + "x", {"follows"}});
  expect_refused({"zeros", sound + std::string(600 * 1024, '\0'), {"follows"}});
  expect_refused({"a second member", sound + gzip("x"), {"follows"}});
  expect_refused({"an empty member", sound + gzip(""), {"follows"}});
  expect_refused({"twice", gzip(sound), {"archive"}});
  for (const std::size_t cut : {1u, 4u, 8u, 9u, 5'000u}) {
    expect_refused({"cut by " + std::to_string(cut), sound.substr(0, sound.size() - cut), {"cut off"}});
  }
  expect_refused({"header alone", sound.substr(0, 5), {"cut off"}});
  auto method = sound;
  method[2] = 7;
  expect_refused({"method", method, {"damaged"}});
}

TEST(UnpackTar, RefusesWhatIsBeyondTheLimits) {
  TarBuilder tar;
  tar.file("go/a", std::string(3000, 'x')).file("go/b", std::string(3000, 'x')).file("go/c", "");
  const auto bytes = packed(tar);
  EXPECT_EQ(unpacked(bytes, {.entries = 3, .file_bytes = 3000, .total_bytes = 10'000}).size(), 3u);
  expect_refused({"entries", bytes, {"more than 2 entries"}}, {.entries = 2});
  expect_refused({"file", bytes, {"\"go/a\"", "larger than 2999 bytes"}}, {.file_bytes = 2999});
  expect_refused({"sum", bytes, {"larger than 5999 bytes"}}, {.total_bytes = 5999});
  expect_refused({"endless end", gzip(tar.bytes() + std::string(1 << 20, '\0')), {"larger than 100000"}},
                 {.total_bytes = 100'000});
}

}  // namespace
}  // namespace gopack::archive
