// Which files of the standard library a set of build targets can compile.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"

namespace gopack::trim {

// Build constraints are evaluated in full for each target: file names, "//go:build" and "+build" lines, the
// systems and architectures that the release knows, `unix`, release tags. A tag that a build may set or leave
// (purego, netgo, goexperiment.…) counts both ways, so what is left out can be compiled by no build at all.
class BuildTargets {
 public:
  // No targets: every one there is. `off` are tags that no build of this SDK sets.
  BuildTargets(const release::Version& version, std::vector<release::Platform> targets,
               std::set<std::string, std::less<>> off);

  const std::vector<release::Platform>& targets() const { return targets_; }
  std::string text() const;  // "linux/amd64, windows/amd64"; "all"

  // Whether the file is a source of the standard library, which is what the rest is for.
  static bool applies_to(std::string_view path);
  // Whether the head of the file (its first kHeadBytes) is needed for the answer.
  static bool needs_head(std::string_view path);
  static constexpr std::size_t kHeadBytes = 16 << 10;
  bool can_compile(std::string_view path, std::string_view head) const;

 private:
  release::Version version_;
  std::vector<release::Platform> targets_;
  std::set<std::string, std::less<>> off_;
};

// Whether the name binds a file to some systems or architectures, as in "exec_windows.go".
bool is_bound_by_name(std::string_view file_name);

}  // namespace gopack::trim
