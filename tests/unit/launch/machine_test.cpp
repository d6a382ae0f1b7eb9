#include "gopack/launch/machine.hpp"

#include <gtest/gtest.h>

namespace gopack::launch {
namespace {

TEST(ToArchitecture, KnowsWhatKernelsSay) {
  const std::pair<const char*, const char*> cases[] = {
      {"x86_64", "amd64"},    {"amd64", "amd64"},     {"i386", "386"},      {"i586", "386"},
      {"i686", "386"},        {"i86pc", "386"},       {"aarch64", "arm64"}, {"arm64", "arm64"},
      {"armv6l", "arm"},      {"armv7l", "arm"},      {"armv8l", "arm"},    {"loongarch64", "loong64"},
      {"riscv64", "riscv64"}, {"ppc64le", "ppc64le"}, {"s390x", "s390x"}};
  for (const auto& [machine, arch] : cases) EXPECT_EQ(to_architecture(machine), arch);
}

TEST(RunnableArchitectures, BeginWithTheMachinesOwn) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(runnable_architectures("windows", "arm64"), (Names{"arm64", "amd64", "386"}));
  EXPECT_EQ(runnable_architectures("darwin", "arm64"), (Names{"arm64", "amd64"}));
  EXPECT_EQ(runnable_architectures("darwin", "amd64"), Names{"amd64"});
  EXPECT_EQ(runnable_architectures("openbsd", "amd64"), (Names{"amd64", "386"}));
  EXPECT_EQ(runnable_architectures("linux", "arm64"), (Names{"arm64", "arm"}));
  EXPECT_EQ(runnable_architectures("freebsd", "arm64"), Names{"arm64"});
}

}  // namespace
}  // namespace gopack::launch
