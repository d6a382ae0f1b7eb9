#include "project.hpp"

#include <gtest/gtest.h>

namespace gopack::launcher {
namespace {

using Arguments = std::vector<std::string>;

TEST(Project, ReleasesHaveTheOrderOfGo) {
  const std::vector<const char*> ordered = {"1.2",       "1.20rc1", "1.20",     "1.20.1", "1.21",
                                            "1.21beta1", "1.21rc1", "1.21rc2",  "1.21.0", "1.21.9",
                                            "1.21.10",   "1.22",    "go1.22.0", "1.100.0"};
  for (std::size_t i = 1; i < ordered.size(); ++i)
    EXPECT_LT(release_order(ordered[i - 1]), release_order(ordered[i])) << ordered[i];
  EXPECT_EQ(release_order("1.20"), release_order("1.20.0"));
  for (const char* other :
       {"", "1", "2.1", "1.", "1.x", "1.22.", "1.22.01", "1.22.5-x", "1.22 x", "1.-2", "1.99999", "go"})
    EXPECT_EQ(release_order(other), 0) << other;
}

TEST(Project, NeedsAreTheFirstLinesOfGoModAsGoReadsThem) {
  struct Row {
    const char* text;
    const char* go;
    const char* toolchain;
  };
  for (const auto& [text, go, toolchain] :
       {Row{"", "", ""}, Row{"module m\n\ngo 1.22\n", "1.22", ""}, Row{"go 1.22.4", "1.22.4", ""},
        Row{"go 1.22\ntoolchain go1.23.1\n", "1.22", "1.23.1"}, Row{"\t go\t1.22 // 1.3\r\n", "1.22", ""},
        Row{"toolchain go1.22.5-mine\ngo 1.21", "1.21", "1.22.5"},
        Row{"go 1.22\ntoolchain default", "1.22", ""}, Row{"go 1.22\ngo 1.23", "1.22", ""},
        Row{"go x\ngo 1.23", "", ""}, Row{"//go 1.22\ngopher 1.3\n\n\n", "", ""},
        Row{"go go1.22\ntoolchain 1.22.1", "", ""},
        Row{"require (\n\tgo 1.99.1\n\ttoolchain go1.99.1\n)\ngo 1.22 // (\ntoolchain go1.22.1\n", "1.22",
            "1.22.1"},
        Row{"replace( // x\r\n go => ./x\r\n) // y\r\nexclude ()\r\ngo 1.22.3", "1.22.3", ""}}) {
    EXPECT_EQ(parse_needs(text).go, release_order(go)) << text;
    EXPECT_EQ(parse_needs(text).toolchain, release_order(toolchain)) << text;
  }
}

TEST(Project, LiesWhereTheCommandWorks) {
  struct Row {
    Arguments words;
    std::optional<std::string> directory;
  };
  for (const auto& [words, directory] :
       {Row{{}, {}}, Row{{"build"}, {}}, Row{{"-C", "d", "build"}, "d"}, Row{{"--C", "d"}, "d"},
        Row{{"-C=d"}, "d"}, Row{{"build", "--C=d", "x"}, "d"}, Row{{"mod", "tidy", "-C", "d"}, "d"},
        Row{{"work"}, {}}, Row{{"run", ".", "-C", "d"}, {}}, Row{{"build", "-x", "-C", "d"}, {}},
        Row{{"-C"}, ""}})
    EXPECT_EQ(directory_of(words), directory) << words.size();
}

TEST(Project, TakesTheFirstSufficientReleaseOfTheMinorElseTheNewest) {
  const std::vector<TreeFacts> trees = {
      {"a", "go1.21.3", "minimal", false, {}, {"p"}},      {"b", "go1.22.5", "minimal", false, {}, {"p"}},
      {"c", "go1.22.5", "minimal", false, {}, {"p", "q"}}, {"d", "go1.22.9", "minimal", false, {}, {"p"}},
      {"e", "go1.24.1", "full", false, {}, {"p"}},         {"f", "go1.24.1", "minimal", false, {}, {"p"}},
      {"g", "go1.26rc1", "minimal", false, {}, {"p"}}};
  struct Row {
    const char* go;
    const char* toolchain;
    const char* tree;
  };
  for (const auto& [go, toolchain, tree] :
       {Row{"1.21", "", ""}, Row{"1.22", "", "c"}, Row{"1.22.6", "", "d"}, Row{"1.23", "", "f"},
        Row{"1.24.1", "", "f"}, Row{"1.24.2", "", ""}, Row{"1.26", "", ""}, Row{"1.26rc1", "", "g"},
        Row{"1.21", "1.22.6", "d"}, Row{"1.22.6", "1.22.1", "d"}, Row{"1.22.6", "1.30", "d"},
        Row{"1.20", "1.30", ""}}) {
    const Needs needs{release_order(go), release_order(toolchain)};
    EXPECT_EQ(find_sufficient(needs, trees[0], trees), tree) << go << " " << toolchain;
    auto other = trees[0];
    other.profile = "full";
    if (needs.go == release_order("1.23")) {
      EXPECT_EQ(find_sufficient(needs, other, trees), "e");
    }
    EXPECT_EQ(is_too_old("go1.21.3", needs), needs.go > release_order("1.21.3") || needs.toolchain > 0);
  }
}

}  // namespace
}  // namespace gopack::launcher
