#include "gopack/release/platform_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "gopack/base/error.hpp"
#include "gopack/base/similar.hpp"

namespace gopack::release {

namespace {

// `go tool dist list -broken` of Go 1.18 to 1.27 together (golang/go src/internal/platform/zosarch.go, before
// 1.21 src/cmd/dist/build.go).
struct Ports {
  const char* os;
  std::vector<const char*> arches;
};
const std::array<Ports, 15>& ports() {
  static const std::array<Ports, 15> kPorts = {{
      {"aix", {"ppc64"}},
      {"android", {"386", "amd64", "arm", "arm64"}},
      {"darwin", {"amd64", "arm64"}},
      {"dragonfly", {"amd64"}},
      {"freebsd", {"386", "amd64", "arm", "arm64", "riscv64"}},
      {"illumos", {"amd64"}},
      {"ios", {"amd64", "arm64"}},
      {"js", {"wasm"}},
      {"linux",
       {"386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le",
        "riscv64", "s390x", "sparc64"}},
      {"netbsd", {"386", "amd64", "arm", "arm64"}},
      {"openbsd", {"386", "amd64", "arm", "arm64", "mips64", "ppc64", "riscv64"}},
      {"plan9", {"386", "amd64", "arm"}},
      {"solaris", {"amd64"}},
      {"wasip1", {"wasm"}},
      {"windows", {"386", "amd64", "arm", "arm64"}},
  }};
  return kPorts;
}

struct OtherName {
  std::string_view name;
  const char* meaning;
};
constexpr OtherName kOtherNames[] = {
    {"win", "windows"},  {"win32", "windows"}, {"win64", "windows"}, {"mac", "darwin"},
    {"macos", "darwin"}, {"osx", "darwin"},    {"x64", "amd64"},     {"x86_64", "amd64"},
    {"x86", "386"},      {"i386", "386"},      {"i686", "386"},      {"aarch64", "arm64"},
    {"armhf", "arm"},    {"armv6l", "arm"},    {"armv7", "arm"},     {"armv7l", "arm"},
    {"armv8", "arm64"},  {"wasi", "wasip1"},   {"wasm32", "wasm"},   {"ppc64el", "ppc64le"},
};

std::vector<std::string> sorted_names(const std::vector<Platform>& platforms, std::string Platform::*part) {
  std::vector<std::string> names;
  for (const auto& platform : platforms) names.push_back(platform.*part);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// The name among `names` that somebody means by `word`; empty where it is not known.
std::string meant(std::string_view word, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), word) != names.end()) return std::string(word);
  const auto is_it = [&](const OtherName& other) { return other.name == word; };
  const auto* other = std::find_if(std::begin(kOtherNames), std::end(kOtherNames), is_it);
  if (other != std::end(kOtherNames)) return other->meaning;
  return find_similar(word, names).value_or("");
}

std::string platform_hint(std::string_view text, const std::vector<Platform>& known) {
  const auto separator = text.find_first_of("/-");
  const auto has_arch = separator != std::string_view::npos;
  const auto os = meant(text.substr(0, separator), sorted_names(known, &Platform::os));
  auto arch = std::string();
  if (has_arch) arch = meant(text.substr(separator + 1), sorted_names(known, &Platform::arch));
  std::vector<std::string> of_os;
  for (const auto& platform : known) {
    if (platform.os == os && platform.arch == arch) return fmt::format("did you mean {}?", platform.text());
    if (platform.os == os) of_os.push_back(platform.text());
  }
  if (!of_os.empty()) return fmt::format("did you mean {}?", fmt::join(of_os, " or "));
  return fmt::format("write GOOS/GOARCH, such as linux/arm64, with GOOS one of {}",
                     fmt::join(sorted_names(known, &Platform::os), ", "));
}

}  // namespace

const std::vector<Platform>& known_platforms() {
  static const std::vector<Platform> kPlatforms = [] {
    std::vector<Platform> platforms;
    for (const auto& [os, arches] : ports()) {
      for (const auto* arch : arches) platforms.push_back({os, arch});
    }
    return platforms;
  }();
  return kPlatforms;
}

bool is_known(const Platform& platform) {
  const auto& known = known_platforms();
  return std::find(known.begin(), known.end(), platform) != known.end();
}

Error unknown_platform(std::string_view text, std::string_view kind, const std::vector<Platform>& known) {
  return Error(ErrorKind::usage, fmt::format("\"{}\" is not a {}", printable(text), kind))
      .with_hint(platform_hint(text, known));
}

}  // namespace gopack::release
