#include "gopack/prove/suggestion.hpp"

#include <gtest/gtest.h>

#include "gopack/digest/sha256.hpp"

namespace gopack::prove {
namespace {

using Words = std::vector<std::string>;

// Of a command that did this with a release that has these files.
Suggestion suggest(const Trace& trace, std::initializer_list<const char*> files) {
  tree::Manifest release;
  for (const auto* path : files)
    release.files.push_back({.path = tree::RelPath(path), .sha256 = digest::hash(path)});
  return suggest_profile(
      {trace, release, release::Version::try_parse("go1.23.4").value(), Words{"make", "all"}});
}

TEST(SuggestProfile, TakesTheWordsOfGo) {
  struct Row {
    Words words;
    Words expected;
  };
  for (const auto& row : std::vector<Row>{
           {{"go", "build", "./..."}, {"build"}},
           {{"go", "test", "-race", "./..."}, {"build", "race", "test"}},
           {{"go", "build", "--cover", "test"}, {"build", "cover"}},  // test is a package here
           {{"go", "build", "-buildmode=plugin"}, {"build", "plugin"}},
           {{"go", "build", "-buildmode=pie"}, {"build"}},
       }) {
    const auto suggestion = suggest({.starts = {{"bin/go", row.words, ""}}, .opened = {}}, {});
    EXPECT_EQ(suggestion.capabilities, row.expected) << row.words.back();
    EXPECT_EQ(suggestion.targets, Words{"host"});
    EXPECT_TRUE(suggestion.keep.empty());
  }
}

TEST(SuggestProfile, OtherTargetsNeedCrossCompilation) {
  const Trace trace{.starts = {{"pkg/tool/linux_amd64/link", {"link"}, "plan9/386"}}, .opened = {}};
  const auto suggestion = suggest(trace, {});
  EXPECT_EQ(suggestion.targets, (Words{"host", "plan9/386"}));
  EXPECT_EQ(suggestion.capabilities, (Words{"build", "cross"}));
}

TEST(SuggestProfile, KeepsDirectoriesOfWhatNoCapabilityKeeps) {
  const Trace trace{.starts = {},
                    .opened = {{"cat", "misc/chrome/gophertool/gopher.js"},
                               {"cat", "no/file/of/the/release"},
                               {"go", "src/only/scanned.go"}}};
  const auto suggestion = suggest(trace, {"misc/chrome/gophertool/gopher.js", "src/only/scanned.go"});
  EXPECT_EQ(suggestion.keep, Words{"misc/chrome/gophertool/*"});
  EXPECT_EQ(suggestion.profile,
            "# What this uses of go1.23.4: make all\n"
            "name: suggested\ncapabilities: [build]\ntargets: [host]\n"
            "rules:\n  - keep:\n      - \"misc/chrome/gophertool/*\"\n"
            "    category: used\n    reason: the command opened files there\n");
}

}  // namespace
}  // namespace gopack::prove
