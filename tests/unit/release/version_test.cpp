#include "gopack/release/version.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/thrown.hpp"

namespace gopack::release {
namespace {

Version version(std::string_view text) {
  return Version::try_parse(text).value();
}

TEST(Version, NameIsTheGoProjectsOwnSpelling) {
  const std::pair<const char*, const char*> names[] = {
      {"1.22.5", "go1.22.5"},   {"go1.22.5", "go1.22.5"},     {"1.20", "go1.20"},     {"1.20.0", "go1.20"},
      {"1.20.14", "go1.20.14"}, {"1.21", "go1.21.0"},         {"1.21.0", "go1.21.0"}, {"1.22", "go1.22.0"},
      {"1.24rc1", "go1.24rc1"}, {"go1.6beta2", "go1.6beta2"}, {"1.10", "go1.10"},     {"1.2.2", "go1.2.2"}};
  for (const auto& [text, name] : names) {
    EXPECT_EQ(version(text).name(), name);
    EXPECT_EQ(Version::try_parse(name), version(text)) << name;
  }
}

TEST(Version, RefusesEverythingElse) {
  for (const char* bad : {"",          "go",        "1",          "go1",      "1.",
                          ".1",        "1.22.",     "1.22.5.1",   "v1.22.5",  "1.22.5 ",
                          " 1.22",     "1.022",     "1.22.05",    "1.-1",     "1.22rc",
                          "1.22rc1.1", "1.22.1rc1", "1.22alpha1", "1.22RC1",  "1.99999999999",
                          "1.x",       "latest",    "gogo1.22",   "1.22-rc1", "1.21.3-custom"}) {
    EXPECT_EQ(Version::try_parse(bad), std::nullopt) << bad;
  }
}

TEST(Version, ParseSaysWhatIsNoVersion) {
  EXPECT_EQ(Version::parse("go1.22.5").text(), "1.22.5");
  EXPECT_EQ(test::thrown([] { Version::parse("devel"); }).text(), "\"devel\" is not a version of Go");
}

TEST(Version, OrderIsGosOwn) {
  const char* sorted[] = {"1.4",    "1.9.7",  "1.10beta1", "1.10beta2", "1.10rc1", "1.10rc2",
                          "1.10",   "1.10.1", "1.20",      "1.20.1",    "1.21rc2", "1.21rc10",
                          "1.21.0", "1.21.9", "1.21.10",   "1.100",     "2.0"};
  for (std::size_t i = 0; i + 1 < std::size(sorted); ++i) {
    EXPECT_LT(version(sorted[i]), version(sorted[i + 1])) << sorted[i] << " < " << sorted[i + 1];
  }
  EXPECT_EQ(version("1.20"), version("1.20.0"));
  EXPECT_TRUE(version("1.21rc2").is_prerelease());
  EXPECT_FALSE(version("1.21.0").is_prerelease());
}

TEST(VersionRange, ContainsWhatItSays) {
  struct Row {
    const char* range;
    const char* inside;
    const char* outside;
  };
  const Row rows[] = {
      {">=1.21,<1.25", "1.21.0 1.21rc1 1.24.9", "1.20 1.20.14 1.25.0 1.25rc1 1.25.1"},
      {"<1.20", "1.4 1.19.13", "1.20rc1 1.20 1.20.1 1.100 2.1"},
      {"<=1.20", "1.19 1.20.14", "1.21.0"},
      {">1.20", "1.21.0 2.0", "1.20.14"},
      {"=1.22", "1.22.0 1.22.12 1.22rc1", "1.21.13 1.23.0"},
      {">=1.22.3", "1.22.3 1.23.0", "1.22.2 1.21.9"},
      {"<=1.22.3", "1.22.3 1.22.0 1.21.13", "1.22.4 1.23.0"},
      {" >= 1.21 , < 1.22 ", "1.21.5", "1.22.0"},
  };
  const auto each = [](const std::string& words, auto check) {
    std::istringstream stream(words);
    for (std::string word; stream >> word;) check(word);
  };
  for (const auto& row : rows) {
    const auto range = VersionRange::try_parse(row.range);
    ASSERT_TRUE(range) << row.range;
    each(row.inside,
         [&](const auto& v) { EXPECT_TRUE(range->contains(version(v))) << v << " in " << row.range; });
    each(row.outside,
         [&](const auto& v) { EXPECT_FALSE(range->contains(version(v))) << v << " in " << row.range; });
  }
}

TEST(VersionRange, RefusesWhatIsNone) {
  for (const char* bad :
       {"", "1.21", ">=", ">=1.21,", ",>=1.21", ">=1.21 <1.25", "==1.21", "~1.21", ">=1.21rc1", ">=x"}) {
    EXPECT_FALSE(VersionRange::try_parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace gopack::release
