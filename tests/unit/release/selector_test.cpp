#include "gopack/release/selector.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::release {
namespace {

std::vector<Version> versions(const std::string& words) {
  std::vector<Version> versions;
  std::istringstream stream(words);
  for (std::string word; stream >> word;) versions.push_back(Version::try_parse(word).value());
  return versions;
}

std::string text(const std::vector<Version>& versions) {
  std::string text;
  for (const auto& version : versions) text += (text.empty() ? "" : " ") + version.text();
  return text;
}

// In no order, some twice.
const std::vector<Version> kAvailable = versions(
    "1.24rc1 1.24rc2 1.18 1.18.10 1.20.14 1.20 1.20.2 1.21rc2 1.21.0 1.21.13 1.22.12 1.22.1 1.22.3 1.22.5 "
    "1.23.0 1.23.2 "
    "1.19.13 1.22.5 1.9.7");

std::string choose(std::string_view selector, const SelectorOptions& options = {}) {
  return text(Selector::parse(selector).choose(kAvailable, options));
}

TEST(Selector, ChoosesWhatTheManualSays) {
  const std::pair<const char*, const char*> rows[] = {
      {"1.22.5", "1.22.5"},
      {"go1.22.5", "1.22.5"},
      {"1.21.0", "1.21.0"},
      {"go1.20", "1.20"},  // the release of that name
      {"1.20.0", "1.20"},
      {"1.20", "1.20.14"},
      {"1.22", "1.22.12"},
      {"go1.22", "1.22.12"},  // there is no release of that name
      {"1.22.x", "1.22.12"},
      {"~1.22", "1.22.12"},
      {"1.18..1.23", "1.18.10 1.19.13 1.20.14 1.21.13 1.22.12 1.23.2"},
      {"go1.18..go1.20", "1.18.10 1.19.13 1.20.14"},
      {"1.21..1.21", "1.21.13"},
      {"1.22.1..1.22.5", "1.22.1 1.22.3 1.22.5"},
      {"1.22.4..1.23.0", "1.22.5 1.22.12 1.23.0"},
      {"1.22.5..1.23", "1.22.5 1.22.12 1.23.0 1.23.2"},
      {"1.20..1.21.0", "1.20 1.20.2 1.20.14 1.21.0"},
      {"latest", "1.23.2"},
      {"stable", "1.23.2"},
      {"oldstable", "1.22.12"},
      {"1.24rc1", "1.24rc1"},
      {"go1.21rc2", "1.21rc2"},
      {"1.24", ""},
      {"1.22.99", ""},
      {"1.24..1.25", ""},
  };
  for (const auto& [selector, chosen] : rows) EXPECT_EQ(choose(selector), chosen) << selector;
}

TEST(Selector, OptionsWidenTheChoice) {
  const SelectorOptions all{.all_patches = true};
  EXPECT_EQ(choose("1.20..1.21", all), "1.20 1.20.2 1.20.14 1.21.0 1.21.13");
  EXPECT_EQ(choose("1.22", all), "1.22.12");
  const SelectorOptions pre{.prereleases = true};
  EXPECT_EQ(choose("latest", pre), "1.24rc2");
  EXPECT_EQ(choose("1.24", pre), "1.24rc2");
  EXPECT_EQ(choose("1.21", pre), "1.21.13");
  EXPECT_EQ(choose("1.23..1.24", pre), "1.23.2 1.24rc2");
}

TEST(Selector, OldstableNeedsTwoMinors) {
  EXPECT_EQ(text(Selector::parse("oldstable").choose(versions("1.22.1 1.22.2"), {})), "");
  EXPECT_EQ(text(Selector::parse("oldstable").choose(versions("1.22.1 1.18.3 1.23rc1"), {})), "1.18.3");
}

TEST(Selector, RefusesWhatIsNone) {
  for (const char* bad :
       {"", "newest", "1", "1.x", "~1.22.5", "1.22.5.x", "~1.20rc1", "1.22..", "..1.22", "..", "1.18...1.23",
        "1.18-1.23", "v1.22.5", "1.22.5;rm", "~", ".x", "1.18..latest"}) {
    const auto error = test::thrown([&] { Selector::parse(bad); });
    EXPECT_EQ(error.kind(), ErrorKind::usage) << bad;
    EXPECT_NE(error.hint(), "") << bad;
  }
  EXPECT_EQ(test::thrown([] { Selector::parse("1.23..1.18"); }).text(),
            "the range \"1.23..1.18\" is empty: its end is older than its start");
}

TEST(Selector, KnowsWhetherItNamesOneRelease) {
  EXPECT_EQ(Selector::parse("1.22.5").exact(), Version::try_parse("1.22.5"));
  EXPECT_EQ(Selector::parse("1.24rc1").exact(), Version::try_parse("1.24rc1"));
  for (const char* other : {"1.22", "~1.22", "latest", "1.22.1..1.22.5"}) {
    EXPECT_EQ(Selector::parse(other).exact(), std::nullopt) << other;
  }
}

TEST(Selector, TheFirstSufficientReleaseOfTheMinorOrElseTheNewest) {
  const std::vector<Version> available = {Version::parse("1.21.3"), Version::parse("1.22.3"),
                                          Version::parse("1.22.5"), Version::parse("1.24.1"),
                                          Version::parse("1.25.0"), Version::parse("1.26rc1")};
  const auto sufficient = [&](std::string_view text) {
    const auto chosen = Selector::parse(text).choose_sufficient(available, {.all_patches = true});
    return chosen.empty() ? "" : chosen.front().text();
  };
  for (const auto& [text, expected] :
       std::vector<std::pair<std::string_view, std::string>>{{"1.22.3", "1.22.3"},
                                                             {"1.22.4", "1.22.5"},
                                                             {"1.22", "1.22.5"},
                                                             {"1.22.6", "1.25.0"},
                                                             {"1.23", "1.25.0"},
                                                             {"1.20", "1.25.0"},
                                                             {"1.26rc1", "1.26rc1"},
                                                             {"1.26", ""},
                                                             {"1.25.1", ""}})
    EXPECT_EQ(sufficient(text), expected) << text;
}

TEST(Selector, NamesTheNearestReleasesWhenNoneMatches) {
  const auto error = test::thrown([] { (void)Selector::parse("1.22.4").resolve(kAvailable, {}); });
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
  EXPECT_EQ(error.text(), "no release matches \"1.22.4\"");
  EXPECT_EQ(error.hint(), "available near it: go1.22.1, go1.22.3, go1.22.5, go1.22.12");
  EXPECT_EQ(test::thrown([] { (void)Selector::parse("1.99").resolve(kAvailable, {}); }).hint(),
            "available near it: go1.24rc1, go1.24rc2");
  EXPECT_EQ(test::thrown([] { (void)Selector::parse("latest").resolve({}, {}); }).hint(), "");
}

TEST(ResolveAll, GivesEachReleaseOnceOldestFirst) {
  const std::vector<Selector> selectors = {Selector::parse("latest"), Selector::parse("1.22..1.23"),
                                           Selector::parse("1.18")};
  EXPECT_EQ(text(resolve_all(selectors, kAvailable, {})), "1.18.10 1.22.12 1.23.2");
}

TEST(ProjectFile, AsksForWhatGoWouldTake) {
  struct Row {
    const char* name;
    const char* content;
    const char* selector;
  };
  const Row rows[] = {
      {"go.mod", "module example.org/m\n\ngo 1.21\n\ntoolchain go1.22.5\n", "go1.22.5"},
      {"go.mod", "module m // go 1.1\n// go 1.2\ngo 1.20 // the least\n\nrequire golang.org/x/sys v0.1.0\n",
       "1.20"},
      {"go.mod", "module m\r\ngo 1.22.3\r\n", "1.22.3"},
      {"go.mod", "module m\ngo 1.22.3\ntoolchain default\n", "1.22.3"},
      {"go.mod", "module m\nrequire (\n\tgo.uber.org/zap v1.2.3\n)\ngo 1.23.0", "1.23.0"},
      {"go.work", "go 1.21.0\ntoolchain go1.23.2\nuse ./a\n", "go1.23.2"},
      {"go.work", "go 1.26.0\ntoolchain go1.25.1\nuse ./a\n", "1.26.0"},
      {"go.mod", "go 1.26.0\ntoolchain go1.25.1\n", "1.26.0"},
      {"go.mod", "toolchain go1.25.1\ngo 1.26\n", "1.26"},
      {"go.mod", "go 1.26\ntoolchain go1.26rc1\n", "go1.26rc1"},
      {"go.mod", "go 1.26.0\ntoolchain go1.26rc1\n", "1.26.0"},
      {"go.mod", "go 1.26rc2\ntoolchain go1.26rc1\n", "1.26rc2"},
      {"go.mod", "go 1.20\ntoolchain go1.20rc1\n", "1.20"},
      {"go.mod", "go 1.22.5\ntoolchain go1.22.5\n", "1.22.5"},
      {"go.mod", "go\t1.22.5//least\n\ttoolchain  go1.22.6-custom+1 // ours\r\n", "go1.22.6"},
      {"go.mod", "go 1.22.5\ntoolchain go1.22.6 custom\n", "go1.22.6"},
      {"go.mod", "go1.22\ngopher 1.22\ngo 1.23\ngo 1.24\n", "1.23"},
      {"go.mod", "toolchain go1.22.5-mine\n", "go1.22.5"},
      {"go.mod", "module m\nrequire ( // two\n\tgo v1.2.3\n\ttoolchain v1.2.4\n)\ngo 1.23.12 // (\n",
       "1.23.12"},
      {"go.mod", "replace(\r\n\tgo => ./go\r\n) // x\r\ngo 1.22.1\r\ntoolchain go1.22.3", "go1.22.3"},
      {"go.mod", "exclude ()\ngo 1.22.1\nignore (\n go x\n", "1.22.1"},
      {"go.work", "use (\n\tgo\n\t./x\n)\n\ngo 1.22.1\n", "1.22.1"},
      {".go-version", "# comment\n\n  \t# 1.2\n\t1.22.5 # ours\n1.3\n", "1.22.5"},
      {".go-version", "1.22.5# ours\n", "1.22.5"},
      {".go-version", "1.22.5\n", "1.22.5"},
      {".go-version", "go1.22.5\r\n", "go1.22.5"},
      {".tool-versions", "nodejs 20.1.0\n# golang 1.1.1\ngolang 1.22.5 1.21.0\n", "1.22.5"},
      {".tool-versions", "go 1.21.13\n", "1.21.13"},
  };
  const test::TempDir temp;
  for (const auto& row : rows) {
    const auto selector = selector_from_project_file(temp.write(row.name, row.content));
    ASSERT_TRUE(selector) << row.content;
    EXPECT_EQ(selector->text(), row.selector) << row.content;
  }
}

TEST(ProjectFile, SaysWhenItAsksForNothingOrNonsense) {
  const test::TempDir temp;
  for (const char* name : {"go.mod", "go.work", ".go-version", ".tool-versions"}) {
    const auto path = temp.write(name, "\n");
    const auto error = test::thrown([&] { selector_from_project_file(path); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.text(), path + " does not ask for a version of Go");
  }
  for (const std::string name : {"1.22.5", "local", "mine-go1.22.5", "go1", "go1.22.5+auto"}) {
    const auto path = temp.write("go.mod", "go 1.21\ntoolchain " + name + "\n");
    EXPECT_EQ(test::thrown([&] { selector_from_project_file(path); }).text(),
              "\"" + name + "\" is not a toolchain of Go (while reading " + path + ")");
  }
  for (const std::string go : {"\"1.22\"", "(", "1.22.5-mine", "1.22 1.23"}) {
    const auto path = temp.write("go.mod", "go " + go + "\ntoolchain go1.21.1\n");
    EXPECT_EQ(test::thrown([&] { selector_from_project_file(path); }).text(),
              "\"" + go + "\" chooses no Go release (while reading " + path + ")");
  }
  EXPECT_EQ(test::thrown([&] { selector_from_project_file(temp.path() / "no" / "go.mod"); }).kind(),
            ErrorKind::failed);
  for (const char* other : {"1.22", "latest", "go.sum", "main.go", "go.mod.bak"}) {
    EXPECT_FALSE(selector_from_project_file(other)) << other;
  }
}

}  // namespace
}  // namespace gopack::release
