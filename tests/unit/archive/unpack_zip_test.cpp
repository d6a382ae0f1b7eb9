#include "unpack_fixture.hpp"

namespace gopack::archive {
namespace {

using test::ZipBuilder;
using Node = tree::MemoryTree::Node;

std::string extra_field(unsigned id, const std::string& data) {
  return test::little_endian(id, 2) + test::little_endian(data.size(), 2) + data;
}

TEST(UnpackZip, GivesFilesWithTheirExecutableBit) {
  ZipBuilder zip;
  zip.directory("go/")
      .file("go/VERSION", "go1.99")
      .file("go/bin/go", "binary", 0100755)
      .directory("go/bin/")
      .file("go/empty", "");
  const std::map<std::string, Node> expected = {
      {"VERSION", {false, "go1.99"}}, {"bin/go", {true, "binary"}}, {"empty", {false, ""}}};
  EXPECT_EQ(unpacked(zip.bytes()), expected);
}

TEST(UnpackZip, ReadsTheFormsOfOtherPackers) {
  ZipBuilder zip;
  zip.add({.name = "go/stored", .content = "stored", .flags = 0, .method = 0});
  zip.add({.name = "go/sized", .content = "sized", .flags = 2, .extra = extra_field(0x5455, "time")});
  zip.add({.name = "go/dos", .content = "dos", .mode = 0, .made_by = 20, .dos_attributes = 0x20});
  zip.add({.name = "go/Äfoo.go", .content = "utf-8", .flags = 0x808});
  const std::map<std::string, Node> expected = {{"stored", {false, "stored"}},
                                                {"sized", {false, "sized"}},
                                                {"dos", {false, "dos"}},
                                                {"Äfoo.go", {false, "utf-8"}}};
  EXPECT_EQ(unpacked(zip.bytes()), expected);
}

TEST(UnpackZip, ReadsFilesLargerThanEveryBuffer) {
  std::string large;
  for (unsigned i = 0; large.size() < 4'000'000; ++i) large += std::to_string(i * 7919) + "\n";
  ZipBuilder zip;
  zip.file("go/deflated", large)
      .add({.name = "go/stored", .content = large, .flags = 0, .method = 0})
      .file("go/after", "x");
  const auto files = unpacked(zip.bytes());
  EXPECT_TRUE(files.at("deflated").content == large);
  EXPECT_TRUE(files.at("stored").content == large);
  EXPECT_EQ(files.at("after").content, "x");
}

TEST(UnpackZip, SkipsContentThatIsLeftUnreadOrHalfRead) {
  const std::string large(3'000'000, 'x');
  ZipBuilder zip;
  zip.file("go/unread", large).file("go/half", large).file("go/last", "last");
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
  unpack_into(sink, zip.bytes());
  EXPECT_EQ(seen, "unread half last ");
}

TEST(UnpackZip, RefusesWhatIsBeyondTheLimits) {
  const auto bytes =
      ZipBuilder().file("go/a", std::string(3000, 'x')).file("go/b", std::string(3000, 'x')).bytes();
  EXPECT_EQ(unpacked(bytes, {.entries = 2, .file_bytes = 3000, .total_bytes = 6000}).size(), 2u);
  expect_refused({"entries", bytes, {"more than 1 entries"}}, {.entries = 1});
  expect_refused({"file", bytes, {"\"go/a\"", "larger than 2999 bytes"}}, {.file_bytes = 2999});
  expect_refused({"sum", bytes, {"larger than 5999 bytes"}}, {.total_bytes = 5999});
}

}  // namespace
}  // namespace gopack::archive
