// What holds for every format.
#include "gopack/archive/unpack.hpp"

#include "unpack_fixture.hpp"

namespace gopack::archive {
namespace {

std::vector<std::string> sound_archives() {
  test::TarBuilder tar;
  tar.file("go/a", std::string(600'000, 'a')).file("go/b", "b");
  test::ZipBuilder zip;
  zip.file("go/a", std::string(600'000, 'a')).file("go/b", "b");
  return {test::gzip(tar.bytes()), zip.bytes()};
}

TEST(Unpack, ReadsTheFileFromItsStartWhateverItsPosition) {
  for (const auto& bytes : sound_archives()) {
    auto file = test::scratch_file(bytes, kArchiveName);
    file.seek(17);
    tree::MemoryTree tree;
    unpack(file, {"go", {}}, tree, {});
    EXPECT_EQ(tree.files().size(), 2u);
  }
}

TEST(Unpack, TakesModuleRootsOfSeveralComponents) {
  const std::string root = "golang.org/toolchain@v0.0.1-go1.99.linux-amd64";
  auto file = test::scratch_file(test::ZipBuilder().file(root + "/bin/go", "x").bytes(), kArchiveName);
  tree::MemoryTree tree;
  unpack(file, {root, {}}, tree, {});
  EXPECT_EQ(tree.files().count("bin/go"), 1u);
}

TEST(Unpack, AnnouncesTheRealSize) {
  for (const auto& bytes : sound_archives()) {
    FunctionSink sink([](const tree::Entry& entry, ByteSource& content) {
      StringSink text;
      EXPECT_EQ(copy(content, text), entry.size);
      EXPECT_TRUE(content.next().empty());
    });
    unpack_into(sink, bytes);
  }
}

TEST(Unpack, TellsTheTimeThatTheArchiveSays) {
  const std::pair<std::string, std::int64_t> archives[] = {
      {test::gzip(test::TarBuilder().add({.name = "go/a", .raw_time = "14524770400"}).bytes()),
       1'700'000'000},
      {test::ZipBuilder().add({.name = "go/a"}).bytes(), 1'744'731'182},
  };
  for (const auto& [bytes, time] : archives) {
    FunctionSink sink(
        [&, time = time](const tree::Entry& entry, ByteSource&) { EXPECT_EQ(entry.time, time); });
    unpack_into(sink, bytes);
  }
}

TEST(Unpack, PassesOnWhatTheSinkThrows) {
  for (const auto& bytes : sound_archives()) {
    FunctionSink full([](const tree::Entry&, ByteSource& content) {
      content.next();
      throw Error(ErrorKind::noroom, "cannot write a: no space left");
    });
    try {
      unpack_into(full, bytes);
      FAIL() << "nothing thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::noroom);
      EXPECT_STREQ(error.what(), "cannot write a: no space left");
    }
    FunctionSink odd([](const tree::Entry&, ByteSource&) { throw std::bad_alloc(); });
    EXPECT_THROW(unpack_into(odd, bytes), std::bad_alloc);
  }
}

TEST(Unpack, StopsBetweenBlocksAndBetweenEntries) {
  for (const auto& bytes : sound_archives()) {
    for (const bool in_content : {true, false}) {
      std::stop_source stop;
      int calls = 0;
      FunctionSink sink([&](const tree::Entry&, ByteSource& content) {
        ++calls;
        stop.request_stop();
        if (in_content) content.next();
      });
      try {
        unpack_into(sink, bytes, {}, stop.get_token());
        FAIL() << "not stopped";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::interrupted);
        EXPECT_EQ(calls, 1);
      }
    }
  }
}

TEST(Unpack, TellsFormatsByTheirFirstBytes) {
  const auto format = [](std::string_view bytes) { return require_format(test::scratch_file(bytes, "x")); };
  EXPECT_EQ(format("\x1f\x8b\x08"), Format::tar_gz);
  EXPECT_EQ(format("PK\3\4"), Format::zip);
  for (const char* other :
       {"", "\x1f", "PK", "PK\5\6", "text < html", "#mtree", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07"}) {
    expect_refused({other, other, {"neither a .tar.gz nor a .zip"}});
  }
  for (const char* page :
       {"<!DOCTYPE html>", "\r\n  <html>", "\xef\xbb\xbf<HTML>", "<?xml version='1.0'?>"}) {
    expect_refused({page, page, {"web page"}});
  }
}

}  // namespace
}  // namespace gopack::archive
