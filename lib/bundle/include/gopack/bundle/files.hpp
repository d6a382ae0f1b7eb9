// What a bundle holds beside its trees: launchers, gopack itself, settings, a page for people, checksums.
#pragma once

#include <filesystem>
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

// gopack itself for other systems, as it lies in a directory: gopack.exe, gopack-<GOOS>-<GOARCH>. Throws
// Error.
std::vector<BundleFile> programs_in(const Dir& directory);
// The same of the first of these directories that has any; those that are not there have none. Throws Error
// where all have none.
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
std::string checksum_file(const std::vector<BundleFile>& files, const std::vector<BundleTree>& trees);

}  // namespace gopack::bundle
