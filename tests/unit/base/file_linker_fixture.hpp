// Two directories whose files are linked. Private to the tests of base.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "gopack/base/file_linker.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack {

class FileLinkerTest : public ::testing::Test {
 protected:
  static void write(const Dir& dir, const std::string& name, std::string_view text, std::uint32_t mode) {
    auto file = dir.create_file(name, mode);
    file.write(as_bytes(text));
    file.close();
  }
  static std::string read(const Dir& dir, const std::string& name) {
    return find_text(dir, name, 1000).value();
  }

  test::TempDir temp_;
  Dir from_ = Dir::ensure(temp_.path() / "from");
  Dir to_ = Dir::ensure(temp_.path() / "to");
  FileLinker linker_;
};

}  // namespace gopack
