#include "gopack/trim/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "gopack/base/error.hpp"

namespace gopack::trim {

namespace {

constexpr std::string_view kUnmatched = "sdk";

// Every GOOS and GOARCH that go/build has ever known (golang/go src/internal/syslist): they make a file
// name's suffix a build constraint.
constexpr std::string_view kSystems[] = {
    "aix",     "android", "darwin",   "dragonfly", "freebsd",     "hurd",    "illumos", "ios",     "js",
    "linux",   "nacl",    "netbsd",   "openbsd",   "plan9",       "solaris", "wasip1",  "windows", "zos",
    "386",     "amd64",   "amd64p32", "arm",       "armbe",       "arm64",   "arm64be", "loong64", "mips",
    "mipsle",  "mips64",  "mips64le", "mips64p32", "mips64p32le", "ppc",     "ppc64",   "ppc64le", "riscv",
    "riscv64", "s390",    "s390x",    "sparc",     "sparc64",     "wasm"};

std::string_view last_part(std::string_view text, char separator) {
  return text.substr(text.rfind(separator) + 1);  // npos + 1 is 0: the whole text
}

// Whether the name binds the file to some systems, as in "exec_windows.go" or "asm_linux_amd64.s".
bool is_for_some_systems(std::string_view name) {
  const auto stem = name.substr(0, name.find('.'));
  if (stem.find('_') == std::string_view::npos) return false;
  return std::find(std::begin(kSystems), std::end(kSystems), last_part(stem, '_')) != std::end(kSystems);
}

// Directories that no package of the standard library lies in: the go command skips them.
bool is_outside_packages(std::string_view path) {
  return path.starts_with("src/cmd/") || path.find("/testdata/") != std::string_view::npos ||
         path.find("/_") != std::string_view::npos;
}

// The Unicode tables of src/vendor lie side by side in one version for each range of Go versions; a release
// compiles one of them (src/vendor/golang.org/x/text/unicode/norm/tables13.0.0.go).
bool is_for_some_releases(std::string_view path) {
  return path.starts_with("src/vendor/") && last_part(path, '/').starts_with("tables");
}

bool is_essential_source(std::string_view path) {
  if (!path.starts_with("src/") || is_outside_packages(path)) return false;
  const auto name = last_part(path, '/');
  const auto extension = last_part(name, '.');
  if (extension != "go" && extension != "s" && extension != "h") return false;
  return !name.ends_with("_test.go") && !is_for_some_systems(name) && !is_for_some_releases(path);
}

std::string_view without_exe(std::string_view name) {
  return name.ends_with(".exe") ? name.substr(0, name.size() - 4) : name;
}

bool is_essential_program(std::string_view path) {
  const auto name = without_exe(last_part(path, '/'));
  const auto depth = std::count(path.begin(), path.end(), '/');
  if (path.starts_with("bin/")) return name == "go" && depth <= 2;
  const bool is_tool = path.starts_with("pkg/tool/") && depth == 3;
  return is_tool && (name == "compile" || name == "link" || name == "asm");
}

}  // namespace

bool is_essential(std::string_view path) {
  return path == "VERSION" || path == "go.env" || is_essential_program(path) || is_essential_source(path);
}

void Filter::add(const tree::Entry& entry, ByteSource& content) {
  const std::string& path = entry.path.text();
  const Rule* rule = profile_.decide(path);
  const Action action = rule != nullptr ? rule->action : Action::keep;
  if (action == Action::drop && is_essential(path)) {
    throw Error(ErrorKind::usage, fmt::format("{}: this rule drops {}, which every Go SDK needs",
                                              rule->location.text(), printable(path)))
        .with_hint("make its pattern narrower, or add a rule after it that keeps the file");
  }
  if (counted_.insert(path).second) count(entry, action, rule);
  if (action == Action::keep) downstream_.add(entry, content);
}

void Filter::count(const tree::Entry& entry, Action action, const Rule* rule) {
  const auto category = rule != nullptr ? rule->category : std::string(kUnmatched);
  const auto reason = rule != nullptr ? rule->reason : "no rule drops it";
  auto& row = rows_.try_emplace({action, category}, TableRow{action, category, reason}).first->second;
  row.files += 1;
  row.bytes += entry.size;
}

std::vector<TableRow> Filter::table() const {
  std::vector<TableRow> table;
  for (const auto& [key, row] : rows_) table.push_back(row);
  std::stable_sort(table.begin(), table.end(), [](const TableRow& a, const TableRow& b) {
    return a.action != b.action ? a.action == Action::keep : a.bytes > b.bytes;
  });
  return table;
}

}  // namespace gopack::trim
