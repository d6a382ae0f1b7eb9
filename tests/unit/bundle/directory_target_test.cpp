// A bundle in a directory, from a store with one small tree.
#include <gtest/gtest.h>

#include <fstream>

#include "gopack/base/filesystem.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/bundle/bundle_target.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/bundle/choice.hpp"
#include "gopack/bundle/leaving_trees.hpp"
#include "gopack/store/trees.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::bundle {
namespace {

namespace fs = std::filesystem;

class DirectoryTargetTest : public ::testing::Test {
 protected:
  store::Tree publish(std::string_view text) {
    auto staging = store_.stage();
    for (const auto* path : {"VERSION", "bin/go", "src/a/one.go"}) {
      MemorySource content(text);
      staging.writer().add({tree::RelPath(path), path == std::string_view("bin/go"), text.size()}, content);
    }
    tree::Manifest manifest;
    manifest.release = "go1.22.5";
    const auto id = std::move(staging).commit(manifest);
    return {id, store_.trees().manifest(id)};
  }
  Context context() { return {store_, target_, {reporter_, {}, 2}}; }
  fs::path in_target(const std::string& path) const { return temp_.path() / "stick" / path; }
  // Of the same size: names and sizes do not show it.
  void damage(const std::string& path) const {
    fs::permissions(in_target(path), fs::perms::owner_write, fs::perm_options::add);
    const auto size = fs::file_size(in_target(path));
    std::ofstream(in_target(path), std::ios::binary) << std::string(size, '!');
  }

