#include "gopack/release/platform.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/launch/machine.hpp"

namespace gopack::release {

namespace {

bool is_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain);
}

// Of two for Windows, whose commands are programs and not scripts, the one that most machines run is the one
// in bin: amd64 (Windows for arm64 runs it as well), else 386.
bool is_preferred(const Platform& platform, const Platform& other) {
  const auto rank = [](const Platform& p) { return p.arch == "amd64" ? 0 : p.arch == "386" ? 1 : 2; };
  return platform.os == "windows" && rank(platform) < rank(other);
}

}  // namespace

std::optional<Platform> Platform::try_parse(std::string_view text) {
  const auto separator = text.find_first_of("/-");
  if (separator == std::string_view::npos) return std::nullopt;
  const auto os = text.substr(0, separator);
  const auto arch = text.substr(separator + 1);
  if (!is_name(os) || !is_name(arch)) return std::nullopt;
  return Platform{std::string(os), std::string(arch)};
}

Platform Platform::parse(std::string_view text) {
  if (auto platform = try_parse(text)) return *std::move(platform);
  throw Error(ErrorKind::usage, fmt::format("\"{}\" is not a platform of Go", printable(text)))
      .with_hint("write one like linux/amd64");
}

std::optional<Platform> choose_platform(const std::vector<Platform>& platforms, const Platform& host) {
  for (const auto& arch : launch::runnable_architectures(host.os, host.arch)) {
    const Platform platform{host.os, arch};
    if (std::find(platforms.begin(), platforms.end(), platform) != platforms.end()) return platform;
  }
  return std::nullopt;
}

std::string join(const std::vector<Platform>& platforms) {
  std::string text;
  for (const auto& platform : platforms) text += (text.empty() ? "" : ", ") + platform.text();
  return text;
}

std::string command_directory(const Platform& platform, const std::vector<Platform>& platforms) {
  const bool collides = std::any_of(platforms.begin(), platforms.end(), [&](const Platform& other) {
    return other != platform && other.executable_suffix() == platform.executable_suffix() &&
           !is_preferred(platform, other);
  });
  return collides ? "bin/" + platform.directory() : "bin";
}

}  // namespace gopack::release
