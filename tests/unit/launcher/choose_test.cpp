#include "choose.hpp"

#include <gtest/gtest.h>

#include "failure.hpp"

namespace gopack::launcher {
namespace {

using Words = std::vector<std::string>;

const std::string kOld = "v_0123456789abcdef", kNarrow = "v_1111111111111111", kWide = "v_2222222222222222";
const std::string kMine = "v_3333333333333333", kNext = "v_3334444444444444", kFirst = "v_5555555555555555";
const Words kOnLinux = {"linux_amd64"}, kOnBoth = {"linux_amd64", "windows_amd64"};

const std::vector<TreeFacts> kTrees = {{kOld, "go1.22.3", "minimal", false, {}, kOnLinux},
                                       {kNarrow, "go1.22.12", "minimal", false, {}, kOnLinux},
                                       {kWide, "go1.22.12", "minimal", false, {}, kOnBoth},
                                       {kMine, "go1.26.1", "mine", false, {}, kOnLinux},
                                       {kNext, "go1.26.1", "minimal", false, {}, kOnBoth},
                                       {kFirst, "go1.27rc1", "minimal", false, {}, kOnLinux}};

std::string answer(const std::string& word, const std::vector<TreeFacts>& trees = kTrees) {
  try {
    return find_named(word, trees, "use.sh");
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status, 1);
    return failure.message;
  }
}

TEST(Choose, TakesWhatTheWordNames) {
  struct Row {
    const char* word;
    std::string tree;
  };
  for (const auto& [word, tree] :
       {Row{"1.22", kWide}, Row{"go1.22", kWide}, Row{"1.22.3", kOld}, Row{"1.22+minimal", kWide},
        Row{"1.22/windows-amd64", kWide}, Row{"1.22+minimal/windows/amd64", kWide}, Row{"1.26+mine", kMine},
        Row{"go1.26/windows-amd64", kNext}, Row{"1.27rc1", kFirst}, Row{"v_1", kNarrow},
        Row{"v_333333", kMine}, Row{"v_1111111111111111", kNarrow}})
    EXPECT_EQ(answer(word), tree) << word;
}

TEST(Choose, SaysWhereItIsNoneOrSeveral) {
  for (const char* word :
       {"1.21", "1.22.1", "1.22+mine", "1.26/plan9-386", "1.2", "latest", "v_f", "1.27", "/"})
    EXPECT_EQ(answer(word),
              "no tree of this bundle is " + std::string(word) + "; use.sh without an argument lists them");
  for (const std::string word : {"1.25+", "1.25+/plan9-386"})
    EXPECT_EQ(answer(word),
              word + " names no profile behind the +: name one, as in 1.26+minimal, or leave the + out");
  const auto several = [](const std::string& word) {
    return word + " may be each of " + kMine + " " + kNext +
           ": name one of them, or the profile or platform: 1.22+minimal, 1.22/windows-amd64";
  };
  for (const char* word : {"1.26", "1.26.1", "v_333"}) EXPECT_EQ(answer(word), several(word));
}

TEST(Choose, ATreeForMorePlatformsTakesThePlaceOfOneOfTheSameKind) {
  const TreeFacts narrow = kTrees[1], wide = kTrees[2];
  const auto count = [&](const TreeFacts& other) { return without_superseded({narrow, other}).size(); };
  EXPECT_EQ(count(wide), 1U);
  auto other = wide;
  other.profile = "mine";
  EXPECT_EQ(count(other), 2U);
  other = wide;
  other.stripped = true;
  EXPECT_EQ(count(other), 2U);
  other = wide;
  other.targets = {"linux/amd64"};
  EXPECT_EQ(count(other), 2U);
  other = wide;
  other.platforms = {"darwin_arm64", "windows_amd64"};
  EXPECT_EQ(count(other), 2U);
}

}  // namespace
}  // namespace gopack::launcher
