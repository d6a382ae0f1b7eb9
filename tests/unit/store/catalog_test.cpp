#include "gopack/store/catalog.hpp"

#include "gopack/store/removal.hpp"
#include "store_fixture.hpp"

namespace gopack::store {
namespace {

class CatalogTest : public StoreTest {
 protected:
  Tree publish_for(std::string_view version, std::vector<std::string> platforms) {
    auto staging = store_.stage();
    fill(staging.writer(), std::string(version) + platforms.back());
    tree::Manifest manifest;
    manifest.release = version;
    manifest.profile = "minimal";
    manifest.platforms = std::move(platforms);
    const auto id = std::move(staging).commit(manifest);
    return {id, std::move(manifest)};
  }

  SilentReporter reporter_;
};

TEST_F(CatalogTest, ServesThePlatformsOfItsManifest) {
  const Tree tree = publish_for("go1.22.5", {"linux/amd64", "windows/arm64"});
  EXPECT_TRUE(tree.serves(release::Platform::try_parse("windows/arm64").value()));
  EXPECT_FALSE(tree.serves(release::Platform::try_parse("windows/amd64").value()));
  EXPECT_TRUE(tree.serves("windows"));
  EXPECT_FALSE(tree.serves("darwin"));
}

TEST_F(CatalogTest, ChoosesByReleaseProfileAndPlatform) {
  const auto old = publish_for("go1.21.3", {"linux/amd64"});
  const auto windows = publish_for("go1.22.5", {"windows/amd64"});
  const auto arm = publish_for("go1.22.5", {"linux/arm64"});
  EXPECT_EQ(choose_trees(store_, {}, reporter_).size(), 3u);
  EXPECT_EQ(choose_trees(store_, {"1.22"}, reporter_).size(), 2u);
  EXPECT_EQ(choose_tree(store_, "1.22/windows-amd64", reporter_).id, windows.id);
  EXPECT_EQ(choose_tree(store_, "1.21+minimal", reporter_).id, old.id);
  EXPECT_EQ(choose_tree(store_, arm.id.text().substr(0, 10), reporter_).id, arm.id);
  EXPECT_EQ(test::thrown([&] { choose_tree(store_, "1.22", reporter_); }).kind(), ErrorKind::usage);
  EXPECT_EQ(test::thrown([&] { choose_tree(store_, "1.23", reporter_); }).kind(), ErrorKind::unreachable);
}

TEST_F(CatalogTest, LeasesKeepTreesFromBeingRemoved) {
  const auto one = publish_for("go1.21.3", {"linux/amd64"});
  const auto gone = publish_for("go1.22.5", {"linux/amd64"});
  store_.removal().remove(gone.id, store_.removal().claim(gone.id));
  const auto leases = lease_all(store_, {one, gone}, {std::chrono::milliseconds(0)});
  EXPECT_EQ(leases.size(), 1u);
  EXPECT_FALSE(store_.removal().try_claim(one.id));
}

}  // namespace
}  // namespace gopack::store
