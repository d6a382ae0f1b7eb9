// The names of trees on a filesystem: which of them it refuses, and how long they become. Private to target.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/target/probe.hpp"

namespace gopack::target {

// Of files below one directory.
using Paths = std::vector<std::string_view>;

// What stands in the way of the trees' names, e.g. "it refuses the name src/é.go" or "src/A.go and src/a.go
// are one file there". Names that are out of the ordinary are tried, each once. Throws Error.
std::optional<std::string> find_name_fault(const Facts& facts, const std::vector<store::Tree>& trees);
// The same of directories with files at these paths.
std::optional<std::string> find_name_fault(const Facts& facts, const std::vector<Paths>& directories);

// Those of `names` (single components) that a file below existing_part() cannot have. Throws Error.
std::vector<std::string> find_refused(const std::filesystem::path& directory,
                                      const std::vector<std::string>& names);

constexpr std::size_t kWindowsPath = 259;  // UTF-16 units that Windows programs take without further ado

// A path as Windows shows it, e.g. "E:\v_0123456789abcdef\src\fmt\print.go".
struct WindowsPath {
  std::string text;
  std::size_t units = 0;  // of UTF-16
};

// The longest one of the trees, their store being at `target`: below the drive that is mounted there, or the
// root of one where `target` lies on the system's own.
WindowsPath longest_path(const std::filesystem::path& target, const Facts& facts,
                         const std::vector<store::Tree>& trees);

}  // namespace gopack::target
