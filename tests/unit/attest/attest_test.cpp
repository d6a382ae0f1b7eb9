#include "gopack/attest/attest.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gopack::attest {

namespace {

using Json = nlohmann::json;

Facts facts_of(const std::string& release, const std::vector<std::pair<std::string, bool>>& files) {
  Facts facts;
  facts.manifest.release = release;
  for (const auto& [path, executable] : files)
    facts.manifest.files.push_back({tree::RelPath(path), executable, 1, digest::hash(path)});
  facts.std_modules = {{"golang.org/x/net", "v0.1.0"}, {"golang.org/x/sys", "v0.2.0"}};
  facts.cmd_modules =
      std::vector<Module>{{"golang.org/x/sys", "v0.2.0"}, {"example.com/Odd", "v1.0.0+incompatible"}};
  return facts;
}

std::vector<std::string> purls(const Facts& facts) {
  std::vector<std::string> found;
  const auto document = Json::parse(to_sbom(facts));
  for (const auto& component : document["components"]) found.push_back(component["purl"]);
  return found;
}

TEST(Attest, ModulesTxtNamesModulesAndTheirPackages) {
  const auto modules = parse_modules(
      "# golang.org/x/net v0.1.0\n## explicit; go 1.24.0\ngolang.org/x/net/idna\n# a v1.0.0 => b "
      "v1.1.0\n#\n# c\n# d 1.0\n");
  EXPECT_EQ(modules, (std::vector<Module>{{"golang.org/x/net", "v0.1.0"}}));
}

TEST(Attest, OnlyModulesThatTheTreeHasAreItsParts) {
  EXPECT_EQ(purls(facts_of("go1.26.10", {{"src/vendor/golang.org/x/net/a.go", false}})),
            (std::vector<std::string>{"pkg:golang/stdlib@1.26.10", "pkg:golang/golang.org/x/net@v0.1.0"}));
  EXPECT_EQ(purls(facts_of("go1.26.10", {{"bin/go", true}})),
            (std::vector<std::string>{"pkg:golang/stdlib@1.26.10",
                                      "pkg:golang/example.com/odd@v1.0.0%2Bincompatible",
                                      "pkg:golang/golang.org/x/sys@v0.2.0"}));
}

TEST(Attest, AModuleOfBothIsOnePart) {
  const auto facts = facts_of("go1.26.10", {{"bin/go", true}, {"src/vendor/golang.org/x/sys/a.go", false}});
  const auto document = Json::parse(to_sbom(facts));
  ASSERT_EQ(document["components"].size(), 3u);
  EXPECT_EQ(document["components"][2]["properties"].size(), 2u);
}

TEST(Attest, APreReleaseIsTheUpdateOfItsVersion) {
  const auto cpe = [](const std::string& release) {
    return Json::parse(to_sbom(facts_of(release, {})))["metadata"]["component"]["cpe"].get<std::string>();
  };
  EXPECT_EQ(cpe("go1.26.10"), "cpe:2.3:a:golang:go:1.26.10:*:*:*:*:*:*:*");
  EXPECT_EQ(cpe("go1.24rc1"), "cpe:2.3:a:golang:go:1.24:rc1:*:*:*:*:*:*");
  EXPECT_EQ(cpe("go1.19beta2"), "cpe:2.3:a:golang:go:1.19:beta2:*:*:*:*:*:*");
}

TEST(Attest, TimesAreUtc) {
  auto facts = facts_of("go1.26.10", {});
  EXPECT_FALSE(Json::parse(to_sbom(facts))["metadata"].contains("timestamp"));
  facts.time = 1'700'000'000;
  EXPECT_EQ(Json::parse(to_sbom(facts))["metadata"]["timestamp"], "2023-11-14T22:13:20Z");
}

TEST(Attest, WhatIsNotKnownIsSaid) {
  auto facts = facts_of("go1.26.10", {{"pkg/tool/linux_amd64/link", true}});
  const auto aggregate = [&] {
    return Json::parse(to_sbom(facts))["compositions"][0]["aggregate"].get<std::string>();
  };
  EXPECT_EQ(aggregate(), "complete");
  facts.cmd_modules.reset();
  EXPECT_EQ(aggregate(), "incomplete");
  facts.manifest.files.clear();
  EXPECT_EQ(aggregate(), "complete");
}

TEST(Attest, ADirectoryOfTheBuilderIsNoAddress) {
  auto facts = facts_of("go1.26.10", {});
  facts.manifest.origins = {
      {"a.tar.gz", "linux/amd64", digest::hash("a"), "/home/me/mirror", "nothing"},
      {"b.tar.gz", "linux/arm64", digest::hash("b"), "https://example.com/b.tar.gz", "nothing"}};
  EXPECT_EQ(to_provenance(facts).find("/home/me"), std::string::npos);
  EXPECT_EQ(to_sbom(facts).find("/home/me"), std::string::npos);
  const auto archives =
      Json::parse(to_provenance(facts))["predicate"]["buildDefinition"]["resolvedDependencies"];
  EXPECT_FALSE(archives[0].contains("uri"));
  EXPECT_EQ(archives[1]["uri"], "https://example.com/b.tar.gz");
}

}  // namespace

}  // namespace gopack::attest
