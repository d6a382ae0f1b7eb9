#include "gopack/release/machine.hpp"

#include <gtest/gtest.h>

#include "gopack/release/platform.hpp"

namespace gopack::release {
namespace {

TEST(ToArchitecture, KnowsWhatKernelsSay) {
  const std::pair<const char*, const char*> cases[] = {
      {"x86_64", "amd64"},    {"amd64", "amd64"},     {"i386", "386"},      {"i586", "386"},
      {"i686", "386"},        {"i86pc", "386"},       {"aarch64", "arm64"}, {"arm64", "arm64"},
      {"armv6l", "arm"},      {"armv7l", "arm"},      {"armv8l", "arm"},    {"loongarch64", "loong64"},
      {"riscv64", "riscv64"}, {"ppc64le", "ppc64le"}, {"s390x", "s390x"}};
  for (const auto& [machine, arch] : cases) EXPECT_EQ(to_architecture(machine), arch);
}

TEST(ChoosePlatform, TakesTheBestThatRuns) {
  const auto platform = [](const char* text) { return *Platform::try_parse(text); };
  const auto chosen = [&](const char* host, std::initializer_list<const char*> names) {
    std::vector<Platform> platforms;
    for (const auto* name : names) platforms.push_back(platform(name));
    const auto found = choose_platform(platforms, platform(host));
    return found ? found->text() : std::string();
  };
  EXPECT_EQ(chosen("linux/amd64", {"linux/386", "linux/amd64"}), "linux/amd64");
  EXPECT_EQ(chosen("linux/amd64", {"linux/386", "windows/amd64"}), "linux/386");
  EXPECT_EQ(chosen("linux/386", {"linux/amd64"}), "");
  EXPECT_EQ(chosen("linux/arm64", {"linux/arm", "linux/amd64"}), "linux/arm");
  EXPECT_EQ(chosen("darwin/arm64", {"darwin/amd64"}), "darwin/amd64");
  EXPECT_EQ(chosen("darwin/amd64", {"darwin/386", "darwin/arm64"}), "");
  EXPECT_EQ(chosen("windows/arm64", {"windows/386", "windows/amd64"}), "windows/amd64");
  EXPECT_EQ(chosen("freebsd/arm64", {"freebsd/arm"}), "");
  EXPECT_EQ(chosen("linux/loong64", {}), "");
}

}  // namespace
}  // namespace gopack::release
