// The systems a release is built for, by Go's names.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::release {

struct Platform {
  std::string os;    // GOOS
  std::string arch;  // GOARCH

  // "linux/amd64" or "linux-amd64". Nothing unless both are plausible names ([a-z0-9]+).
  static std::optional<Platform> try_parse(std::string_view text);
  // Throws Error (usage) for anything else.
  static Platform parse(std::string_view text);
  // The one this program runs on.
  static Platform host();

  std::string text() const { return os + "/" + arch; }       // linux/amd64
  std::string directory() const { return os + "_" + arch; }  // linux_amd64, as in pkg/tool
  std::string executable_suffix() const { return os == "windows" ? ".exe" : ""; }
  auto operator<=>(const Platform&) const = default;
};

// Of `platforms` the best one whose programs `host` runs; nothing where it runs none. See
// gopack/launch/machine.hpp.
std::optional<Platform> choose_platform(const std::vector<Platform>& platforms, const Platform& host);

// For messages: "linux/amd64, windows/amd64".
std::string join(const std::vector<Platform>& platforms);

// Where a tree for `platforms` has the go command of `platform`: "bin" unless another platform's
// command has the same file name; then "bin/<os>_<arch>". For Windows amd64, else 386, stays in "bin".
std::string command_directory(const Platform& platform, const std::vector<Platform>& platforms);

}  // namespace gopack::release
