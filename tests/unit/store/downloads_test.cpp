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
  // A name that an archive may have.
  static std::string named(std::string_view word) {
    return "go1.22.5." + std::string(word) + "-amd64.tar.gz";
  }
  std::string names(const std::vector<Archive>& archives) const {
    std::string text;
    for (const auto& a : archives) text += a.file + " ";
    return text;
  }
  Downloads downloads_ = store_.downloads();
};

const std::string kModule = "v0.0.1-go1.22.5.windows-amd64.zip";

TEST_F(DownloadsTest, AdoptPublishesTheArchiveWithItsRecord) {
  auto made = archive(kModule, "1.22.5", "windows/amd64", "bytes");
  made.is_module = true;
  temp_.write("store/downloads/" + kModule + ".part", "bytes");
  downloads_.adopt(kModule + ".part", made, true);
  EXPECT_EQ(downloads_.directory().names(), (std::vector<std::string>{kModule, kModule + ".json"}));
  const auto found = downloads_.find(kModule);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, made.version);
  EXPECT_EQ(found->platform, made.platform);
  EXPECT_TRUE(found->is_module);
  EXPECT_EQ(found->bytes, 5u);
  EXPECT_EQ(found->origin(), (tree::Origin{kModule, "windows/amd64", digest::hash("bytes"),
                                           "https://example.org/dl", "release index"}));
}

TEST_F(DownloadsTest, ListIsSortedByVersionPlatformAndFile) {
  adopt(named("a"), "1.22.5");
  adopt(named("b"), "1.9.7");
  adopt(named("d"), "1.22.5", "darwin/arm64");
  adopt(named("c"), "1.22.5");
  adopt(named("e"), "1.24rc1");
  std::string expected;
  for (const char* word : {"b", "d", "a", "c", "e"}) expected += named(word) + " ";
  EXPECT_EQ(names(downloads_.list()), expected);
}

TEST_F(DownloadsTest, OnlyWholeRecordedArchivesCount) {
  for (const char* word : {"kept", "gone", "short", "renamed", "broken", "endless"}) adopt(named(word));
  const auto path = [&](std::string_view word) { return "store/downloads/" + named(word); };
  std::filesystem::remove(temp_.path() / path("gone"));
  temp_.write(path("short"), "sho");
  for (const char* ending : {"", ".json"})
    std::filesystem::rename(temp_.path() / (path("renamed") + ending),
                            temp_.path() / (path("other") + ending));
  temp_.write(path("broken") + ".json", "{\"schema\": 1}");
  temp_.write(path("endless") + ".json", std::string(70'000, ' '));
  temp_.write("store/downloads/index.json", std::string(70'000, ' '));
  temp_.write(path("foreign"), "x");
  temp_.write(path("half") + ".part", "x");
  temp_.write(path("half") + ".part.json", "{}");
  EXPECT_EQ(names(downloads_.list()), named("kept") + " ");
  for (const char* word : {"gone", "short", "renamed", "other", "broken", "endless", "foreign", "half"}) {
    EXPECT_FALSE(downloads_.find(named(word))) << word;
  }
  EXPECT_FALSE(downloads_.find(named("half") + ".part"));
  EXPECT_FALSE(downloads_.find("index"));
}

TEST_F(DownloadsTest, ANameThatLeadsElsewhereHasNoRecord) {
  const auto file = adopt(named("linux")).file;
  const auto record = test::read_file(home() / "downloads" / (file + ".json"));
  for (const auto& name : {std::string("../rootfile"), "../" + file}) {
    auto text = record;
    temp_.write("store/downloads/" + name, file);
    temp_.write("store/downloads/" + name + ".json", text.replace(text.find(file), file.size(), name));
    EXPECT_FALSE(downloads_.find(name)) << name;
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
  const auto made = adopt(named("archive"));
  auto file = downloads_.open_proved(made);
  FileSource source(file);
  EXPECT_EQ(read_all(source, 100), made.file);
  const auto changed = "h" + made.file.substr(1);
  temp_.write("store/downloads/" + made.file, changed);
  const auto error = test::thrown([&] { downloads_.open_proved(made); });
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  for (const auto& part : {"downloads/" + made.file, made.sha256.hex(), digest::hash(changed).hex()}) {
    EXPECT_NE(error.text().find(part), std::string::npos) << error.text();
  }
}

TEST_F(DownloadsTest, RemoveTakesArchiveAndRecord) {
  adopt(named("a"));
  downloads_.remove(named("a"));
  EXPECT_TRUE(downloads_.directory().names().empty());
  EXPECT_NO_THROW(downloads_.remove(named("a")));
}

TEST_F(DownloadsTest, ASourceThatIsNotUtf8DoesNotStopIt) {
  auto made = archive(named("a"), "1.22.5", "linux/amd64", "x");
  made.source = "/mnt/\xff";
  temp_.write("store/downloads/x.part", "x");
  downloads_.adopt("x.part", made, false);
  EXPECT_EQ(downloads_.find(made.file).value().source, "/mnt/\ufffd");
}

}  // namespace
}  // namespace gopack::store
