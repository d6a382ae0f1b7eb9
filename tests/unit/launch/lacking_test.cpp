#include "gopack/launch/lacking.hpp"

#include <gtest/gtest.h>

#include <map>

namespace gopack::launch {
namespace {

const Abilities kMinimal{"go1.22.5", "minimal", {"build", "cgo", "test", "vet", "fmt"}, {"linux/amd64"}};

std::string lacking(const Abilities& tree, std::vector<std::string> words,
                    const std::map<std::string, std::string>& variables = {}) {
  const std::string program = words.front();
  words.erase(words.begin());
  const auto variable = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  return find_lacking(tree, {program, words, "linux/amd64", variable, {}}).value_or("");
}

TEST(FindLacking, NamesWhatIsLackedAndHowToGetIt) {
  EXPECT_EQ(lacking(kMinimal, {"go", "test", "-race", "-cover", "-race"}, {{"GOOS", "windows"}}),
            "this Go (go1.22.5, minimal) lacks race, cover, the target windows/amd64: `gopack trim 1.22.5 "
            "--profile minimal+race+cover --targets linux/amd64,windows/amd64` lays out one that has it");
  auto own = kMinimal;
  own.profile = "mine";
  EXPECT_EQ(lacking(own, {"go", "build", "-race"}),
            "this Go (go1.22.5, mine) lacks race: `gopack trim 1.22.5 --profile FILE+race` lays out one that "
            "has it");
}

TEST(FindLacking, TakesFlagsAndVariablesFromGoEnvAsGoDoes) {
  const auto lacks = [](const char* go_env) {
    const auto none = [](const char*) { return std::string(); };
    const auto line = find_lacking(kMinimal, {"go", {"vet"}, "linux/amd64", none, go_env}).value_or("");
    const auto from = line.find("lacks ");
    return from == std::string::npos ? line : line.substr(from, line.find(':') - from);
  };
  EXPECT_EQ(lacks("GOFLAGS=-mod=mod '-race'\"--cover\"\t-x\nGOFIPS140=v1.0.0"), "lacks race, cover, fips");
  EXPECT_EQ(lacks("GOFLAGS=-pgo -buildmode=plugin"), "lacks pgo, plugin");
  EXPECT_EQ(lacks("GOFLAGS=-race\nGOFLAGS=-buildmode plugin - -- '' -=race --=race"), "");
  EXPECT_EQ(lacks("GOFLAGS=-race \"-cover"), "");
  EXPECT_EQ(lacks("GOFLAGS=-race=true -race=0 -pgo=a -pgo=off -cover=F\nGOFIPS140=off"), "");
}

TEST(FindLacking, SaysNothingOfWhatIsThereOrNotKnown) {
  const Abilities whole{"go1.22.5", "full", {}, {}};
  EXPECT_EQ(lacking(whole, {"go", "test", "-race"}, {{"GOOS", "plan9"}}), "");
  auto all = kMinimal;
  all.targets.clear();
  EXPECT_EQ(lacking(all, {"go", "build"}, {{"GOOS", "plan9"}}), "");
  EXPECT_EQ(lacking(kMinimal, {"make", "-race"}, {{"GOOS", "plan9"}}), "");
  EXPECT_EQ(lacking(kMinimal, {"make", "tool", "nm"}), "");
  EXPECT_EQ(lacking(kMinimal, {"go"}, {{"GOOS", "plan9"}}), "");
  EXPECT_EQ(lacking(kMinimal, {"go", "-C"}), "");
  EXPECT_EQ(lacking(kMinimal, {"go", "tool"}), "");
  EXPECT_EQ(lacking(kMinimal, {"go", "tool", "-C"}), "");
  EXPECT_EQ(lacking(kMinimal, {"go", "build", "-buildmode"}), "");
  EXPECT_EQ(lacking(kMinimal, {"gofmt", "-race"}), "");
}

TEST(ParseAbilities, ReadsTheHeadOfAManifest) {
  const auto found = parse_abilities(R"({
  "schema": 1,
  "release": "go1.22.5",
  "platforms": [
    "linux/amd64"
  ],
  "profile": "minimal",
  "capabilities": [
    "build",
    "cgo"
  ],
  "targets": [],
  "origins": [{"release": "x")");
  EXPECT_EQ(found.release, "go1.22.5");
  EXPECT_EQ(found.profile, "minimal");
  EXPECT_EQ(found.capabilities, (std::vector<std::string>{"build", "cgo"}));
  EXPECT_TRUE(found.targets.empty());
  for (const char* other : {"", "{", "\"release\": \"", "\"targets\": [\"", "\"targets\": [\"a"})
    EXPECT_TRUE(parse_abilities(other).capabilities.empty()) << other;
}

}  // namespace
}  // namespace gopack::launch
