#include "gopack/bundle/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "gopack/base/embedded.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/bundle/place.hpp"
#include "gopack/launch/machine.hpp"

namespace gopack::bundle {

// Generated from launchers/ (gopack_embed).
std::span<const EmbeddedFile> launcher_files();

namespace {

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

bool is_for_windows(std::string_view name) {
  return name.ends_with(".bat") || name.ends_with(".ps1");
}
// go.exe, go-linux-amd64 …
bool is_native(std::string_view name) {
  return name.ends_with(".exe") || name.starts_with("go-");
}

BundleFile to_bundle_file(const EmbeddedFile& embedded) {
  const auto name = embedded.name;
  const bool is_go_env = name == "go.env";
  return {.path = tree::RelPath(is_go_env ? kGoEnv : std::string(name)),
          .text = is_for_windows(name) ? with_crlf(embedded.text) : std::string(embedded.text),
          .executable = name.ends_with(".sh") || is_native(name),
          .is_setting = is_go_env || name.starts_with("config.")};
}

std::vector<BundleFile> programs_in(const Dir& directory) {
  std::vector<BundleFile> programs;
  for (const auto& name : directory.names()) {
    if (!is_program_name(name)) continue;
    programs.push_back({.path = tree::RelPath(name),
                        .text = read_text(directory.path() / name, kLargestFile),
                        .executable = true});
  }
  return programs;
}

}  // namespace

std::vector<BundleFile> bundle_files() {
  std::vector<BundleFile> files;
  for (const auto& embedded : launcher_files()) {
    files.push_back(to_bundle_file(embedded));
    // The native launcher goes by its name.
    if (embedded.name == "go.exe") files.push_back(to_bundle_file({"gofmt.exe", embedded.text}));
  }
  return files;
}

bool is_program_name(std::string_view name) {
  constexpr std::string_view kFront = "gopack-";
  if (name == "gopack.exe") return true;
  return name.starts_with(kFront) && release::Platform::try_parse(name.substr(kFront.size()));
}

std::vector<BundleFile> find_programs(const std::vector<std::filesystem::path>& directories) {
  for (const auto& directory : directories) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(directory, ignored)) continue;
    auto programs = programs_in(Dir::open(directory));
    if (!programs.empty()) return programs;
  }
  std::vector<std::string> places;
  for (const auto& directory : directories) places.push_back(printable(directory));
  throw Error(
      ErrorKind::failed,
      fmt::format(
          "cannot put gopack beside the launchers: there is no gopack.exe or gopack-linux-amd64 in {}",
          fmt::join(places, " or ")))
      .with_hint(
          fmt::format("packages of ./cross bring them; {} names another directory", kProgramsVariable));
}

bool is_of_use(std::string_view name, std::span<const std::string> platforms) {
  constexpr std::string_view kUnixLauncher = "go-";  // go-<GOOS>-<GOARCH>
  if (!name.starts_with(kUnixLauncher)) return true;
  name.remove_prefix(kUnixLauncher.size());
  const auto dash = std::min(name.find('-'), name.size());
  const auto os = name.substr(0, dash);
  const auto runnable = launch::runnable_architectures(os, std::string(name.substr(dash + 1)));
  return std::any_of(runnable.begin(), runnable.end(), [&](const std::string& architecture) {
    return std::find(platforms.begin(), platforms.end(), std::string(os) + "/" + architecture) !=
           platforms.end();
  });
}

std::string checksum_file(const std::vector<BundleFile>& files, const Sums& programs,
                          const std::vector<BundleTree>& trees) {
  std::vector<std::pair<std::string, digest::Sha256>> sums(programs.begin(), programs.end());
  for (const auto& file : files) {
    if (!file.is_setting && file.path.text() != kGoEnv)
      sums.emplace_back(file.path.text(), digest::hash(file.text));
  }
  for (const auto& [id, manifest, tree_files] : trees) {
    sums.emplace_back(id.text() + ".json", manifest);
    for (const auto& file : tree_files) sums.emplace_back(id.text() + "/" + file.path.text(), file.sha256);
  }
  std::sort(sums.begin(), sums.end());
  std::string text;
  for (const auto& [path, sha256] : sums) text += sha256.hex() + "  " + path + "\n";
  return text;
}

}  // namespace gopack::bundle
