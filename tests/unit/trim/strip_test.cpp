#include "gopack/trim/strip.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "gopack/base/process.hpp"
#include "support/temp_dir.hpp"

namespace gopack::trim {
namespace {

std::string own_program() {
  return test::read_file("/proc/self/exe");
}

TEST(Strip, LeavesAProgramThatRuns) {
  const auto program = own_program();
  const auto stripped = strip_program(program);
  ASSERT_TRUE(stripped);
  EXPECT_LT(stripped->size(), program.size());
  const test::TempDir dir;
  const auto file = dir.write("stripped", *stripped);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  const auto done = run_process({file, "--gtest_list_tests"}, current_environment(), {});
  EXPECT_EQ(done.status, 0);
  EXPECT_NE(done.output.find("LeavesAProgramThatRuns"), std::string::npos);
}

TEST(Strip, HasNothingToTakeAwayTwice) {
  EXPECT_FALSE(strip_program(*strip_program(own_program())));
}

TEST(Strip, LeavesEverythingElseAlone) {
  for (const char* text : {"", "#!/bin/sh\n", "MZ\x90", "\177ELF", "\xcf\xfa\xed\xfe"})
    EXPECT_FALSE(strip_program(text)) << text;
}

TEST(Strip, LeavesDamagedProgramsAlone) {
  constexpr std::size_t kHeaders = 1024;
  auto program = own_program();
  for (std::size_t size = 0; size < kHeaders; ++size)
    EXPECT_FALSE(strip_program(std::string_view(program).substr(0, size))) << size;
  for (std::size_t i = 4; i < kHeaders;
       i += GOPACK_TEST_THINNED) {  // whatever it makes of them, it stays inside
    const char before = std::exchange(program[i], '\xff');
    EXPECT_LT(strip_program(program).value_or("").size(), program.size()) << i;
    program[i] = before;
  }
}

}  // namespace
}  // namespace gopack::trim
