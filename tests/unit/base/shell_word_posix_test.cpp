#include "gopack/base/shell_word.hpp"

#include <gtest/gtest.h>

namespace gopack {
namespace {

TEST(ShellWord, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_word("/mnt/stick_1"), "/mnt/stick_1");
  EXPECT_EQ(shell_word("1.22+minimal/linux-amd64"), "1.22+minimal/linux-amd64");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("my stick"), "'my stick'");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word("~/stick"), "'~/stick'");
}

}  // namespace
}  // namespace gopack
