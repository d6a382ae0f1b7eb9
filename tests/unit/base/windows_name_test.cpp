#include "gopack/base/windows_name.hpp"

#include <gtest/gtest.h>

namespace gopack {
namespace {

TEST(WindowsName, TakesWhatWindowsTakes) {
  for (const char* name :
       {"a", "go.exe", ".gopack", "a b", "ä中", "console", "com", "com10", "nully", "it's"})
    EXPECT_EQ(find_windows_name_fault(name), std::nullopt) << name;
}

TEST(WindowsName, SaysWhyItDoesNot) {
  EXPECT_EQ(find_windows_name_fault(""), "it is empty");
  EXPECT_EQ(find_windows_name_fault("x."), "it ends with a dot or a blank");
  EXPECT_EQ(find_windows_name_fault("x "), "it ends with a dot or a blank");
  EXPECT_EQ(find_windows_name_fault("a:b"), "it contains :");
  EXPECT_EQ(find_windows_name_fault("a\nb"), "it contains \\x0a");
  for (const std::string name : {"nul", "NUL.txt", "con .x", "COM1", "lpt9.log", "com²", "conin$"})
    EXPECT_EQ(find_windows_name_fault(name), name + " is reserved by Windows");
  for (const char* name : {"a\\b", "a/b", "a*", "a?", "a|b", "<a>", "\"a\""})
    EXPECT_TRUE(find_windows_name_fault(name)) << name;
}

}  // namespace
}  // namespace gopack
