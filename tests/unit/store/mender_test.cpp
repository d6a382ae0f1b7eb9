#include "gopack/store/mender.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"

#include "store_fixture.hpp"
#include "support/child.hpp"

namespace gopack::store {
namespace {

class MenderTest : public StoreTest {
 protected:
  void SetUp() override { std::filesystem::permissions(temp_.path(), std::filesystem::perms::all); }

  // Publishes a tree, damages it by `damage(directory of the tree)`, restores every file of which something
  // is wrong and removes what is foreign; whether the tree is whole and read-only then. Without root's
  // rights.
  template <typename Damage>
  bool is_mended_after(Damage damage) const {
    return test::unprivileged([&] {
      const auto store = Store::ensure(temp_.path() / "mine", {Durability::full});
      const auto id = publish(store);
      const auto root = store.path() / id.text();
      for (const char* directory : {"", "bin", "src", "src/a", "src/b", "src/b/c"})
        ::chmod((root / directory).c_str(), 0755);
      damage(root);
      for (const char* directory : {"src/b/c", "src/b", "src/a", "src", "bin", ""}) {
        if (std::filesystem::is_directory(std::filesystem::symlink_status(root / directory))) {
          ::chmod((root / directory).c_str(), 0555);
        }
      }
      const auto problems = find_problems(store, id);
      mend(store, id, problems);
      return !problems.empty() && find_problems(store, id).empty() && mode(root / "src") == 0555 &&
             mode(root) == 0555 && mode(root / "src/a") == 0555 && mode(root / "bin/go") == 0555 &&
             store.removal().leftovers().empty();
    });
  }

 private:
  static std::vector<Problem> find_problems(const Store& store, const tree::StoreId& id) {
    return verify_tree(store.trees().open(id), store.trees().manifest(id).files, Depth::contents, 1, {});
  }
  static void mend(const Store& store, const tree::StoreId& id, const std::vector<Problem>& problems) {
    const auto manifest = store.trees().manifest(id);
    tree::MemoryTree good;
    fill(good, manifest.release);
    Mender mender(store, id);
    for (const auto& problem : problems) {
      if (problem.kind == Problem::Kind::foreign) {
        mender.remove_foreign(problem.path);
      } else {
        MemorySource content(good.files().at(problem.path).content);
        mender.restore(*manifest.find(problem.path), content);
      }
    }
    mender.commit();
  }
};

TEST_F(MenderTest, RestoresFilesThatAreChangedOrMissing) {
  EXPECT_TRUE(is_mended_after([](const std::filesystem::path& root) {
    std::filesystem::remove(root / "VERSION");
    std::filesystem::remove(root / "src/a/one.go");
    ::chmod((root / "src/a/two.go").c_str(), 0);  // unreadable
    test::write_file(root / "src/a/one.go", "package X");
    ::chmod((root / "bin/go").c_str(), 0444);
  }));
}

TEST_F(MenderTest, RestoresWhatIsNoFileOrNoDirectoryAnyMore) {
  EXPECT_TRUE(is_mended_after([](const std::filesystem::path& root) {
    std::filesystem::remove_all(root / "src/b");
    std::filesystem::remove_all(root / "src/a");
    test::write_file(root / "src/a", "a file in a directory's place");
    std::filesystem::remove(root / "bin/go");
    test::write_file(root / "bin/go/inner", "a directory in a file's place");
    std::filesystem::remove(root / "VERSION");
    std::filesystem::create_symlink("/etc/hostname", root / "VERSION");
  }));
}

TEST_F(MenderTest, RemovesWhatIsForeign) {
  test::write_file(temp_.path() / "outside/kept", "k");
  EXPECT_TRUE(is_mended_after([&](const std::filesystem::path& root) {
    test::write_file(root / "foreign", "x");
    test::write_file(root / "src/a/foreign/deep/file", "x");
    std::filesystem::create_symlink(temp_.path() / "outside", root / "src/link");
  }));
  EXPECT_EQ(test::read_file(temp_.path() / "outside/kept"), "k");
}

TEST_F(MenderTest, WrongContentLeavesTheOldFile) {
  const auto id = publish(store_);
  const auto manifest = store_.trees().manifest(id);
  Mender mender(store_, id);
  MemorySource wrong("package x");
  mender.restore(*manifest.find("src/a/one.go"), wrong);
  const auto error = test::thrown([&] { mender.commit(); });
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  EXPECT_NE(error.text().find("src/a/one.go"), std::string::npos);
  EXPECT_EQ(test::read_file(in_tree(id, "src/a/one.go")), "package a");
  EXPECT_EQ(mode(in_tree(id, "src/a")), 0555u);
  EXPECT_TRUE(store_.removal().leftovers().empty());
}

}  // namespace
}  // namespace gopack::store
