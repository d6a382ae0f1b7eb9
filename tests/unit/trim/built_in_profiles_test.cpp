// The built-in profiles, file by file: tests/data/golden/<profile>-<version>.txt says what becomes of each
// path in tests/data/golden/paths.txt. GOPACK_ACCEPT=1 writes what is found there; look at the difference.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "gopack/trim/filter.hpp"
#include "gopack/trim/profile.hpp"

namespace gopack::trim {
namespace {

const std::string kGolden = GOPACK_TEST_DATA "/golden/";

std::string read(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> representative_paths() {
  std::ifstream stream(kGolden + "paths.txt");
  std::vector<std::string> paths;
  for (std::string line; std::getline(stream, line);) paths.push_back(line);
  return paths;
}

std::string describe(const Profile& profile) {
  std::string text;
  for (const auto& path : representative_paths()) {
    const auto* rule = profile.decide(path);
    const bool kept = rule == nullptr || rule->action == Action::keep;
    text +=
        fmt::format("{} {:<22} {}\n", kept ? "keep" : "drop", rule == nullptr ? "sdk" : rule->category, path);
  }
  return text;
}

using Golden = ::testing::TestWithParam<std::tuple<const char*, const char*>>;

TEST_P(Golden, DecidesAsRecorded) {
  const auto [name, version] = GetParam();
  const auto file = fmt::format("{}{}-{}.txt", kGolden, name, version);
  const auto found = describe(Profile::load(name, release::Version::try_parse(version).value()));
  if (std::getenv("GOPACK_ACCEPT") != nullptr) std::ofstream(file, std::ios::binary) << found;
  EXPECT_EQ(found, read(file)) << "when this is meant: GOPACK_ACCEPT=1, and look at the difference";
}

INSTANTIATE_TEST_SUITE_P(
    BuiltIn, Golden,
    ::testing::Combine(::testing::Values("full", "standard", "developer", "minimal", "build-only"),
                       ::testing::Values("1.18.10", "1.20.14", "1.21.13", "1.23.12", "1.26.10")),
    [](const auto& given) {
      auto name = fmt::format("{}_{}", std::get<0>(given.param), std::get<1>(given.param));
      std::replace_if(
          name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
      return name;
    });

TEST(BuiltInProfiles, AreThere) {
  const auto profiles = built_in_profiles();
  std::vector<std::string> names;
  for (const auto& profile : profiles) names.push_back(profile.name);
  EXPECT_EQ(names, (std::vector<std::string>{"build-only", "developer", "full", "minimal", "standard"}));
  for (const auto& profile : profiles) EXPECT_FALSE(profile.description.empty()) << profile.name;
}

TEST(BuiltInProfiles, LoadForEveryReleaseAndDropNothingEssential) {
  const auto paths = representative_paths();
  ASSERT_GT(paths.size(), 60U);
  for (int minor = 18; minor <= 27; ++minor) {
    for (const auto& info : built_in_profiles()) {
      const auto profile =
          Profile::load(info.name, release::Version::try_parse(fmt::format("1.{}.3", minor)).value());
      EXPECT_EQ(profile.name(), info.name);
      for (const auto& path : paths) {
        const auto* rule = profile.decide(path);
        EXPECT_FALSE(rule != nullptr && rule->action == Action::drop && is_essential(path))
            << info.name << ": " << path;
      }
    }
  }
}

}  // namespace
}  // namespace gopack::trim
