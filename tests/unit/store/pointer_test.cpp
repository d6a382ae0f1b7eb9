#include "gopack/store/pointer.hpp"
#include "gopack/base/replace.hpp"

#include <gtest/gtest.h>

#include "gopack/store/removal.hpp"

#include "store_fixture.hpp"

namespace gopack::store {
namespace {

const tree::StoreId kA("v_aaaaaaaaaaaaaaaa");
const tree::StoreId kB("v_bbbbbbbbbbbbbbbb");
const tree::StoreId kC("v_cccccccccccccccc");

class PointerTest : public StoreTest {
 protected:
  Pointer pointer() const { return store_.pointer(); }
  std::optional<std::string> link() const { return store_.home().find_link("current"); }
  std::optional<std::string> text() const { return find_text(store_.home(), "current.txt", 100); }
};

TEST_F(PointerTest, IsALinkWhereTheFilesystemHasThem) {
  EXPECT_FALSE(pointer().current());
  pointer().switch_to(kA, false);
  EXPECT_EQ(pointer().current(), kA);
  EXPECT_EQ(link(), kA.text());
  EXPECT_EQ(text(), std::nullopt);
  pointer().switch_to(kB, true);
  EXPECT_EQ(link(), kB.text());
  pointer().clear();
  EXPECT_FALSE(pointer().current());
  EXPECT_FALSE(store_.home().find("current"));
}

TEST_F(PointerTest, IsNotWrittenBesideADirectoryThatLaunchersFollow) {
  temp_.write("store/current.txt", kA.text() + "\n");
  temp_.write("store/current/VERSION", "go1.22.5");
  const auto error = test::thrown([&] { pointer().switch_to(kB, false); });
  EXPECT_NE(error.text().find("store/current"), std::string::npos) << error.text();
  EXPECT_EQ(text(), kA.text() + "\n");
  EXPECT_FALSE(store_.state().find("history"));
}

TEST_F(PointerTest, StaysTheTextFileThatIsThere) {
  temp_.write("store/current.txt", kA.text() + "\r\n");
  EXPECT_EQ(pointer().current(), kA);
  pointer().switch_to(kB, false);
  EXPECT_EQ(pointer().current(), kB);
  EXPECT_EQ(text(), kB.text() + "\n");
  EXPECT_EQ(link(), std::nullopt);
  EXPECT_EQ(pointer().previous(), kA);
}

TEST(PointerKindTest, FollowsFromWhoReadsThePointer) {
  struct Case {
    PointerReaders readers;
    PointerKind kind;
  };
  for (const auto& [readers, kind] : {
           Case{{}, PointerKind::link},
           Case{{.windows_reads = true}, PointerKind::text},
           Case{{.windows_starts = true}, PointerKind::text},
           Case{{.has_links = false}, PointerKind::text},
           Case{{.has_text = true}, PointerKind::text},
           Case{{.windows_reads = true, .windows_starts = true, .has_links = false}, PointerKind::text},
       }) {
    EXPECT_EQ(choose_pointer(readers), kind)
        << readers.windows_reads << readers.windows_starts << readers.has_links << readers.has_text;
  }
}

TEST_F(PointerTest, OneOfTwoKindsStays) {
  pointer().switch_to(kA, false);
  temp_.write("store/current.txt", kB.text() + "\n");
  EXPECT_EQ(pointer().current(), kA);
  pointer().switch_to(kA, false);
  EXPECT_EQ(link(), kA.text());
  EXPECT_EQ(text(), std::nullopt);
}

TEST_F(PointerTest, IsATextWhereLaunchersForWindowsHaveATree) {
  pointer().switch_to(kA, false);
  std::filesystem::create_directories(home() / kA.text());
  std::filesystem::create_directories(home() / kB.text() / "pkg/tool/windows_amd64");
  pointer().switch_to(kB, false);  // nobody on Windows starts what lies in a store
  EXPECT_EQ(link(), kB.text());
  temp_.write("store/go.bat", "");
  for (const auto& id : {kB, kA}) {  // the same tree: only the kind is mended
    pointer().switch_to(id, true);
    EXPECT_EQ(pointer().current(), id);
    EXPECT_EQ(link(), std::nullopt);
    EXPECT_EQ(text(), id.text() + "\n");
  }
  EXPECT_EQ(pointer().previous(), kB);
}

// As ntfs-3g and macOS write one, and as other systems see it.
TEST_F(PointerTest, ReplacesALinkThatIsAFileHere) {
  using namespace std::string_literals;
  for (const auto& foreign : {"IntxLNK\1v\0_\0"s, "XSym\n0018\n"s}) {
    temp_.write("store/current", foreign);
    temp_.write("store/current.txt", kA.text() + "\n");
    EXPECT_EQ(pointer().current(), kA);
    EXPECT_NO_THROW(pointer().require_understood());
    pointer().switch_to(kA, false);
    EXPECT_FALSE(store_.home().find("current"));
    EXPECT_EQ(text(), kA.text() + "\n");
  }
  temp_.write("store/current", "notes of the user");
  EXPECT_THROW(pointer().switch_to(kB, false), Error);
  EXPECT_EQ(text(), kA.text() + "\n");
}

TEST_F(PointerTest, TheHistoryHelpsWhereAPowerCutTookThePointer) {
  const auto old = publish(store_, "go1.21.0");
  const auto fresh = publish(store_, "go1.22.5");
  pointer().switch_to(old, false);
  pointer().switch_to(fresh, false);
  std::filesystem::remove(home() / "current");
  EXPECT_EQ(pointer().current(), fresh);
  temp_.write("store/current.txt", kC.text() + "\n");
  EXPECT_EQ(pointer().current(), fresh);
  store_.removal().remove(fresh, store_.removal().claim(fresh));
  EXPECT_EQ(pointer().current(), old);
  pointer().switch_to(old, false);
  EXPECT_EQ(text(), old.text() + "\n");
}

TEST_F(PointerTest, PreviousIsWhereTheLastSwitchCameFrom) {
  EXPECT_FALSE(pointer().previous());
  pointer().switch_to(kA, false);
  EXPECT_FALSE(pointer().previous());  // the first one came from nowhere
  pointer().switch_to(kB, false);
  pointer().switch_to(kC, false);
  pointer().switch_to(kC, false);  // no switch
  EXPECT_EQ(pointer().previous(), kB);
  pointer().switch_to(kB, false);  // a rollback …
  EXPECT_EQ(pointer().previous(), kC);
  pointer().switch_to(kC, false);  // … and back again
  EXPECT_EQ(pointer().current(), kC);
  EXPECT_EQ(pointer().previous(), kB);
}

TEST_F(PointerTest, ASwitchThatACrashCutOffIsNotGoneBackTo) {
  pointer().switch_to(kA, false);
  pointer().switch_to(kB, false);
  const auto history = find_text(store_.state(), "history", 1000).value();
  replace_text(store_.state(), "history", history + kB.text() + " " + kC.text() + "\n", false);
  EXPECT_EQ(pointer().current(), kB);
  EXPECT_EQ(pointer().previous(), kA);
}

TEST_F(PointerTest, ALinkMayBeSpelledAsAPath) {
  for (const auto& target : {kA.text() + "/", "./" + kA.text(), "./" + kA.text() + "/"}) {
    replace_link(store_.home(), "current", target, false);
    EXPECT_EQ(pointer().current(), kA) << target;
    EXPECT_NO_THROW(pointer().require_understood()) << target;
  }
  for (const auto& target : {(home() / kA.text()).string(), "../store/" + kA.text()}) {
    replace_link(store_.home(), "current", target, false);
    EXPECT_FALSE(pointer().named()) << target;
    const auto error = test::thrown([&] { pointer().require_understood(); });
    EXPECT_NE(error.text().find(target), std::string::npos) << error.text();
  }
}

TEST_F(PointerTest, HistoryStaysSmall) {
  for (int i = 0; i < 150; ++i) pointer().switch_to(i % 2 == 0 ? kA : kB, false);
  EXPECT_EQ(store_.state().find("history")->size, 100u * (2 * kA.text().size() + 2));
  EXPECT_EQ(pointer().previous(), kA);
}

TEST_F(PointerTest, WhatIsNoTreesNameIsNoPointer) {
  for (const auto& text : {std::string(), std::string("\n"), std::string("../outside\n"), kA.text() + "/..",
                           " " + kA.text(), kA.text() + "\n" + kB.text(), std::string(5000, 'v')}) {
    temp_.write("store/current.txt", text);
    EXPECT_FALSE(pointer().current()) << text;
  }
  std::filesystem::create_symlink("/etc", home() / "current");
  EXPECT_FALSE(pointer().current());
  pointer().switch_to(kA, false);
  EXPECT_EQ(pointer().current(), kA);
}

}  // namespace
}  // namespace gopack::store
