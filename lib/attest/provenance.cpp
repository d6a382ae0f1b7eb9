#include <nlohmann/json.hpp>

#include "gopack/attest/attest.hpp"

namespace gopack::attest {

namespace {

using Json = nlohmann::ordered_json;

// What the parameters mean: see docs/formats.md.
constexpr const char* kBuildType = "urn:gopack:trim:1";
constexpr const char* kBuilder = "urn:gopack:builder:1";

Json subject(const std::string& name, const digest::Sha256& sha256) {
  return {{"name", name}, {"digest", {{"sha256", sha256.hex()}}}};
}

Json archive(const tree::Origin& origin) {
  Json resource = {{"name", origin.file}, {"digest", {{"sha256", origin.sha256.hex()}}}};
  if (origin.source.starts_with("http"))
    resource["uri"] = origin.source;  // a directory is of no use elsewhere
  resource["annotations"] = {{"platform", origin.platform}, {"verified_by", origin.verified_by}};
  return resource;
}

}  // namespace

std::string to_provenance(const Facts& facts) {
  const auto& manifest = facts.manifest;
  const auto id = manifest.id().text();
  Json archives = Json::array();
  for (const auto& origin : manifest.origins) archives.push_back(archive(origin));
  const Json definition = {{"buildType", kBuildType},
                           {"externalParameters",
                            {{"release", manifest.release},
                             {"platforms", manifest.platforms},
                             {"profile", manifest.profile},
                             {"profile_sha256", manifest.profile_sha256.hex()},
                             {"capabilities", manifest.capabilities},
                             {"targets", manifest.targets},
                             {"strip", manifest.stripped}}},
                           {"resolvedDependencies", archives}};
  const Json statement = {
      {"_type", "https://in-toto.io/Statement/v1"},
      {"subject",
       Json::array({subject(id, manifest.sha256()), subject(id + ".json", facts.manifest_sha256)})},
      {"predicateType", "https://slsa.dev/provenance/v1"},
      {"predicate",
       {{"buildDefinition", definition},
        {"runDetails", {{"builder", {{"id", kBuilder}, {"version", {{"gopack", facts.gopack_version}}}}}}}}}};
  return statement.dump(2) + "\n";
}

}  // namespace gopack::attest
