#include "gopack/trim/glob.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace gopack::trim {
namespace {

struct MatchCase {
  const char* pattern;
  const char* path;
  bool matches;
};

TEST(Glob, MatchesWholePaths) {
  const MatchCase cases[] = {
      {"VERSION", "VERSION", true},
      {"VERSION", "src/VERSION", false},
      {"VERSION", "VERSION2", false},
      {"src", "src/a.go", false},
      // * and ? stay within a component
      {"*.md", "README.md", true},
      {"*.md", "doc/README.md", false},
      {"*.md", ".md", true},
      {"src/*/a.go", "src/fmt/a.go", true},
      {"src/*/a.go", "src/net/http/a.go", false},
      {"a*b*c", "aXbYbZc", true},
      {"a*b*c", "aXbYbZ", false},
      {"*_test.go", "x_test.go_test.go", true},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"a?c", "ac", false},
      {"a?c",
       "a\xC3\xA4"
       "c",
       true},
      {"a??c",
       "a\xC3\xA4"
       "c",
       false},
      {"?", "\xE6\x97\xA5", true},
      // sets
      {"tables[0-9].go", "tables9.go", true},
      {"tables[0-9].go", "tablesX.go", false},
      {"[ab-dx]z", "az", true},
      {"[ab-dx]z", "cz", true},
      {"[ab-dx]z", "ez", false},
      {"[ab-dx]z", "-z", false},
      {"*[0-9]", "a1b2", true},
      // ** is any number of components
      {"**", "a", true},
      {"**", "a/b/c", true},
      {"**/a", "a", true},
      {"**/a", "x/y/a", true},
      {"**/a", "x/ya", false},
      {"**/*_test.go", "a_test.go", true},
      {"**/*_test.go", "src/fmt/a_test.go", true},
      {"**/*_test.go", "src/fmt/a_test.gox", false},
      {"src/**/a", "src/a", true},
      {"src/**/a", "src/x/y/a", true},
      {"src/**/a", "srcx/a", false},
      {"src/**/testdata/**", "src/testdata/x", true},
      {"src/**/testdata/**", "src/a/testdata/b/testdata/x", true},
      {"src/**/testdata/**", "src/a/testdata", false},
      {"a/**/b/**/c", "a/b/c", true},
      {"a/**/b/**/c", "a/x/b/y/b/c", true},
      {"a/**/b/**/c", "a/x/c", false},
      {"**/**/a", "a", true},
      {"a/**", "a/b", true},
      {"a/**", "a", false},
      {"a/**/**", "a/b", true},
      // a slash at the end
      {"api/", "api/go1.txt", true},
      {"api/", "api/deep/go1.txt", true},
      {"api/", "api", false},
      {"api/", "apis/x", false},
      // choices
      {"src/*.{bash,bat,rc}", "src/all.bat", true},
      {"src/*.{bash,bat,rc}", "src/all.sh", false},
      {"go{,.exe}", "go", true},
      {"go{,.exe}", "go.exe", true},
      {"go{,.exe}", "go.ex", false},
      {"{a,b{c,d}}/x", "bd/x", true},
      {"{a,b{c,d}}/x", "b/x", false},
      {"{a/b,c}/d", "a/b/d", true},
      {"{api,doc}/", "doc/a/b", true},
      {"a{1,2}{3,4}", "a14", true},
      // nothing else is special
      {"a.b", "axb", false},
      {"a+(b)$^|", "a+(b)$^|", true},
      {"a-b,c!", "a-b,c!", true},
  };
  for (const auto& [pattern, path, matches] : cases) {
    EXPECT_EQ(Glob(pattern).matches(path), matches) << pattern << " on " << path;
  }
}

TEST(Glob, RefusesMalformedPatterns) {
  const struct {
    std::string pattern;
    const char* reason;
  } cases[] = {
      {"", "the pattern is empty"},
      {"/a", "patterns are relative to the tree and cannot start with \"/\""},
      {"a//b", "a component is empty"},
      {"a{,/}/b", "a component is empty"},
      {"./a", "a component is \".\""},
      {"a/../b", "a component is \"..\""},
      {"a/{b,..}", "a component is \"..\""},
      {"a**", "\"**\" must be a whole component"},
      {"a/***/b", "\"**\" must be a whole component"},
      {"src\\cmd", "\"\\\" cannot be part of a path; components are separated by \"/\""},
      {"a[", "\"[\" is never closed"},
      {"a[b/c]", "\"[\" is never closed"},
      {"a]", "\"]\" without \"[\" before it"},
      {"a[]", "the set \"[]\" is empty"},
      {"[!a]", "sets cannot be negated"},
      {"[^a]", "sets cannot be negated"},
      {"[a-]", "\"[a-]\" is not a range"},
      {"[z-a]", "\"[z-a]\" is not a range"},
      {"[\xC3\xA4]", "sets can hold ASCII characters only"},
      {"{a,b", "\"{\" is never closed"},
      {"{a,{b}", "\"{\" is never closed"},
      {"a}", "\"}\" without \"{\" before it"},
      {"}{a,b}", "\"}\" without \"{\" before it"},
      {"{a}", "\"{}\" needs at least two choices with a comma between them"},
      {"{}", "\"{}\" needs at least two choices with a comma between them"},
      {"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "the braces stand for more than 1000 patterns"},
      {std::string(1001, 'a'), "the pattern is longer than 1000 characters"},
  };
  for (const auto& [pattern, reason] : cases) {
    try {
      Glob{pattern};
      ADD_FAILURE() << "accepted: " << pattern;
    } catch (const std::invalid_argument& e) {
      EXPECT_STREQ(e.what(), reason) << pattern;
    }
  }
}

// With naive backtracking each of these takes longer than the universe has existed.
TEST(Glob, HostilePatternsStayFast) {
  std::string stars = "x";
  std::string depths = "x/";
  std::string path = "x";
  for (int i = 0; i < 100; ++i) {
    stars += "*a";
    depths += "**/a/";
    path += "/a";
  }
  EXPECT_FALSE(Glob(stars + "?b").matches("x" + std::string(2000, 'a')));
  EXPECT_FALSE(Glob(depths + "?/b").matches(path + path));
}

}  // namespace
}  // namespace gopack::trim
