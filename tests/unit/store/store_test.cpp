#include "gopack/store/store.hpp"
#include "gopack/base/replace.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "gopack/store/catalog.hpp"
#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"

#include "store_fixture.hpp"
#include "support/child.hpp"
#include "support/thrown.hpp"

namespace gopack::store {
namespace {

using Ids = std::vector<tree::StoreId>;
using Paths = std::vector<std::string>;
using namespace std::chrono_literals;

TEST_F(StoreTest, CommitPublishesAReadOnlyTreeAndItsManifest) {
  for (const auto durability : {Durability::fast, Durability::full}) {
    const auto store = Store::ensure(home(), {durability});
    const auto id = publish(store, durability == Durability::fast ? "go1.22.5" : "go1.22.6");
    EXPECT_EQ(store.trees().manifest(id).files.size(), 6u);
    EXPECT_EQ(store.trees().manifest(id).id(), id);
    for (const char* directory : {"", "bin", "src", "src/b/c"})
      EXPECT_EQ(mode(in_tree(id, directory)), 0555u) << directory;
    EXPECT_EQ(mode(in_tree(id, "bin/go")), 0555u);
    EXPECT_EQ(mode(in_tree(id, "src/a/one.go")), 0444u);
    tree::MemoryTree expected;
    fill(expected, store.trees().manifest(id).release);
    tree::MemoryTree found;
    tree::read_dir(store.trees().open(id), found);
    EXPECT_EQ(found.files(), expected.files());
  }
  EXPECT_EQ(store_.trees().published().size(), 2u);
  EXPECT_TRUE(store_.removal().leftovers().empty());
}

TEST_F(StoreTest, WhereThereIsNoneNothingIsLocked) {
  const auto none = Store::open(temp_.path());
  EXPECT_EQ(test::thrown([&] { none.lock(0ms); }).text(), "there is no store in " + temp_.path().string());
}

TEST_F(StoreTest, TheSameContentTwiceIsOneTree) {
  const auto id = publish(store_);
  const auto before = store_.home().find(id.text())->inode;
  EXPECT_EQ(publish(store_), id);
  EXPECT_EQ(store_.home().find(id.text())->inode, before);
  EXPECT_EQ(store_.trees().published(), Ids{id});
  EXPECT_TRUE(store_.removal().leftovers().empty());
}

TEST_F(StoreTest, WhatIsNotCommittedIsDiscarded) {
  {
    auto staging = store_.stage();
    fill(staging.writer(), "go1.22.5");
    staging.writer().seal();
    EXPECT_EQ(store_.removal().leftovers(), Paths{".gopack/staging/1"});
  }
  EXPECT_TRUE(store_.removal().leftovers().empty());
  EXPECT_EQ(store_.home().names(), Paths{".gopack"});
}

TEST_F(StoreTest, ADirectoryThatACrashLeftWithoutManifestIsReplaced) {
  // Without root's rights: only those cannot move a read-only directory.
  std::filesystem::permissions(temp_.path(), std::filesystem::perms::all);
  EXPECT_TRUE(test::unprivileged([&] {
    const auto store = Store::ensure(temp_.path() / "other", {Durability::fast});
    const auto id = publish(store);
    store.home().remove_file(id.text() + ".json");
    const auto tree = store.trees().open(id);
    tree.set_mode(0755);
    tree.remove_file("VERSION");
    tree.set_mode(0555);
    const bool hidden = store.trees().published().empty() && store.removal().leftovers() == Paths{id.text()};
    return hidden && publish(store) == id && store.trees().published() == Ids{id} &&
           store.trees().open(id).find("VERSION") && store.removal().leftovers().empty();
  }));
}

TEST_F(StoreTest, RemovesLeftoversAndNothingElse) {
  const auto id = publish(store_);
  temp_.write("store/.gopack/staging/1/tree/file", "x");
  temp_.write("store/v_0123456789abcdef/VERSION", "x");
  temp_.write("store/notes.txt", "mine");
  temp_.write("store/.current.01234567.tmp", "x");
  temp_.write("store/shared/gopath/.go.env.01234567.tmp", "x");
  EXPECT_EQ(store_.removal().leftovers(),
            (Paths{".gopack/staging/1", ".current.01234567.tmp", "v_0123456789abcdef",
                   "shared/gopath/.go.env.01234567.tmp"}));
  store_.removal().remove_leftovers();
  EXPECT_TRUE(store_.removal().leftovers().empty());
  EXPECT_EQ(store_.trees().published(), Ids{id});
  EXPECT_EQ(test::read_file(home() / "notes.txt"), "mine");
}

TEST_F(StoreTest, RemoveTakesTreeAndManifest) {
  const auto id = publish(store_);
  const auto other = publish(store_, "go1.22.6");
  store_.removal().remove(id, store_.removal().claim(id));
  EXPECT_EQ(store_.trees().published(), Ids{other});
  EXPECT_EQ(store_.home().names(), (Paths{".gopack", other.text(), other.text() + ".json"}));
  EXPECT_EQ(test::thrown([&] { (void)store_.trees().manifest(id); }).kind(), ErrorKind::usage);
}

TEST_F(StoreTest, AnInterruptedRemovalLeavesWhatIsCollected) {
  const auto id = publish(store_);
  std::stop_source stop;
  stop.request_stop();
  const auto error =
      test::thrown([&] { store_.removal().remove(id, store_.removal().claim(id), stop.get_token()); });
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  EXPECT_TRUE(store_.trees().published().empty());
  EXPECT_EQ(store_.removal().leftovers(), (Paths{id.text(), id.text() + ".removed"}));
  store_.removal().remove_leftovers();
  EXPECT_EQ(store_.home().names(), Paths{".gopack"});
}

TEST_F(StoreTest, AnInterruptedRemovalOfThePreviousTreeIsFinishedAsWell) {
  const auto id = publish(store_);
  const auto current = publish(store_, "go1.22.6");
  store_.trees().put_proof(id, "{}");
  for (const auto& each : {id, current}) store_.pointer().switch_to(each, false);
  ASSERT_EQ(store_.removal().roots().count(id), 1u);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(store_.removal().remove(id, store_.removal().claim(id), stop.get_token()), Error);
  EXPECT_EQ(store_.removal().leftovers(),
            (Paths{id.text(), id.text() + ".proof.json", id.text() + ".removed"}));
  EXPECT_THROW(store_.removal().remove_leftovers({}, stop.get_token()), Error);
  store_.removal().remove_leftovers();
  EXPECT_EQ(store_.home().names(), (Paths{".gopack", "current", current.text(), current.text() + ".json"}));
}

TEST_F(StoreTest, ATreeThatIsLaidOutAgainAfterAnInterruptedRemovalStays) {
  const auto id = publish(store_);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(store_.removal().remove(id, store_.removal().claim(id), stop.get_token()), Error);
  EXPECT_EQ(publish(store_), id);
  EXPECT_EQ(store_.removal().leftovers(), Paths{id.text() + ".removed"});
  store_.removal().remove_leftovers();
  EXPECT_EQ(store_.home().names(), (Paths{".gopack", id.text(), id.text() + ".json"}));
}

TEST_F(StoreTest, ALeasedTreeCannotBeClaimed) {
  const auto id = publish(store_);
  {
    const auto one = store_.lease(id, 0ms);
    const auto another = Store::open(home()).lease(id, 0ms);
    ASSERT_TRUE(one && another);
    EXPECT_FALSE(store_.removal().try_claim(id));
    EXPECT_EQ(test::thrown([&] { (void)store_.removal().claim(id); }).kind(), ErrorKind::busy);
  }
  EXPECT_TRUE(store_.removal().try_claim(id));
}

TEST_F(StoreTest, WaitingForAnotherGopackHasAnEnd) {
  const auto id = publish(store_);
  const auto lock = store_.lock(0ms);
  const auto claim = store_.removal().claim(id);
  EXPECT_EQ(test::thrown([&] { (void)store_.lock(50ms); }).kind(), ErrorKind::busy);
  EXPECT_EQ(test::thrown([&] { (void)store_.lease(id, 50ms); }).kind(), ErrorKind::busy);
  std::stop_source stop;
  std::jthread another([&] { stop.request_stop(); });
  const auto token = stop.get_token();
  EXPECT_EQ(test::thrown([&] { (void)store_.lock(1h, token); }).kind(), ErrorKind::interrupted);
  EXPECT_EQ(test::thrown([&] { (void)store_.lease(id, 1h, token); }).kind(), ErrorKind::interrupted);
}

TEST_F(StoreTest, WhatHasBeenRemovedIsNotLeased) {
  const auto id = publish(store_);
  std::optional<Lease> lease;
  std::jthread waiting;
  {
    const auto claim = store_.removal().claim(id);
    waiting = std::jthread([&] { lease = Store::open(home()).lease(id, 1h); });
    store_.removal().remove(id, claim);
    publish(store_);  // the same name, another tree
  }
  waiting.join();
  EXPECT_FALSE(store_.lease(tree::StoreId("v_0123456789abcdef"), 0ms));
  // The thread has come before or after: what it got, if anything, is a lease on the tree that is there.
  EXPECT_EQ(lease.has_value(), !store_.removal().try_claim(id).has_value());
}

TEST_F(StoreTest, ADamagedManifestIsNamed) {
  const auto id = publish(store_);
  const auto other = publish(store_, "go1.22.6");
  const auto path = home() / (id.text() + ".json");
  const auto swapped = test::read_file(home() / (other.text() + ".json"));
  const auto with = [text = test::read_file(path)](const std::string& old, const std::string& fresh) {
    return std::string(text).replace(text.find(old), old.size(), fresh);
  };
  const auto stray =
      with("\"origins\": []", R"("origins": [{"file": "../go1.22.5.linux-amd64.tar.gz", "platform": "",
      "sha256": ")" + std::string(64, '1') +
                                  R"(", "source": "", "verified_by": ""}])");
  for (const std::string& text : {std::string("{}"), swapped, with("go1.22.5", "gopher"), stray}) {
    test::write_file(path, text);
    const auto error = test::thrown([&] { (void)store_.trees().manifest(id); });
    EXPECT_EQ(error.kind(), ErrorKind::integrity);
    EXPECT_NE(error.text().find(path.string()), std::string::npos) << error.text();
    EXPECT_NE(error.hint().find(id.text()), std::string::npos) << error.hint();
  }
}

