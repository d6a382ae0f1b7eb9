#include "gopack/store/shared_files.hpp"

#include <filesystem>

#include "gopack/store/disk_usage.hpp"
#include "gopack/store/trees.hpp"
#include "store_fixture.hpp"

namespace gopack::store {
namespace {

class SharedFilesTest : public StoreTest {
 protected:
  SharedFilesTest() : id_(publish(store_)), files_(store_.trees().manifest(id_).files) {}

  // Into a new tree of a store; returns the paths of what could not be shared.
  std::vector<std::string> share(const Store& store, std::vector<tree::ManifestFile> wanted,
                                 Staging& staging) const {
    SilentReporter silent;
    std::vector<std::string> rest;
    for (const auto& file : share_files(wanted, {store}, staging.writer(), {silent, {}, 2}))
      rest.push_back(file.path.text());
    return rest;
  }
  void damage(std::string_view path, std::string_view text) const {
    const auto file = in_tree(id_, path);
    std::filesystem::permissions(file.parent_path(), std::filesystem::perms(0755));
    const auto mode = std::filesystem::status(file).permissions();
    std::filesystem::remove(file);
    auto made = Dir::open(file.parent_path()).create_file(file.filename(), static_cast<std::uint32_t>(mode));
    made.write(as_bytes(text));
    made.close();
  }

  tree::StoreId id_;
  std::vector<tree::ManifestFile> files_;
};

TEST_F(SharedFilesTest, WhatATreeHasIsSharedUnderOtherPaths) {
  auto wanted = files_;
  for (auto& file : wanted) file.path = tree::RelPath("new/" + file.path.text());
  auto staging = store_.stage();
  EXPECT_TRUE(share(store_, wanted, staging).empty());
  EXPECT_EQ(staging.writer().files(), wanted);
  tree::Manifest manifest;
  manifest.release = "go1.22.5";
  const auto id = std::move(staging).commit(manifest);
  EXPECT_TRUE(verify_tree(store_.trees().open(id), wanted, Depth::contents, 1, {}).empty());
  EXPECT_EQ(mode(in_tree(id, "new/bin/go")), 0555U);
}

TEST_F(SharedFilesTest, OnlyWhatIsAsTheManifestSaysIsShared) {
  damage("bin/go", "not a command");     // another size
  damage("bin/gofmt", "the f0rmatter");  // the same size
  std::filesystem::permissions(in_tree(id_, "src/b/c"), std::filesystem::perms(0755));
  std::filesystem::remove(in_tree(id_, "src/b/c/deep.go"));
  auto staging = store_.stage();
  EXPECT_EQ(share(store_, files_, staging),
            (std::vector<std::string>{"bin/go", "bin/gofmt", "src/b/c/deep.go"}));
  EXPECT_EQ(staging.writer().files().size(), files_.size() - 3);
}

TEST_F(SharedFilesTest, ModeCountsAsContentDoes) {
  auto wanted = files_;
  for (auto& file : wanted) file.executable = !file.executable;
  auto staging = store_.stage();
  EXPECT_EQ(share(store_, wanted, staging).size(), wanted.size());
}

TEST_F(SharedFilesTest, WhatWasWrittenIsReplaced) {
  auto staging = store_.stage();
  fill(staging.writer(), "go1.22.6");
  const auto written = staging.writer().files();
  EXPECT_EQ(share(store_, written, staging), std::vector<std::string>{"VERSION"});
  EXPECT_EQ(staging.writer().files(), written);
  tree::Manifest manifest;
  manifest.release = "go1.22.6";
  const auto id = std::move(staging).commit(manifest);
  EXPECT_TRUE(verify_tree(store_.trees().open(id), written, Depth::contents, 1, {}).empty());
}

TEST_F(SharedFilesTest, AStoreThatDoesNotShareHasNothing) {
  const auto store = Store::ensure(home(), {Durability::fast, Linking::never});
  auto staging = store.stage();
  EXPECT_EQ(share(store, files_, staging).size(), files_.size());
}

TEST_F(SharedFilesTest, DamagedManifestsAreLeftOut) {
  std::filesystem::resize_file(home() / (id_.text() + ".json"), 100);
  auto staging = store_.stage();
  EXPECT_EQ(share(store_, files_, staging).size(), files_.size());
}

TEST(DiskUsage, AFileIsFreeWithItsLastName) {
  const test::TempDir temp;
  const auto a = Dir::ensure(temp.path() / "a");
  for (const std::string name : {"one", "two"}) {
    auto file = a.create_file(name);
    file.write(as_bytes(std::string_view("0123456789")));
    file.close();
  }
  Dir::ensure(temp.path() / "b");
  Dir::ensure(temp.path() / "c");
  std::filesystem::create_hard_link(temp.path() / "a/one", temp.path() / "b/one");
  std::filesystem::create_hard_link(temp.path() / "a/one", temp.path() / "c/one");
  const auto root = Dir::open(temp.path());

  for (const bool removes : {false, true}) {
    DiskUsage usage;
    std::vector<std::uint64_t> freed;
    for (const std::string name : {"a", "b", "c", "missing"}) {
      usage.add(root, name);
      freed.push_back(usage.freed());
      if (removes) remove_tree(root, name);
    }
    EXPECT_EQ(freed, (std::vector<std::uint64_t>{10, 10, 20, 20})) << removes;
    EXPECT_EQ(usage.taken(), 20U);
  }
}

}  // namespace
}  // namespace gopack::store
