#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gopack/attest/attest.hpp"
#include "gopack/digest/base64.hpp"

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

std::string sign_provenance(const std::string& statement, const digest::SecretKey& key) {
  constexpr std::string_view kType = "application/vnd.in-toto+json";
  const auto signature =
      key.sign(fmt::format("DSSEv1 {} {} {} {}", kType.size(), kType, statement.size(), statement));
  const auto encode = [](std::string_view text) {
    return digest::base64_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  const Json bundle = {{"mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"},
                       {"verificationMaterial", {{"publicKey", {{"hint", key.public_key().id()}}}}},
                       {"dsseEnvelope",
                        {{"payload", encode(statement)},
                         {"payloadType", kType},
                         {"signatures", Json::array({{{"sig", encode(signature)}}})}}}};
  return bundle.dump(2) + "\n";
}

}  // namespace gopack::attest
