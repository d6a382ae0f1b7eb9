#include "gopack/store/release_archives.hpp"

#include "gopack/digest/sha256.hpp"
#include "store_fixture.hpp"

namespace gopack::store {
namespace {

using Texts = std::vector<std::string>;

Archive archive(const std::string& release, const std::string& platform, bool is_module = false) {
  return {.file = release + "." + platform + (is_module ? ".zip" : ".tar.gz"),
          .version = release::Version::try_parse(release).value(),
          .platform = release::Platform::try_parse(platform).value(),
          .is_module = is_module,
          .bytes = 4,
          .sha256 = digest::hash(release),
          .source = "test",
          .verified_by = "nothing"};
}

// "go1.22.5 linux/amd64 windows/amd64" of each.
Texts texts(const std::vector<ReleaseArchives>& releases) {
  Texts texts;
  for (const auto& release : releases) {
    texts.push_back(release.version.name());
    for (const auto& platform : platforms_of(release.archives)) texts.back() += " " + platform.text();
  }
  return texts;
}

class ReleaseArchivesTest : public StoreTest {
 protected:
  void fetch(const Archive& archive) {
    const auto downloads = store_.downloads();
    auto file = downloads.directory().create_file(archive.file + ".part");
    file.write(as_bytes("1234"));
    file.close();
    downloads.adopt(archive.file + ".part", archive, false);
  }
};

TEST_F(ReleaseArchivesTest, PrefersAnArchiveToTheModule) {
  const auto official = archive("go1.22.5", "linux-amd64");
  const auto module = archive("go1.22.5", "linux-amd64", true);
  for (const auto& both : {std::vector{official, module}, std::vector{module, official}}) {
    const auto releases = group_by_release(both);
    ASSERT_EQ(texts(releases), Texts{"go1.22.5 linux/amd64"});
    EXPECT_FALSE(releases.front().archives.front().is_module);
  }
}

TEST_F(ReleaseArchivesTest, ChoosesReleasesAndPlatforms) {
  EXPECT_EQ(test::thrown([&] { find_releases(store_, {}, {}); }).kind(), ErrorKind::failed);
  fetch(archive("go1.21.3", "linux-amd64"));
  fetch(archive("go1.22.5", "windows-amd64"));
  fetch(archive("go1.22.5", "linux-amd64"));
  const std::string both = "go1.22.5 linux/amd64 windows/amd64";
  EXPECT_EQ(texts(find_releases(store_, {}, {})), (Texts{"go1.21.3 linux/amd64", both}));
  EXPECT_EQ(texts(find_releases(store_, {"1.22"}, {})), Texts{both});
  EXPECT_EQ(texts(find_releases(store_, {}, {"windows/amd64"})), Texts{"go1.22.5 windows/amd64"});
  EXPECT_EQ(find_release(store_, "1.21", {}).archives.size(), 1u);
  EXPECT_EQ(test::thrown([&] { find_release(store_, "1.21..1.22", {}); }).kind(), ErrorKind::usage);
  const auto lacking = test::thrown([&] { find_releases(store_, {}, {"linux/arm64"}); });
  EXPECT_EQ(lacking.kind(), ErrorKind::failed);
  EXPECT_NE(lacking.text().find("is for linux/arm64"), std::string::npos) << lacking.text();
}

TEST_F(ReleaseArchivesTest, ATreeIsMadeOfItsOrigins) {
  const auto origin = archive("go1.22.5", "linux-amd64");
  fetch(origin);
  tree::Manifest manifest;
  manifest.release = "go1.22.5";
  manifest.origins = {origin.origin()};
  EXPECT_EQ(archives_of(store_, manifest).archives.front().file, origin.file);
  manifest.origins.front().sha256 = digest::hash("another");
  const auto error = test::thrown([&] { archives_of(store_, manifest); });
  EXPECT_NE(error.text().find("is not in downloads/ any more"), std::string::npos);
}

}  // namespace
}  // namespace gopack::store
