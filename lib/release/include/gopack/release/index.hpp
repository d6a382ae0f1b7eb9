// The download index of the Go project (https://go.dev/dl/?mode=json&include=all) and what can be said
// of a release file by its name. Source: golang/website internal/dl.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"

namespace gopack::release {

// An archive of one release for one platform.
struct ReleaseFile {
  std::string filename;  // "go1.22.5.linux-amd64.tar.gz"
  Version version;
  Platform platform;
  std::uint64_t size = 0;                // bytes; 0 when the index does not say
  std::optional<digest::Sha256> sha256;  // old releases have none

  bool operator==(const ReleaseFile&) const = default;
};

// What the name of an official archive says ("go<version>.<os>-<arch>.tar.gz" or ".zip"; "armv6l" is
// GOARCH arm). Nothing for installers, sources, bootstraps and names with further parts ("-osx10.8").
std::optional<ReleaseFile> parse_filename(std::string_view filename);

// What the name of a toolchain module's zip says: "v0.0.1-go1.22.5.linux-amd64.zip".
std::optional<ReleaseFile> parse_toolchain_filename(std::string_view filename);

// Whether it is a name of either kind. Such a name is one component of a path.
bool is_archive_filename(std::string_view filename);

// All archives that the index lists, in no particular order; those that it names when it is a directory
// listing in JSON, as nginx and Caddy write it (objects with "name", no digests). Entries that are not an
// archive of a release (sources, installers, bootstraps, the release "go1") are left out; so are fields that
// are not known. Throws Error (unreachable) for anything that is not such an index, saying so when it is an
// HTML page: a digest that is not 64 lower-case hex digits, a size that is not a whole number, an archive
// listed twice, more than 32 levels of nesting. A byte order mark is passed over.
std::vector<ReleaseFile> parse_index(std::string_view json);

}  // namespace gopack::release
