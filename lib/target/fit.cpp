#include "gopack/target/fit.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "names.hpp"

namespace gopack::target {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> find_incapacity(const Facts& facts) {
  if (!facts.replaces) return "the filesystem cannot rename a file over another";
  if (!facts.keeps_case) return "the filesystem does not keep the case of names (mounted with ignore_case?)";
  if (facts.locks == Locks::missing) return "the filesystem has no file locks (flock)";
  if (facts.locks == Locks::hang) return "file locks (flock) hang there";
  return std::nullopt;
}

}  // namespace

void require_fit(const fs::path& target, const Facts& facts, const std::vector<store::Tree>& trees) {
  const auto refuse = [&](ErrorKind kind, const std::string& reason, const std::string& hint) {
    throw Error(kind, fmt::format("cannot write to {}: {}", printable(target), reason)).with_hint(hint);
  };
  if (const auto& refusal = facts.refusal) refuse(refusal->kind(), refusal->text(), refusal->hint());
  if (const auto incapacity = find_incapacity(facts)) {
    refuse(ErrorKind::noroom, *incapacity, "`gopack doctor` says what the target can do; choose another one");
  }
  if (const auto fault = find_name_fault(facts, trees))
    refuse(ErrorKind::noroom, *fault,
           "drop the file in the profile (--profile minimal has none such), or choose another target");
}

void require_names(const fs::path& target, const Facts& facts, const std::vector<tree::Entry>& files) {
  Paths paths;
  for (const auto& file : files) paths.push_back(file.path.text());
  if (const auto fault = find_name_fault(facts, std::vector<Paths>{paths})) {
    throw Error(ErrorKind::noroom, fmt::format("cannot bring modules into {}: {}", printable(target), *fault))
        .with_hint("choose another target, or do without the project that needs this module");
  }
}

void tell_medium(Reporter& reporter, const fs::path& target, const Facts& facts) {
  const auto& medium = facts.medium;
  if (medium.type.empty()) return;
  const auto kind = medium.is_removable ? "removable"
                    : medium.is_system  ? "part of this system"
                                        : "not removable";
  reporter.note(fmt::format("{} is on {} ({}, {}), {} MB free", printable(target), printable(medium.source),
                            medium.type, kind, facts.space.available / 1'000'000));
  warn_of_empty_mount_point(reporter, target, medium, "the bundle");
}

void warn_of_empty_mount_point(Reporter& reporter, const fs::path& directory, const Mount& medium,
                               std::string_view what) {
  const auto place = fs::absolute(directory).lexically_normal();
  if (medium.type.empty() || !is_empty_mount_point(place, medium.directory)) return;
  reporter.warning(fmt::format("no medium is mounted at {}: {} goes to {}, on which {} is",
                               printable(directory), what, printable(medium.source),
                               printable(medium.directory)));
}

void warn_of_long_paths(Reporter& reporter, const fs::path& target, const Facts& facts,
                        std::vector<store::Tree> trees) {
  std::erase_if(trees, [](const store::Tree& tree) { return !tree.serves("windows"); });
  const auto longest = longest_path(target, facts, trees);
  if (longest.units <= kWindowsPath) return;
  reporter.warning(fmt::format("on Windows the longest path has {} characters, of which {} are allowed: {}",
                               longest.units, kWindowsPath, printable(longest.text)));
}

}  // namespace gopack::target
