#include "release_choice.hpp"

#include <gtest/gtest.h>

#include "support/thrown.hpp"

namespace gopack::acquire {
namespace {

using release::Platform;
using release::Releases;
using release::Version;

Version version(std::string_view name) {
  return Version::try_parse(name).value();
}

Releases releases(std::initializer_list<std::pair<const char*, std::vector<const char*>>> rows) {
  Releases releases;
  for (const auto& [name, platforms] : rows) {
    for (const auto* platform : platforms)
      releases[version(name)].insert(Platform::try_parse(platform).value());
  }
  return releases;
}

ReleaseChoice choice(std::initializer_list<const char*> selectors,
                     const std::vector<std::string>& platforms) {
  ReleaseChoice choice{.selectors = {}, .platforms = release::parse_platforms(platforms), .which = {}};
  for (const auto* selector : selectors) choice.selectors.push_back(release::Selector::parse(selector));
  return choice;
}

std::vector<std::string> names(const std::vector<Version>& versions) {
  std::vector<std::string> names;
  for (const auto& each : versions) names.push_back(each.name());
  return names;
}

using Names = std::vector<std::string>;

const Releases kOffered = releases({{"go1.21.13", {"linux/amd64", "windows/amd64"}},
                                    {"go1.22.11", {"linux/amd64", "windows/amd64"}},
                                    {"go1.22.12", {"linux/amd64"}}});

TEST(ReleaseChoiceTest, TakesTheNewestThatEveryPlatformHas) {
  EXPECT_EQ(names(choice({"1.22"}, {"linux/amd64"}).choose(kOffered)), Names{"go1.22.12"});
  EXPECT_EQ(names(choice({"1.22"}, {"linux/amd64,windows/amd64"}).choose(kOffered)), Names{"go1.22.11"});
  EXPECT_EQ(names(choice({"1.22"}, {"all"}).choose(kOffered)), Names{"go1.22.12"});
}

TEST(ReleaseChoiceTest, SaysThatNothingMatches) {
  const auto error = test::thrown([] { choice({"1.25"}, {"linux/amd64"}).choose(kOffered); });
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
}

TEST(ReleaseChoiceTest, NamesWhatAPlatformLacks) {
  const auto left_out = choice({"1.21..1.22"}, {"linux/amd64,windows/amd64"}).left_out(kOffered);
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_EQ(left_out.at("windows/amd64"), Names{"go1.22.12"});
  EXPECT_TRUE(choice({"1.21"}, {"linux/amd64,windows/amd64"}).left_out(kOffered).empty());
}

TEST(ReleaseChoiceTest, FindsWhatASourceHadAndLost) {
  const auto seen = releases({{"go1.22.13", {"linux/amd64"}}});
  EXPECT_EQ(choice({"1.22"}, {"linux/amd64"}).find_lost(kOffered, seen), version("go1.22.13"));
  EXPECT_EQ(choice({"1.22.12"}, {"linux/amd64"}).find_lost(kOffered, seen), std::nullopt);
  EXPECT_EQ(choice({"1.21"}, {"linux/amd64"}).find_lost(kOffered, seen), std::nullopt);
  EXPECT_EQ(choice({"1.22"}, {"windows/amd64"}).find_lost(kOffered, seen), std::nullopt);
}

TEST(ReleaseChoiceTest, PicksArchivesInOrder) {
  std::vector<source::Offer> offers;
  for (const auto* file :
       {"go1.22.12.linux-amd64.tar.gz", "go1.21.13.windows-amd64.zip", "go1.21.13.linux-amd64.tar.gz"})
    offers.push_back({release::parse_filename(file).value(), {}, false, "", ""});
  EXPECT_EQ(releases_of(offers).size(), 2u);
  const auto picked = choice({"1.21"}, {"linux/amd64,windows/amd64"})
                          .pick(offers, {version("go1.21.13"), version("go1.22.12")});
  Names files;
  for (const auto& offer : picked) files.push_back(offer.file.filename);
  EXPECT_EQ(files, (Names{"go1.21.13.linux-amd64.tar.gz", "go1.21.13.windows-amd64.zip",
                          "go1.22.12.linux-amd64.tar.gz"}));
}

TEST(ReleaseChoiceTest, DoubtsAnOldIndexOnlyWhereItIsChosenFrom) {
  EXPECT_FALSE(choice({"1.22"}, {}).is_outdated_by(std::chrono::days(90)));
  EXPECT_TRUE(choice({"1.22"}, {}).is_outdated_by(std::chrono::days(91)));
  EXPECT_FALSE(choice({"1.22.12"}, {}).is_outdated_by(std::chrono::days(400)));
}

}  // namespace
}  // namespace gopack::acquire
