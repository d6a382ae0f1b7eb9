#include "gopack/launch/cacheprog.hpp"

#include <gtest/gtest.h>

namespace gopack::launch {
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

}  // namespace
}  // namespace gopack::launch
