// What the Go project's archives look like inside, and how gopack lays several of them into one tree.
// Source: golang/go src/cmd/distpack.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::release {

// Go's own rule for executable bits (distpack's `mode`): bin/**, pkg/tool/**, *.bash *.sh *.pl *.rc and
// go_*_*_exec. gopack applies it to every archive, so that the container makes no difference.
bool is_executable(const tree::RelPath& path);

// Whether a path lies in a directory that official archives have and toolchain modules lack (distpack): api,
// doc, misc, test.
bool is_outside_module(std::string_view path);

inline constexpr std::uint64_t kLargestVersionFile = 4096;  // bytes; real ones have 40

// When a release was made, in seconds since 1970, by its VERSION file ("time 2024-07-02T16:00:00Z"); nothing
// before 1.21, where the file does not say.
std::optional<std::int64_t> parse_release_time(std::string_view version_file);

// The top directory of official archives: "go".
inline constexpr const char* kArchiveRoot = "go";
// The top directory of a toolchain module's zip: "golang.org/toolchain@v0.0.1-go1.22.5.linux-amd64".
std::string toolchain_module_root(const Version& version, const Platform& platform);

// Puts one platform's files where they lie in a tree for `platforms`: commands of bin/ that would collide
// go to bin/<os>_<arch>/; a toolchain module's "_go.mod" is "go.mod" again and its own top go.mod is no
// part of the tree; executable bits follow the rule. Everything else passes unchanged. A VERSION file of
// excessive size is an Error (unsafe).
class SdkLayout final : public tree::TreeSink {
 public:
  SdkLayout(tree::TreeSink& downstream, const Platform& platform, const std::vector<Platform>& platforms,
            bool is_module);
  void add(const tree::Entry& entry, ByteSource& content) override;
  // After the last file. Throws Error (unsafe) when VERSION was not among them: that is no Go release.
  void require_release() const;

 private:
  tree::TreeSink& downstream_;
  std::string command_directory_;
  bool is_module_;
  bool has_version_ = false;
};

}  // namespace gopack::release
