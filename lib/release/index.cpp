#include "gopack/release/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/base/json_size.hpp"

namespace gopack::release {

namespace {

using Json = nlohmann::json;

constexpr int kDeepestJson = 32;

// "linux-amd64" as archives spell it; "armv6l" (and once "arm6") is GOARCH arm.
std::optional<Platform> parse_archive_platform(std::string_view text) {
  auto platform = text.find('/') == std::string_view::npos ? Platform::try_parse(text) : std::nullopt;
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

[[noreturn]] void refuse_index(std::string_view reason, const char* hint = "check the source's URL") {
  throw Error(ErrorKind::unreachable, fmt::format("cannot read the release index: {}", reason))
      .with_hint(hint);
}

// A field that may be missing, but not be of another type.
template <typename Value>
Value field(const Json& entry, const char* name) {
  const auto at = entry.find(name);
  return at == entry.end() ? Value() : at->get<Value>();
}

std::uint64_t parse_size(const Json& entry, const std::string& filename) {
  const auto at = entry.find("size");
  if (at == entry.end()) return 0;
  const auto size = find_size(*at);
  if (!size) refuse_index(fmt::format("the size of {} is malformed", filename));
  return *size;
}

std::optional<ReleaseFile> parse_entry(const Json& entry) {
  if (!entry.is_object() || field<std::string>(entry, "kind") != "archive") return std::nullopt;
  auto file = parse_filename(field<std::string>(entry, "filename"));
  if (!file) return std::nullopt;
  file->size = parse_size(entry, file->filename);
  const auto sha256 = field<std::string>(entry, "sha256");
  if (sha256.empty()) return file;
  file->sha256 = digest::Sha256::try_parse(sha256);
  if (!file->sha256 || file->sha256->hex() != sha256)
    refuse_index(fmt::format("the SHA-256 of {} is malformed", file->filename));
  return file;
}

// What servers such as nginx and Caddy list a directory as: objects with a "name".
bool is_directory_listing(const Json& json) {
  const auto is_named = [](const Json& entry) {
    return entry.is_object() && entry.contains("name") && entry["name"].is_string() &&
           !entry.contains("files");
  };
  return json.is_array() && !json.empty() && std::all_of(json.begin(), json.end(), is_named);
}

std::vector<ReleaseFile> parse_directory_listing(const Json& json) {
  std::vector<ReleaseFile> files;
  for (const auto& entry : json) {
    auto file = parse_filename(entry["name"].get_ref<const std::string&>());
    if (!file) continue;
    const auto size = entry.find("size");
    if (size != entry.end()) file->size = find_size(*size).value_or(0);
    files.push_back(std::move(*file));
  }
  return files;
}

// How deep arrays and objects lie in each other. (A callback of the parser would take quadratic time.)
int depth_of(std::string_view json) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') ++i;
    if (in_string) continue;
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if (c == ']' || c == '}') --depth;
  }
  return deepest;
}

// The index is four levels deep; what nests without end is meant to exhaust somebody.
Json parse_json(std::string_view text) {
  if (depth_of(text) > kDeepestJson)
    refuse_index(fmt::format("it is nested more than {} levels deep", kDeepestJson));
  return Json::parse(text);
}

[[noreturn]] void refuse_text(std::string_view text, std::string_view reason) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || text[start] != '<') refuse_index(reason);
  refuse_index("got an HTML page instead of JSON",
               "a proxy or login page may be in the way; check the source's URL");
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

bool is_archive_filename(std::string_view filename) {
  return parse_filename(filename) || parse_toolchain_filename(filename);
}

std::vector<ReleaseFile> parse_index(std::string_view json) {
  std::vector<ReleaseFile> files;
  std::set<std::string> names;
  try {
    const auto releases = parse_json(json);
    if (is_directory_listing(releases)) return parse_directory_listing(releases);
    if (!releases.is_array()) refuse_index("it is not a list of releases");
    for (const auto& release : releases) {
      for (const auto& entry : release.at("files")) {
        auto file = parse_entry(entry);
        if (!file) continue;
        if (!names.insert(file->filename).second)
          refuse_index(fmt::format("it lists {} twice", file->filename));
        files.push_back(std::move(*file));
      }
    }
  } catch (const Json::exception& error) {
    refuse_text(json, json_fault(error.id, error.what()));
  }
  return files;
}

}  // namespace gopack::release