TEST_F(StoreTest, OpenCreatesNothing) {
  const auto empty = temp_.path() / "empty";
  std::filesystem::create_directory(empty);
  const auto store = Store::open(empty);
  EXPECT_TRUE(store.trees().published().empty());
  EXPECT_TRUE(store.removal().leftovers().empty());
  EXPECT_FALSE(store.pointer().current());
  EXPECT_FALSE(store.pointer().previous());
  EXPECT_FALSE(store.has_downloads());
  EXPECT_EQ(test::thrown([&] { (void)current_tree(store); }).kind(), ErrorKind::failed);
  EXPECT_TRUE(std::filesystem::is_empty(empty));
  EXPECT_THROW((void)Store::open(temp_.path() / "missing"), Error);
}

TEST_F(StoreTest, OneGopackAtATimeHasTheLock) {
  {
    const auto lock = store_.lock(0ms);
    const auto error = test::thrown([&] { (void)Store::open(home()).lock(0ms); });
    EXPECT_EQ(error.kind(), ErrorKind::busy);
    EXPECT_EQ(error.text(), "cannot use " + home().string() + ": another gopack is at work there");
    EXPECT_TRUE(test::in_child([&] {
      return test::thrown([&] { (void)Store::open(home()).lock(0ms); }).kind() == ErrorKind::busy;
    }));
  }
  EXPECT_NO_THROW((void)Store::open(home()).lock(0ms));
}

