#include "gopack/store/downloads.hpp"

#include <gtest/gtest.h>

#include "store_fixture.hpp"

namespace gopack::store {
namespace {

class DownloadsTest : public StoreTest {
 protected:
  static Archive archive(std::string_view file, std::string_view release, std::string_view platform,
                         std::string_view bytes) {
    return {std::string(file),
            release::Version::try_parse(release).value(),
            release::Platform::try_parse(platform).value(),
            false,
            bytes.size(),
            digest::hash(bytes),
            "https://example.org/dl",
            "release index"};
  }
  Archive adopt(std::string_view file, std::string_view release = "1.22.5",
                std::string_view platform = "linux/amd64") {
    temp_.write("store/downloads/x.part", file);  // its name is its content
    const auto made = archive(file, release, platform, file);
    downloads_.adopt("x.part", made, false);
    return made;
  }
  std::string names(const std::vector<Archive>& archives) const {
    std::string text;
    for (const auto& a : archives) text += a.file + " ";
    return text;
  }
  Downloads downloads_ = store_.downloads();
};

TEST_F(DownloadsTest, AdoptPublishesTheArchiveWithItsRecord) {
  auto made = archive("a.zip", "1.22.5", "windows/amd64", "bytes");
  made.is_module = true;
  temp_.write("store/downloads/a.zip.part", "bytes");
  downloads_.adopt("a.zip.part", made, true);
  EXPECT_EQ(downloads_.directory().names(), (std::vector<std::string>{"a.zip", "a.zip.json"}));
  const auto found = downloads_.find("a.zip");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, made.version);
  EXPECT_EQ(found->platform, made.platform);
  EXPECT_TRUE(found->is_module);
  EXPECT_EQ(found->bytes, 5u);
  EXPECT_EQ(found->origin(), (tree::Origin{"a.zip", "windows/amd64", digest::hash("bytes"),
                                           "https://example.org/dl", "release index"}));
}

TEST_F(DownloadsTest, ListIsSortedByVersionPlatformAndFile) {
  adopt("a", "1.22.5");
  adopt("b", "1.9.7");
  adopt("d", "1.22.5", "darwin/arm64");
  adopt("c", "1.22.5");
  adopt("e", "1.24rc1");
  EXPECT_EQ(names(downloads_.list()), "b d a c e ");
}

TEST_F(DownloadsTest, OnlyWholeRecordedArchivesCount) {
  adopt("kept");
  adopt("gone");
  adopt("short");
  adopt("renamed");
  adopt("broken");
  std::filesystem::remove(home() / "downloads/gone");
  temp_.write("store/downloads/short", "sho");
  std::filesystem::rename(home() / "downloads/renamed", home() / "downloads/other");
  std::filesystem::rename(home() / "downloads/renamed.json", home() / "downloads/other.json");
  temp_.write("store/downloads/broken.json", "{\"schema\": 1}");
  temp_.write("store/downloads/foreign.tar.gz", "x");
  temp_.write("store/downloads/half.part", "x");
  temp_.write("store/downloads/half.part.json", "{}");
  EXPECT_EQ(names(downloads_.list()), "kept ");
  for (const char* file : {"gone", "short", "renamed", "other", "broken", "foreign.tar.gz", "half.part"}) {
    EXPECT_FALSE(downloads_.find(file)) << file;
  }
}

TEST_F(DownloadsTest, ARecordWhoseSizeIsNoCountOfBytesIsNone) {
  adopt("a");
  const auto record = home() / "downloads/a.json";
  const auto text = read_text(record, 4096);
  for (const char* size : {"-1", "1.0", "1e300", "18446744073709551615", "\"1\"", "null"}) {
    temp_.write("store/downloads/a.json",
                std::string(text).replace(text.find("\"bytes\": 1"), 10, "\"bytes\": " + std::string(size)));
    EXPECT_TRUE(downloads_.list_records().empty()) << size;
  }
}

TEST_F(DownloadsTest, OpenProvedNoticesOneChangedByte) {
  const auto made = adopt("archive");
  auto file = downloads_.open_proved(made);
  FileSource source(file);
  EXPECT_EQ(read_all(source, 100), "archive");
  temp_.write("store/downloads/archive", "archivf");
  const auto error = test::thrown([&] { downloads_.open_proved(made); });
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  for (const auto& part :
       {std::string("downloads/archive"), made.sha256.hex(), digest::hash("archivf").hex()}) {
    EXPECT_NE(error.text().find(part), std::string::npos) << error.text();
  }
}

TEST_F(DownloadsTest, RemoveTakesArchiveAndRecord) {
  adopt("a");
  downloads_.remove("a");
  EXPECT_TRUE(downloads_.directory().names().empty());
  EXPECT_NO_THROW(downloads_.remove("a"));
}

TEST_F(DownloadsTest, ASourceThatIsNotUtf8DoesNotStopIt) {
  auto made = archive("a", "1.22.5", "linux/amd64", "x");
  made.source = "/mnt/\xff";
  temp_.write("store/downloads/a.part", "x");
  downloads_.adopt("a.part", made, false);
  EXPECT_EQ(downloads_.find("a").value().source, "/mnt/\ufffd");
}

}  // namespace
}  // namespace gopack::store
