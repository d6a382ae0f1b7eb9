#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "gopack/attest/attest.hpp"
#include "gopack/release/version.hpp"

namespace gopack::attest {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStdVendor = "src/vendor";
constexpr const char* kCmdVendor = "src/cmd/vendor";
constexpr const char* kGoLicence = "BSD-3-Clause";

// https://github.com/package-url/purl-spec, type "golang": in lower case.
std::string package_url(const Module& module) {
  std::string path = module.path;
  std::transform(path.begin(), path.end(), path.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string version;
  for (const char c : module.version) version += c == '+' ? "%2B" : std::string(1, c);
  return fmt::format("pkg:golang/{}@{}", path, version);
}

// The licences that these modules have had in every release of Go, as SPDX names them.
std::optional<std::string> licence_of(const std::string& path) {
  static const std::map<std::string, std::string> kLicences = {
      {"github.com/google/pprof", "Apache-2.0"},
      {"github.com/ianlancetaylor/demangle", kGoLicence},
      {"rsc.io/markdown", kGoLicence},
  };
  if (path.starts_with("golang.org/x/")) return kGoLicence;
  const auto found = kLicences.find(path);
  return found == kLicences.end() ? std::nullopt : std::optional(found->second);
}

Json licences(const std::string& spdx_id) {
  return Json::array({{{"license", {{"id", spdx_id}}}}});
}

Json property(std::string_view name, const std::string& value) {
  return {{"name", fmt::format("gopack:{}", name)}, {"value", value}};
}

// https://nvd.nist.gov/products/cpe: a pre-release is the update of its version.
std::string platform_enumeration(const std::string& version) {
  const auto stage = version.find_first_of("br");  // "1.24rc1", "1.24beta1"
  return fmt::format("cpe:2.3:a:golang:go:{}:{}:*:*:*:*:*:*", version.substr(0, stage),
                     stage == std::string::npos ? "*" : version.substr(stage));
}

std::string to_timestamp(std::int64_t time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(time)));
}

// Version 8 of RFC 9562, from the document itself.
std::string serial_number(const Json& document) {
  auto hex = digest::hash(document.dump()).hex().substr(0, 32);
  hex[12] = '8';
  constexpr std::string_view kVariants = "89ab";
  hex[16] = kVariants[static_cast<std::size_t>(hex[16] < 'a' ? hex[16] - '0' : hex[16] - 'a' + 10) % 4];
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

class Sbom {
 public:
  explicit Sbom(const Facts& facts)
      : facts_(facts),
        manifest_(facts.manifest),
        version_(manifest_.release.substr(manifest_.release.starts_with("go") ? 2 : 0)),
        go_(fmt::format("pkg:generic/go@{}", version_)) {
    for (const auto& module : facts.std_modules) {
      if (has_below(fmt::format("{}/{}/", kStdVendor, module.path))) add(module, kStdVendor, used_by_std_);
    }
    if (has_programs(manifest_)) {
      for (const auto& module : facts.cmd_modules.value_or(std::vector<Module>{}))
        add(module, kCmdVendor, used_by_go_);
    }
  }

  Json document() const {
    const Module standard_library{"stdlib", version_};
    const auto library = package_url(standard_library);
    Json components = Json::array({component(standard_library, {})});
    for (const auto& [purl, known] : modules_) components.push_back(component(known.module, known.places));
    auto direct = used_by_go_;
    direct.insert(library);
    Json dependencies =
        Json::array({{{"ref", go_}, {"dependsOn", direct}}, {{"ref", library}, {"dependsOn", used_by_std_}}});
    for (const auto& [purl, known] : modules_) dependencies.push_back({{"ref", purl}});
    const bool is_complete = facts_.cmd_modules || !has_programs(manifest_);
    return {{"metadata", metadata()},
            {"components", components},
            {"dependencies", dependencies},
            {"compositions", Json::array({{{"aggregate", is_complete ? "complete" : "incomplete"},
                                           {"assemblies", Json::array({go_})}}})}};
  }

 private:
  struct Known {
    Module module;
    std::vector<std::string> places;
  };

  bool has_below(const std::string& directory) const {
    const auto at =
        std::lower_bound(manifest_.files.begin(), manifest_.files.end(), directory,
                         [](const auto& file, const auto& text) { return file.path.text() < text; });
    return at != manifest_.files.end() && at->path.text().starts_with(directory);
  }

  void add(const Module& module, const char* place, std::set<std::string>& users) {
    const auto purl = package_url(module);
    auto& known = modules_[purl];
    known.module = module;
    known.places.emplace_back(place);
    users.insert(purl);
  }

  static Json component(const Module& module, const std::vector<std::string>& places) {
    const auto purl = package_url(module);
    Json described = {
        {"type", "library"}, {"bom-ref", purl}, {"name", module.path}, {"version", module.version}};
    const auto licence =
        module.path == "stdlib" ? std::optional<std::string>(kGoLicence) : licence_of(module.path);
    if (licence) described["licenses"] = licences(*licence);
    described["purl"] = purl;
    for (const auto& place : places) described["properties"].push_back(property("vendored_in", place));
    return described;
  }

  Json metadata() const {
    Json described;
    if (facts_.time) described["timestamp"] = to_timestamp(*facts_.time);
    described["tools"]["components"] =
        Json::array({{{"type", "application"}, {"name", "gopack"}, {"version", facts_.gopack_version}}});
    described["component"] = {{"type", "platform"},
                              {"bom-ref", go_},
                              {"name", "go"},
                              {"version", version_},
                              {"licenses", licences(kGoLicence)},
                              {"cpe", platform_enumeration(version_)},
                              {"purl", go_},
                              {"externalReferences", archives()},
                              {"properties", properties()}};
    return described;
  }

  Json archives() const {
    Json references = Json::array();
    for (const auto& origin : manifest_.origins) {
      references.push_back(
          {{"type", "distribution"},
           {"url", origin.source.starts_with("http") ? origin.source : origin.file},
           {"comment",
            fmt::format("{} for {}, proved by: {}", origin.file, origin.platform, origin.verified_by)},
           {"hashes", Json::array({{{"alg", "SHA-256"}, {"content", origin.sha256.hex()}}})}});
    }
    return references;
  }

  Json properties() const {
    Json list = Json::array(
        {property("tree", manifest_.id().text()), property("tree_sha256", manifest_.sha256().hex()),
         property("manifest_sha256", facts_.manifest_sha256.hex()),
         property("platforms", fmt::format("{}", fmt::join(manifest_.platforms, ", "))),
         property("profile", manifest_.profile), property("profile_sha256", manifest_.profile_sha256.hex()),
         property("files", std::to_string(manifest_.files.size())),
         property("bytes", std::to_string(manifest_.bytes()))});
    if (facts_.whole) {
      list.push_back(property("release_files", std::to_string(facts_.whole->files)));
      list.push_back(property("release_bytes", std::to_string(facts_.whole->bytes)));
    }
    return list;
  }

  const Facts& facts_;
  const tree::Manifest& manifest_;
  std::string version_;                   // "1.26.10"
  std::string go_;                        // how the document refers to Go
  std::map<std::string, Known> modules_;  // by their package URLs
  std::set<std::string> used_by_std_;
  std::set<std::string> used_by_go_;
};

}  // namespace

std::string to_sbom(const Facts& facts) {
  const auto content = Sbom(facts).document();
  Json document = {{"bomFormat", "CycloneDX"},
                   {"specVersion", "1.6"},
                   {"serialNumber", serial_number(content)},
                   {"version", 1}};
  document.update(content);
  return document.dump(2) + "\n";
}

}  // namespace gopack::attest