TEST_F(StoreTest, ALockGoesWithTheProcessThatHeldIt) {
  EXPECT_TRUE(test::in_child([&] {
    new Lock(store_.lock(0ms));  // the process ends with it
    return true;
  }));
  EXPECT_NO_THROW((void)store_.lock(0ms));
}

TEST_F(StoreTest, AManifestNamesReleasesArchivesAndPlatformsOfGo) {
  const auto id = publish(store_);
  const auto sound = find_text(store_.home(), id.text() + ".json", 1 << 20).value();
  const auto manifest = tree::Manifest::from_json(sound, id);
  const auto reason = [&](const char* release, const char* file, const char* platform) {
    auto changed = manifest;
    changed.release = release;
    changed.origins = {{.file = file, .platform = platform, .sha256 = {}, .source = "", .verified_by = ""}};
    replace_text(store_.home(), id.text() + ".json", changed.to_json(), false);
    return std::string(test::thrown([&] { (void)store_.trees().find_manifest(id); }).text());
  };
  EXPECT_NE(reason("gone", "go1.22.5.linux-amd64.tar.gz", "linux/amd64").find("not a release"),
            std::string::npos);
  EXPECT_NE(reason("go1.22.5", "../go.tar.gz", "linux/amd64").find("not an archive"), std::string::npos);
  EXPECT_NE(reason("go1.22.5", "go1.22.5.linux-amd64.tar.gz", "linux").find("not a platform"),
            std::string::npos);
}

}  // namespace
}  // namespace gopack::store
