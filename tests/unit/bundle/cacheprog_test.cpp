#include "gopack/bundle/cacheprog.hpp"

#include <gtest/gtest.h>

namespace gopack::bundle {
namespace {

TEST(FindCacheprogFault, LooksForTheWordThatGoWouldStart) {
  const auto has = [](const std::string& program) { return program == "p" || program == "a b"; };
  const std::pair<const char*, const char*> cases[] = {{"p x", ""},
                                                       {" \tp\r", ""},
                                                       {"'a b' c", ""},
                                                       {"\"a b\"c", ""},
                                                       {"'p'x", ""},
                                                       {"p it's", ""},
                                                       {"a b", "this machine has no program a"},
                                                       {"x'y z'", "this machine has no program x'y"},
                                                       {"\"it's\" b", "this machine has no program it's"},
                                                       {"", "it names no program"},
                                                       {" \t", "it names no program"},
                                                       {"'' p", "it names no program"},
                                                       {"'p", "a quote in it is not closed"},
                                                       {"p \"x'", "a quote in it is not closed"}};
  for (const auto& [line, fault] : cases) EXPECT_EQ(find_cacheprog_fault(line, has), fault) << line;
}

TEST(IsGoEnv, AlsoBehindADirectory) {
  using Words = std::vector<std::string>;
  for (const auto& words : {Words{"env"}, Words{"-C", "d", "env", "-w"}, Words{"--C", "d", "env"},
                            Words{"-C=d", "env"}, Words{"--C=d", "env"}})
    EXPECT_TRUE(is_go_env("go", words)) << words.front();
  for (const auto& words :
       {Words{}, Words{"-C"}, Words{"-C", "env"}, Words{"x", "env"}, Words{"-x", "env"}, Words{"-C", "d"}})
    EXPECT_FALSE(is_go_env("go", words));
  EXPECT_FALSE(is_go_env("gofmt", {"env"}));
}

TEST(WithoutSetting, TakesAllItsLines) {
  EXPECT_EQ(without_setting("A=1\nGOPROXY=\n#GOPROXY=x\nGOPROXY=off", "GOPROXY"), "A=1\n#GOPROXY=x\n");
}

TEST(CarryOver, TakesWhatHasChangedInTheCopyAndNothingElse) {
  const std::string was = "# c\nA=1\nB=1\nC=1\n";
  struct Row {
    const char* go_env;
    const char* copy;
    const char* expected;
  };
  const Row rows[] = {{"P=x\nA=1\nB=1\nC=1\n", "# c\nA=1\nB=1\nC=1\n", "P=x\nA=1\nB=1\nC=1\n"},
                      {"P=x\nA=1\nB=1\nC=1\n", "A=2\nC=1\nD=1\n", "P=x\nA=2\nC=1\nD=1\n"},
                      {"P=x\nA=7\nB=7\n", "A=1\nB=2\nC=1\n", "P=x\nA=7\nB=2\n"},
                      {"P=x\n", "A=2\nB=1\nC=1\nP=y\n", "P=y\nA=2\n"},
                      {"A=1\nA=2\n", "A=3\nB=1\nC=1\n", "A=3\n"},
                      {"", "", ""},
                      {"#x\nno line\n a=1", "A=1\nB=1\n", "#x\nno line\n a=1\n"}};
  for (const auto& row : rows) EXPECT_EQ(carry_over(row.go_env, was, row.copy), row.expected) << row.go_env;
}

}  // namespace
}  // namespace gopack::bundle
