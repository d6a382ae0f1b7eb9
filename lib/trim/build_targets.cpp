#include "gopack/trim/build_targets.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "build_constraint.hpp"

namespace gopack::trim {

namespace {

using release::Platform;
using release::Version;

// golang/go src/internal/syslist (before: src/go/build/syslist.go): every name that has ever counted.
constexpr std::string_view kSystems[] = {"aix",     "android", "darwin",  "dragonfly", "freebsd", "hurd",
                                         "illumos", "ios",     "js",      "linux",     "nacl",    "netbsd",
                                         "openbsd", "plan9",   "solaris", "wasip1",    "windows", "zos"};
constexpr std::string_view kArchitectures[] = {
    "386",     "amd64",  "amd64p32", "arm",      "armbe",     "arm64",       "arm64be", "loong64",
    "mips",    "mipsle", "mips64",   "mips64le", "mips64p32", "mips64p32le", "ppc",     "ppc64",
    "ppc64le", "riscv",  "riscv64",  "s390",     "s390x",     "sparc",       "sparc64", "wasm"};
// What the tag "unix" (from Go 1.19 on) stands for.
constexpr std::string_view kUnix[] = {"aix",     "android", "darwin", "dragonfly", "freebsd", "hurd",
                                      "illumos", "ios",     "linux",  "netbsd",    "openbsd", "solaris"};
// Tags for programs that generate sources, for other compilers, and for building Go itself.
constexpr std::string_view kNeverSet[] = {"ignore", "gccgo", "gcc", "compiler_bootstrap", "cmd_go_bootstrap"};
constexpr std::string_view kSources[] = {"go", "c",   "cc", "cpp", "cxx", "m",   "h",
                                         "hh", "hpp", "s",  "S",   "sx",  "syso"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_system(std::string_view word, const Version& version) {
  if (word == "wasip1") return version.minor() >= 21;
  return is_one_of(word, kSystems);
}

KnownNames known_names(const Version& version) {
  return {[&version](std::string_view word) { return is_system(word, version); },
          [](std::string_view word) { return is_one_of(word, kArchitectures); }};
}

// The tag that a system sets beside its own name.
std::string_view implied(std::string_view system) {
  return system == "android" ? "linux" : system == "illumos" ? "solaris" : system == "ios" ? "darwin" : "";
}

Truth truth(bool value) {
  return value ? Truth::yes : Truth::no;
}

// "go1.21": set by that release and all later ones.
Truth release_tag(std::string_view tag, const Version& version) {
  int minor = 0;
  const auto* end = tag.data() + tag.size();
  const auto parsed = std::from_chars(tag.data() + 4, end, minor);
  return parsed.ec == std::errc() && parsed.ptr == end ? truth(minor <= version.minor()) : Truth::maybe;
}

// `target` null: any.
Truth system_tag(std::string_view tag, const Platform* target, const Version& version) {
  if (target == nullptr) return Truth::maybe;
  if (tag == "unix") return truth(version.minor() >= 19 && is_one_of(target->os, kUnix));
  return truth(tag == target->os || tag == target->arch || tag == implied(target->os));
}

std::string_view extension_of(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

}  // namespace

BuildTargets::BuildTargets(const Version& version, std::vector<Platform> targets,
                           std::set<std::string, std::less<>> off)
    : version_(version), targets_(std::move(targets)), off_(std::move(off)) {
  std::sort(targets_.begin(), targets_.end());
  targets_.erase(std::unique(targets_.begin(), targets_.end()), targets_.end());
}

std::string BuildTargets::text() const {
  return targets_.empty() ? "all" : release::join(targets_);
}

bool BuildTargets::applies_to(std::string_view path) {
  return path.starts_with("src/") && !path.starts_with("src/cmd/") &&
         path.find("/testdata/") == std::string_view::npos && is_one_of(extension_of(path), kSources);
}

bool BuildTargets::needs_head(std::string_view path) {
  return extension_of(path) != "syso";
}

bool BuildTargets::can_compile(std::string_view path, std::string_view head) const {
  const auto known = known_names(version_);
  const auto for_target = [&](const Platform* target) {
    const TagTruth tag = [&](std::string_view name) {
      if (off_.contains(name) || is_one_of(name, kNeverSet)) return Truth::no;
      if (name == "gc") return Truth::yes;
      if (name.starts_with("go1.")) return release_tag(name, version_);
      if (name == "unix" || known.is_system(name) || known.is_architecture(name))
        return system_tag(name, target, version_);
      return Truth::maybe;
    };
    return both(evaluate_name(path.substr(path.rfind('/') + 1), known, tag), evaluate_head(head, tag)) !=
           Truth::no;
  };
  if (targets_.empty()) return for_target(nullptr);
  return std::any_of(targets_.begin(), targets_.end(),
                     [&](const Platform& target) { return for_target(&target); });
}

bool is_bound_by_name(std::string_view file_name) {
  static const KnownNames kEvery{[](std::string_view word) { return is_one_of(word, kSystems); },
                                 [](std::string_view word) { return is_one_of(word, kArchitectures); }};
  return evaluate_name(file_name, kEvery, [](std::string_view) { return Truth::no; }) == Truth::no;
}

}  // namespace gopack::trim
