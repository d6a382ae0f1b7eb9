// A directory to try Dir in. Private to the tests of base.
#pragma once

#include <gtest/gtest.h>

#include "gopack/base/file.hpp"
#include "gopack/base/replace.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack {

using Names = std::vector<std::string>;

class DirTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) { temp_.write(name, text); }
  std::string text(const std::string& name) const { return test::read_file(temp_.path() / name); }

  test::TempDir temp_;
  Dir dir_ = Dir::open(temp_.path());
};

}  // namespace gopack
