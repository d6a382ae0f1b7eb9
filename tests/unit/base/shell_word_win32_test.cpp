#include "gopack/base/shell_word.hpp"

#include <gtest/gtest.h>

namespace gopack {
namespace {

TEST(ShellWord, QuotesWhatCmdWouldTakeApart) {
  EXPECT_EQ(shell_word(R"(E:\go\stick_1)"), R"(E:\go\stick_1)");
  EXPECT_EQ(shell_word(R"(E:\)"), R"(E:\)");
  EXPECT_EQ(shell_word("1.22+minimal/linux-amd64"), "1.22+minimal/linux-amd64");
  EXPECT_EQ(shell_word(""), R"("")");
  EXPECT_EQ(shell_word("linux/amd64,windows/amd64"), R"("linux/amd64,windows/amd64")");
  EXPECT_EQ(shell_word(R"(E:\my stick\)"), R"("E:\my stick\\")");
}

}  // namespace
}  // namespace gopack
