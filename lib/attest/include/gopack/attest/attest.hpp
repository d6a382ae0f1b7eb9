// What is said of a tree to programs that check software: its parts (CycloneDX 1.6,
// https://cyclonedx.org/docs/1.6/json) and what it was made from (in-toto Statement v1 with SLSA Provenance
// v1, https://slsa.dev/spec/v1.0/provenance). Pure: the same facts give the same text, which has no time but
// the release's own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/digest/signature.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::attest {

// A module in a vendor directory of Go's own source.
struct Module {
  std::string path;     // "golang.org/x/net"
  std::string version;  // "v0.47.1-0.20261008201845-026a91c07857"

  bool operator==(const Module&) const = default;
};

// Those of a vendor/modules.txt, in its order.
std::vector<Module> parse_modules(std::string_view modules_txt);

// All files of a release for a tree's platforms.
struct WholeRelease {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

struct Facts {
  tree::Manifest manifest;
  digest::Sha256 manifest_sha256;                  // of its file
  std::optional<std::int64_t> time;                // of the release, in seconds since 1970
  std::vector<Module> std_modules;                 // in src/vendor
  std::optional<std::vector<Module>> cmd_modules;  // in src/cmd/vendor; nothing: not known
  std::optional<WholeRelease> whole;               // nothing: not known
  std::string gopack_version;
};

// Whether the tree has a program of Go's, which are made of the modules in src/cmd/vendor.
bool has_programs(const tree::Manifest& manifest);

// The tree's parts: Go, its standard library, and those modules of both vendor directories that the tree has
// as source or in its programs. JSON, with a line feed at the end.
std::string to_sbom(const Facts& facts);

// The release, its archives and how they were proved, the profile and what it was told. The same.
std::string to_provenance(const Facts& facts);
// That statement, signed: a sigstore bundle v0.3 with a DSSE envelope
// (https://github.com/secure-systems-lab/dsse), as cosign checks it with the public key alone.
std::string sign_provenance(const std::string& statement, const digest::SecretKey& key);

}  // namespace gopack::attest
