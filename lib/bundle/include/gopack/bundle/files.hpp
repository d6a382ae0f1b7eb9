// What a bundle holds beside its trees: launchers, gopack itself, settings, a page for people, checksums.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::bundle {

struct BundleFile {
  tree::RelPath path;  // below the bundle
  std::string text;    // .bat and .ps1 files have CRLF line ends, other texts LF
  bool executable = false;
  bool is_setting = false;  // the user's to edit: written once, then left alone
};

// Where the go command's settings lie in a bundle.
inline constexpr const char* kGoEnv = "shared/gopath/go.env";

// Launchers, config.yaml, config.ini, README.txt and kGoEnv.
std::vector<BundleFile> bundle_files();

// Names a directory with gopack itself for other systems.
inline constexpr const char* kProgramsVariable = "GOPACK_PROGRAMS";

// gopack itself for another system: gopack.exe, gopack-<GOOS>-<GOARCH>.
bool is_program_name(std::string_view name);
// Those of the first of these directories that has any. Throws Error where none has one.
std::vector<BundleFile> find_programs(const std::vector<std::filesystem::path>& directories);

// Whether trees for `platforms` ("linux/arm64") give a file something to do: a native launcher starts
// programs that run on its own system and processor, everything else is for all.
bool is_of_use(std::string_view name, std::span<const std::string> platforms);

// A file `sha256sum -c` understands, over everything in the bundle that neither users nor switches change:
// launchers and page, the manifests' texts and every file of the trees.
struct BundleTree {
  tree::StoreId id;
  digest::Sha256 manifest;  // of v_<hash>.json
  std::span<const tree::ManifestFile> files;
};
using Sums = std::map<std::string, digest::Sha256>;  // of paths below the bundle
std::string checksum_file(const std::vector<BundleFile>& files, const Sums& programs,
                          const std::vector<BundleTree>& trees);

}  // namespace gopack::bundle
