#include "gopack/trim/strip.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "gopack/base/process.hpp"
#include "support/temp_dir.hpp"

namespace gopack::trim {
namespace {

std::string own_program() {
  return test::read_file("/proc/self/exe");
}

// What is left of a program that comes in blocks of some size; nothing when it stays as it is.
std::optional<std::string> strip_program(std::string_view program, std::size_t block = 1 << 20) {
  class Blocks final : public ByteSource {
   public:
    Blocks(std::string_view text, std::size_t block) : rest_(as_bytes(text)), block_(block) {}
    ByteView next() override {
      const auto bytes = rest_.first(std::min(block_, rest_.size()));
      rest_ = rest_.subspan(bytes.size());
      return bytes;
    }

   private:
    ByteView rest_;
    std::size_t block_;
  };
  Blocks blocks(program, block);
  StrippedSource stripped({tree::RelPath("bin/go"), true, program.size()}, blocks);
  auto text = read_all(stripped, program.size());
  EXPECT_EQ(text.size(), stripped.entry().size);
  EXPECT_EQ(text.size() + stripped.saved(), program.size());
  if (stripped.saved() > 0) return text;
  EXPECT_EQ(text, program);
  return std::nullopt;
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

TEST(Strip, DoesTheSameHoweverTheProgramComes) {
  const auto program = own_program();
  const auto whole = strip_program(program, program.size());
  for (const std::size_t block : {std::size_t{100}, std::size_t{4096}, program.size() - 1})
    EXPECT_EQ(strip_program(program, block), whole) << block;
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
