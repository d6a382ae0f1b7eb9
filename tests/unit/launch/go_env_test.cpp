#include "gopack/launch/go_env.hpp"

#include <gtest/gtest.h>

namespace gopack::launch {
namespace {

TEST(MendedGoEnv, TakesOutWhatEditorsOfWindowsAdd) {
  EXPECT_EQ(mended_go_env("\xEF\xBB\xBFGOPROXY=off\r\n\r\n# x\nGOPRIVATE=a\rb\r\r\nGOVCS=c\r"),
            "GOPROXY=off\n\n# x\nGOPRIVATE=a\rb\nGOVCS=c");
  EXPECT_EQ(mended_go_env("\r\n"), "\n");
  EXPECT_EQ(mended_go_env("\xEF\xBB\xBF"), "");
  for (const char* good : {"", "\n", "GOPROXY=off", "GOPROXY=off\n", "# \xC3\xA9\nGOPROXY=off\n\n"})
    EXPECT_EQ(mended_go_env(good), std::nullopt) << good;
}

TEST(IsUtf16, LooksAtTheMark) {
  EXPECT_TRUE(is_utf16("\xFF\xFEG"));
  EXPECT_TRUE(is_utf16("\xFE\xFFG"));
  for (const char* text : {"", "GOPROXY=off", "\xEF\xBB\xBFG", "\xFF"}) EXPECT_FALSE(is_utf16(text)) << text;
}

TEST(ValueOf, CountsTheLastLine) {
  EXPECT_EQ(value_of("GOPROXY=\nGOPROXY=off\n", "GOPROXY"), "off");
  EXPECT_EQ(value_of("GOPROXY=off\nGOPROXY=\n", "GOPROXY"), "");
  EXPECT_EQ(value_of("#GOPROXY=off\n GOPROXY=off\nGOPROXYX=1", "GOPROXY"), "");
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
}  // namespace gopack::launch
