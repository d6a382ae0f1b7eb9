#include "newest_seen.hpp"
#include "gopack/base/replace.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace gopack::acquire {
namespace {

using release::Platform;
using release::Releases;
using release::Version;

Releases releases(std::initializer_list<const char*> names) {
  Releases releases;
  for (const auto* name : names)
    releases[Version::try_parse(name).value()] = {Platform::try_parse("linux/amd64").value()};
  return releases;
}

class Warnings final : public Reporter {
 public:
  void on(const Event& event) override {
    if (const auto* warned = std::get_if<Warned>(&event)) last = warned->text;
  }
  std::string last;
};

class NewestSeenTest : public ::testing::Test {
 protected:
  NewestSeen open() { return {store_, warnings_}; }

  test::TempDir temp_;
  store::Store store_ = store::Store::ensure(temp_.path() / "store", {store::Durability::fast});
  Warnings warnings_;
};

TEST_F(NewestSeenTest, RemembersTheNewestOfEachMinorWithoutPreReleases) {
  open().put("mirror", releases({"go1.21.12", "go1.21.13", "go1.22.1", "go1.23rc1"}), false);
  EXPECT_EQ(open().of("mirror"), releases({"go1.21.13", "go1.22.1"}));
  EXPECT_TRUE(open().of("another").empty());
}

TEST_F(NewestSeenTest, ForgetsNothingUnlessToldTo) {
  open().put("mirror", releases({"go1.22.5"}), false);
  open().put("mirror", releases({"go1.22.3"}), false);
  EXPECT_EQ(open().of("mirror"), releases({"go1.22.5"}));
  open().put("mirror", releases({"go1.22.3"}), true);
  EXPECT_EQ(open().of("mirror"), releases({"go1.22.3"}));
}

TEST_F(NewestSeenTest, GoesOnWithoutADamagedFile) {
  replace_text(store_.state(), "newest.json", R"({"sources": {"mirror": {"go1.22.5": 7}})", false);
  EXPECT_TRUE(open().of("mirror").empty());
  EXPECT_NE(warnings_.last.find("newest.json: it is damaged"), std::string::npos) << warnings_.last;
  open().put("mirror", releases({"go1.22.5"}), false);
  EXPECT_EQ(open().of("mirror"), releases({"go1.22.5"}));
}

}  // namespace
}  // namespace gopack::acquire
