#include <gtest/gtest.h>

#include "gopack/bundle/environment.hpp"

namespace gopack::bundle {
namespace {

TEST(ToScript, DrivesAreDirectoriesToTheShellsOfGit) {
  Binding binding;
  binding.path = {R"(E:\a b\bin)"};
  EXPECT_EQ(to_script(binding, Shell::fish), "set -gx PATH '/e/a b/bin' $PATH\n");
  EXPECT_EQ(to_script(binding, Shell::cmd), "set \"PATH=E:\\a b\\bin;%PATH%\"\n");
}

}  // namespace
}  // namespace gopack::bundle