  test::TempDir temp_;
  store::Store store_ = store::Store::ensure(temp_.path() / "store", {store::Durability::fast});
  store::Store target_ = store::Store::ensure(temp_.path() / "stick", {store::Durability::fast});
  SilentReporter reporter_;
};

TEST_F(DirectoryTargetTest, CopiesATreeOnceAndWhatIsMissingAgain) {
  const auto tree = publish("one");
  {
    DirectoryTarget target(context(), {tree});
    target::SpaceEstimate estimate(space_of(target_.home()));
    target.add_to(estimate);
    EXPECT_GT(estimate.bytes(), 0u);
    EXPECT_EQ(target.put_tree(tree).copied, 3u);
    EXPECT_TRUE(target.set_current(tree.id));
  }
  EXPECT_EQ(DirectoryTarget(context(), {tree}).put_tree(tree).unchanged, 3u);
  fs::permissions(in_target(tree.id.text() + "/bin"), fs::perms::owner_write, fs::perm_options::add);
  fs::remove(in_target(tree.id.text() + "/bin/go"));
  const auto again = DirectoryTarget(context(), {tree}).put_tree(tree);
  EXPECT_EQ(again.copied, 1u);
  EXPECT_EQ(again.unchanged, 2u);
  EXPECT_FALSE(DirectoryTarget(context(), {tree}).set_current(tree.id));
}

TEST_F(DirectoryTargetTest, GoesOnWithATreeThatWasBegun) {
  const auto tree = publish("one");
  const auto dir = target_.trees().begin(tree.id);
  replace_text(dir, "VERSION", "one", false);
  replace_text(dir, "foreign", "x", false);
  const auto counts = DirectoryTarget(context(), {tree}).put_tree(tree);
  EXPECT_EQ(counts.copied, 2u);
  EXPECT_EQ(counts.unchanged, 1u);
  EXPECT_FALSE(fs::exists(in_target(tree.id.text() + "/foreign")));
}

TEST_F(DirectoryTargetTest, KeepsSettingsAndReplacesLaunchers) {
  DirectoryTarget target(context(), {});
  const BundleFile setting{
      .path = tree::RelPath("config.yaml"), .text = "stage: never\n", .is_setting = true};
  const BundleFile launcher{.path = tree::RelPath("go.sh"), .text = "#!/bin/sh\n", .executable = true};
  EXPECT_EQ(target.put_file(setting).copied, 1u);
  EXPECT_EQ(target.put_file(launcher).copied, 1u);
  replace_text(target_.home(), "config.yaml", "mine\n", false);
  replace_text(target_.home(), "go.sh", "mine\n", false);
  EXPECT_EQ(target.put_file(setting).unchanged, 1u);
  EXPECT_EQ(target.put_file(launcher).copied, 1u);
  EXPECT_EQ(find_text(target_.home(), "config.yaml", 100), "mine\n");
  EXPECT_EQ(find_text(target_.home(), "go.sh", 100), "#!/bin/sh\n");
}

TEST_F(DirectoryTargetTest, ChecksumsNameWhatLiesBesideTrees) {
  const auto tree = publish("one");
  DirectoryTarget target(context(), {tree});
  target.put_tree(tree);
  for (const auto& file : files_for(target_, {}, {}, reporter_)) target.put_file(file);
  EXPECT_EQ(target.put_checksums().copied, 1u);
  EXPECT_EQ(target.put_checksums().unchanged, 1u);
  EXPECT_TRUE(verify_beside(target_)->problems.empty());
  damage("go.sh");
  ASSERT_EQ(verify_beside(target_)->problems.size(), 1u);
  EXPECT_EQ(verify_beside(target_)->problems.front().path, "go.sh");
  EXPECT_EQ(repair_beside(target_).restored, 1u);
  EXPECT_TRUE(verify_beside(target_)->problems.empty());
  damage(tree.id.text() + ".json");
  EXPECT_EQ(repair_beside(target_).lost, std::vector<std::string>{tree.id.text() + ".json"});
}

// The native launcher of this machine stands for those of all systems.
TEST_F(DirectoryTargetTest, HasTheLaunchersThatItsTreesNeed) {
  const auto launcher = [&](std::vector<std::string> platforms) {
    Tree tree = publish("one");
    tree.manifest.platforms = std::move(platforms);
    const auto files = files_for(target_, {tree}, {}, reporter_);
    const auto found = std::find_if(files.begin(), files.end(), [](const BundleFile& file) {
      return file.path.text().starts_with("go-linux-");
    });
    return found == files.end() ? std::nullopt : std::optional(*found);
  };
  EXPECT_FALSE(launcher({"windows/amd64"}));
  const auto own = launcher({"windows/amd64", "linux/amd64", "linux/arm64"});
  ASSERT_TRUE(own);
  DirectoryTarget target(context(), {});
  target.put_checksums();
  EXPECT_EQ(find_text(target_.home(), "SHA256SUMS", 1 << 20)->find(own->path.text()), std::string::npos);
  target.put_file(*own);
  target.put_checksums();
  EXPECT_NE(find_text(target_.home(), "SHA256SUMS", 1 << 20)->find(own->path.text()), std::string::npos);
  EXPECT_TRUE(launcher({"windows/amd64"})) << "what is there is renewed";
}

TEST_F(DirectoryTargetTest, ChecksumsMustListTheCurrentTree) {
  const auto tree = publish("one");
  DirectoryTarget without(context(), {});
  for (const auto& file : files_for(target_, {}, {}, reporter_)) without.put_file(file);
  without.put_checksums();
  DirectoryTarget target(context(), {tree});
  target.put_tree(tree);
  EXPECT_TRUE(verify_beside(target_)->problems.empty()) << "as a run that ends here leaves it";
  target.set_current(tree.id);
  ASSERT_EQ(verify_beside(target_)->problems.size(), 1u);
  EXPECT_EQ(verify_beside(target_)->problems.front().expected, "a line for " + tree.id.text() + ".json");
  target.put_checksums();
  EXPECT_TRUE(verify_beside(target_)->problems.empty());
}

TEST_F(DirectoryTargetTest, TreesThatLeaveAreClaimedAndThenRemoved) {
  const auto stays = publish("one");
  const auto leaves = publish("two");
  DirectoryTarget target(context(), {stays, leaves});
  for (const auto& tree : {stays, leaves}) target.put_tree(tree);
  EXPECT_EQ(others(target_, {stays}), std::vector{leaves.id});
  {
    const auto lease = target_.lease(leaves.id, std::chrono::milliseconds(0));
    EXPECT_EQ(test::thrown([&] { LeavingTrees(target_, {leaves.id}); }).kind(), ErrorKind::busy);
  }
  const LeavingTrees leaving(target_, {leaves.id});
  EXPECT_FALSE(leaving.empty());
  EXPECT_EQ(leaving.remove(context().run), 3u);
  EXPECT_EQ(target_.trees().known(), std::vector{stays.id});
}

TEST_F(DirectoryTargetTest, TheTreesOfABundleAreChosenByProfile) {
  EXPECT_EQ(test::thrown([&] { choose_bundled(store_, {{}, ""}, reporter_); }).kind(), ErrorKind::failed);
  const auto tree = publish("one");
  EXPECT_EQ(choose_bundled(store_, {{}, ""}, reporter_).size(), 1u);
  EXPECT_EQ(choose_bundled(store_, {{}, tree.manifest.profile}, reporter_).size(), 1u);
  const auto built_in = test::thrown([&] { choose_bundled(store_, {{}, "minimal+race"}, reporter_); });
  EXPECT_EQ(built_in.kind(), ErrorKind::failed);
  EXPECT_NE(built_in.hint().find("trim --profile minimal+race"), std::string::npos);
  const auto unknown = test::thrown([&] { choose_bundled(store_, {{}, "minimall"}, reporter_); });
  EXPECT_EQ(unknown.kind(), ErrorKind::usage);
  EXPECT_NE(unknown.hint().find("minimal"), std::string::npos);
}

TEST_F(DirectoryTargetTest, RefusesATreeThatIsDamagedInTheStore) {
  const auto tree = publish("one");
  const auto victim =
      temp_.path() / "store" / tree.id.text() / "bin/go";  // no other file has its content and mode
  fs::permissions(victim, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(victim, std::ios::binary) << "two";
  DirectoryTarget target(context(), {tree});
  EXPECT_EQ(test::thrown([&] { target.put_tree(tree); }).kind(), ErrorKind::integrity);
  EXPECT_TRUE(target_.trees().known().empty());
}

}  // namespace
}  // namespace gopack::bundle
