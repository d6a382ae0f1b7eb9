#include "gopack/release/index.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"

namespace gopack::release {

namespace {

using Json = nlohmann::json;

// "linux-amd64" as archives spell it; "armv6l" (and once "arm6") is GOARCH arm.
std::optional<Platform> parse_archive_platform(std::string_view text) {
  auto platform = Platform::try_parse(text);
  if (platform && (platform->arch == "armv6l" || platform->arch == "arm6")) platform->arch = "arm";
  return platform;
}

// "<version>.<os>-<arch>": the version has dots of its own, the platform has none.
std::optional<ReleaseFile> parse_stem(std::string_view filename, std::string_view stem) {
  const auto dot = stem.rfind('.');
  if (dot == std::string_view::npos || !stem.starts_with("go")) return std::nullopt;
  const auto version = Version::try_parse(stem.substr(0, dot));
  const auto platform = parse_archive_platform(stem.substr(dot + 1));
  // The spelling must be the release's own name: "go1.20.0" is none.
  if (!version || !platform || version->name() != stem.substr(0, dot)) return std::nullopt;
  return ReleaseFile{std::string(filename), *version, *platform, 0, std::nullopt};
}

std::optional<ReleaseFile> parse_entry(const Json& entry) {
  if (!entry.is_object() || entry.value("kind", "") != "archive") return std::nullopt;
  auto file = parse_filename(entry.value("filename", ""));
  if (!file) return std::nullopt;
  file->size = entry.value("size", std::uint64_t{0});
  const auto sha256 = entry.value("sha256", "");
  file->sha256 = digest::Sha256::try_parse(sha256);
  if (!file->sha256 && !sha256.empty()) {
    throw Error(ErrorKind::unreachable,
                fmt::format("cannot read the release index: the SHA-256 of {} is malformed", file->filename));
  }
  return file;
}

[[noreturn]] void refuse(std::string_view text, std::string_view reason) {
  const auto start = text.find_first_not_of(" \t\r\n");
  const bool html = start != std::string_view::npos && text[start] == '<';
  throw Error(ErrorKind::unreachable, fmt::format("cannot read the release index: {}",
                                                  html ? "got an HTML page instead of JSON" : reason))
      .with_hint(html ? "a proxy or login page may be in the way; check the source's URL"
                      : "check the source's URL");
}

}  // namespace

std::optional<ReleaseFile> parse_filename(std::string_view filename) {
  for (const std::string_view ending : {".tar.gz", ".zip"}) {
    if (filename.ends_with(ending))
      return parse_stem(filename, filename.substr(0, filename.size() - ending.size()));
  }
  return std::nullopt;
}

std::optional<ReleaseFile> parse_toolchain_filename(std::string_view filename) {
  constexpr std::string_view kPrefix = "v0.0.1-";
  if (!filename.starts_with(kPrefix) || !filename.ends_with(".zip")) return std::nullopt;
  return parse_stem(filename, filename.substr(kPrefix.size(), filename.size() - kPrefix.size() - 4));
}

std::vector<ReleaseFile> parse_index(std::string_view json) {
  std::vector<ReleaseFile> files;
  try {
    const auto releases = Json::parse(json);
    if (!releases.is_array()) refuse(json, "it is not a list of releases");
    for (const auto& release : releases) {
      for (const auto& entry : release.at("files")) {
        if (auto file = parse_entry(entry)) files.push_back(std::move(*file));
      }
    }
  } catch (const Json::exception& error) {
    refuse(json, error.what());
  }
  return files;
}

}  // namespace gopack::release
