#include "unpack_fixture.hpp"

namespace gopack::archive {
namespace {

using test::ZipBuilder;
using test::ZipFile;
using Node = tree::MemoryTree::Node;

std::string one(const ZipFile& file) {
  return ZipBuilder().add(file).bytes();
}

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

TEST(UnpackZip, RefusesUnsafeNames) {
  for (const char* name :
       {"go/../../x", "/abs", "go//b", "./go/b", "go\\x", "go/nul.txt", "go/a\nb", "other/x", "go", ""}) {
    expect_refused(
        {name, one({.name = name, .content = "x"}), {"\"" + printable(std::string_view(name)) + "\""}});
  }
  expect_refused({"NUL", one({.name = std::string("go/a\0b", 6), .content = "x"}), {"control"}});
  expect_refused({"twice", ZipBuilder().file("go/a", "x").file("go/a", "x").bytes(), {"was there before"}});
}

TEST(UnpackZip, RefusesEverythingButFilesAndDirectories) {
  expect_refused({"symlink",
                  one({.name = "go/a", .content = "/etc/passwd", .mode = 0120777}),
                  {"go/a", "symbolic link"}});
  expect_refused({"device", one({.name = "go/a", .content = "", .mode = 020644}), {"go/a", "its type"}});
  expect_refused(
      {"directory mode", one({.name = "go/a", .content = "", .mode = 040755}), {"go/a", "its type"}});
  expect_refused(
      {"file mode", one({.name = "go/a/", .content = "", .mode = 0100644}), {"go/a/", "its type"}});
  expect_refused(
      {"DOS directory", one({.name = "go/a", .content = "", .dos_attributes = 0x10}), {"go/a", "its type"}});
  expect_refused(
      {"full directory", one({.name = "go/a/", .content = "x", .mode = 040755}), {"go/a/", "content"}});
  expect_refused(
      {"unknown host", one({.name = "go/a", .content = "x", .made_by = 5 << 8 | 20}), {"operating system"}});
}

TEST(UnpackZip, RefusesFeaturesThatGoDoesNotUse) {
  expect_refused({"encrypted", one({.name = "go/a", .content = "x", .flags = 9}), {"go/a", "encrypted"}});
  expect_refused(
      {"masked headers", one({.name = "go/a", .content = "x", .flags = 0x2008}), {"go/a", "features"}});
  expect_refused({"method",
                  one({.name = "go/a", .content = "x", .flags = 0, .method = 12}),
                  {"go/a", "neither stored"}});
  expect_refused(
      {"stored, described", one({.name = "go/a", .content = "x", .method = 0}), {"go/a", "descriptor"}});
  expect_refused({"version", one({.name = "go/a", .content = "x", .needs = 45}), {"go/a", "newer"}});
  expect_refused({"zip64",
                  one({.name = "go/a", .content = "x", .extra = extra_field(1, std::string(16, '\0'))}),
                  {"zip64"}});
  expect_refused({"second name",
                  one({.name = "go/a", .content = "x", .extra = extra_field(0x7075, "....go/b")}),
                  {"second name"}});
  expect_refused(
      {"extra overrun", one({.name = "go/a", .content = "x", .extra = {"\1\2\xff\xff", 4}}), {"malformed"}});
  expect_refused({"extra cut", one({.name = "go/a", .content = "x", .extra = "abc"}), {"malformed"}});
  expect_refused({"entry comment", one({.name = "go/a", .content = "x", .comment = "hello"}), {"comment"}});
  expect_refused({"CP437", one({.name = "go/\xc3\x84", .content = "x"}), {"UTF-8"}});
}

TEST(UnpackZip, RefusesLocalHeadersThatSayOtherThanTheDirectory) {
  const char* rule = "contradict";
  expect_refused({"name", one({.name = "go/a", .content = "x", .local_name = "../b"}), {"go/a", rule}});
  expect_refused(
      {"longer name", one({.name = "go/a", .content = "x", .local_name = "go/ab"}), {"go/a", rule}});
  expect_refused(
      {"CRC", one({.name = "go/a", .content = "x", .flags = 0, .local_crc_change = 1}), {"go/a", rule}});
  expect_refused({"descriptor",
                  one({.name = "go/a", .content = "x", .descriptor = "PK\7\10" + std::string(12, '\1')}),
                  {"go/a", rule}});
  expect_refused({"unsigned descriptor",
                  one({.name = "go/a", .content = "x", .descriptor = std::string(16, '\0')}),
                  {"go/a", rule}});
  // Version, flags, method, time and date of the local header, byte by byte.
  for (std::size_t at = 4; at < 14; ++at) {
    auto bytes = one({.name = "go/a", .content = "x"});
    bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
    expect_refused({"byte " + std::to_string(at), bytes, {"go/a", rule}});
  }
}

TEST(UnpackZip, RefusesContentThatIsNotAsAnnounced) {
  for (const unsigned method : {0u, 8u}) {
    const ZipFile file{.name = "go/a", .content = std::string(1000, 'x'), .flags = 0, .method = method};
    auto wrong = file;
    wrong.crc_change = 1;
    expect_refused({"CRC", one(wrong), {"go/a", "CRC-32"}});
    wrong = file;
    wrong.size_change = 1;
    expect_refused({"longer", one(wrong), {"go/a", "announces"}});
    wrong.size_change = -1;
    expect_refused({"shorter", one(wrong), {"go/a", "announces"}});
  }
  auto damaged = one({.name = "go/a", .content = std::string(1000, 'x')});
  damaged[30 + 4] = '\x07';  // an unknown kind of block
  expect_refused({"damaged", damaged, {"damaged"}});
}

TEST(UnpackZip, RefusesEntriesThatDoNotTileTheFile) {
  const ZipBuilder hidden = ZipBuilder().file("go/hidden", "x");
  const auto hidden_bytes = hidden.bytes().substr(0, 30 + 9 + 3 + 16);
  expect_refused({"gap",
                  ZipBuilder().file("go/a", "x").raw("junk").file("go/b", "x").bytes(),
                  {"go/b", "right behind"}});
  expect_refused(
      {"hidden entry", ZipBuilder().file("go/a", "x").raw(hidden_bytes).bytes(), {"belongs to no entry"}});
  expect_refused(
      {"prefix", "#!/bin/sh\n" + one({.name = "go/a", .content = "x"}), {"neither a .tar.gz nor a .zip"}});
  expect_refused({"prefixed by a zip",
                  one({.name = "go/a", .content = "x"}) + one({.name = "go/b", .content = "x"}),
                  {"central directory"}});
  const ZipFile overlapping{.name = "go/b", .content = "x", .offset_change = -10};
  expect_refused(
      {"overlap", ZipBuilder().file("go/a", "x").add(overlapping).bytes(), {"go/b", "right behind"}});
  // One local header for two entries of the directory.
  const auto alone = ZipBuilder().file("go/a", "x").bytes();
  const auto record = alone.substr(alone.find("PK\1\2"), 46 + 4);
  expect_refused({"quoted twice",
                  ZipBuilder().file("go/a", "x").raw_directory(record).bytes(1),
                  {"go/a", "right behind"}});
}

TEST(UnpackZip, RefusesEverythingButOneExactEnd) {
  const auto zip = ZipBuilder().file("go/a", "x").file("go/b", "x");
  const auto sound = zip.bytes();
  ASSERT_EQ(unpacked(sound).size(), 2u);
  expect_refused({"trailing byte", sound + "x", {"end record"}});
  expect_refused({"trailing zeros", sound + std::string(100, '\0'), {"end record"}});
  expect_refused({"comment", zip.bytes(0, "hello"), {"end record"}});
  expect_refused(
      {"end record in a comment", zip.bytes(0, sound.substr(sound.size() - 22)), {"central directory"}});
  expect_refused({"two end records", sound + sound.substr(sound.size() - 22), {"central directory"}});
  expect_refused({"too few entries", zip.bytes(-1), {"longer than its entries"}});
  expect_refused({"too many entries", zip.bytes(1), {"shorter than its entries"}});
  expect_refused(
      {"junk in the directory", ZipBuilder().file("go/a", "x").raw_directory("junk").bytes(), {"longer"}});
  expect_refused({"no directory", sound.substr(0, sound.find("PK\1\2")), {"end record"}});
  expect_refused({"cut off", sound.substr(0, sound.size() - 1), {"end record"}});
  expect_refused({"start alone", "PK\3\4", {"too short"}});
  auto volume = sound;
  volume[volume.size() - 22 + 4] = 1;
  expect_refused({"volume", volume, {"volumes"}});
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
