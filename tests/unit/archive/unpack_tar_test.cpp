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
