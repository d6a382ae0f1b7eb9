// The environment of a portable Go: the same variables that the launchers bind (launchers/goenv.sh).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/process.hpp"
#include "gopack/release/platform.hpp"

namespace gopack::bundle {

struct Variable {
  std::string name;
  std::string value;
};

// What to bind for one tree on one platform.
struct Binding {
  std::vector<Variable> set;                // GOROOT, GOPATH, GOMODCACHE, …; without PATH
  std::vector<std::filesystem::path> path;  // directories to put in front of PATH

  // `inherited` with this binding applied, in PATH in the place of the one of a tree that was bound before.
  Environment apply(Environment inherited) const;
};

// `data` is the directory for everything that Go writes (a store's shared/). Throws Error (failed) when
// `host` runs programs of none of `platforms`.
Binding bind_environment(const std::filesystem::path& goroot, const std::filesystem::path& data,
                         const std::vector<release::Platform>& platforms, const release::Platform& host);

// What `inherited` asks for and this binding of a tree of `release` ("go1.22.12") does not give: another
// toolchain, or cgo where the tree has none. A line for each.
std::vector<std::string> ignored(const Binding& binding, const Environment& inherited,
                                 const std::string& release);

// Makes GOPATH and, where there is none, a file that turns telemetry off, which Go does not by itself.
// Throws Error.
void prepare_data(const Environment& bound);

// The go.env that this environment names; empty where there is none. Throws Error where it cannot be read.
std::string go_env_of(const Environment& bound);

// Mends the go.env that this environment names, see go_env.hpp. Returns whether there was something to mend.
// Throws Error, also where it has to be mended and cannot be written.
bool mend_go_env(const Environment& bound);

// A build cache's program that Go cannot start would end every build. Where the go.env of this environment
// (with PATH) names one and the environment itself names none, GOENV becomes a copy of go.env without that
// line. Returns why the program is left out. Throws Error where the copy cannot be written.
std::optional<std::string> leave_out_cacheprog(Environment& bound);

// A shell that is bound to such a copy changes the copy with `go env -w`. This brings those changes into
// go.env. Throws Error where go.env cannot be written.
void carry_over_go_env(const Environment& bound);

enum class Shell { sh, cmd, powershell, fish };
std::optional<Shell> parse_shell(std::string_view name);

// The binding as commands of that shell, one a line, quoted so that no value can become a command. Where
// another tree is bound in `inherited`, PATH is set as a whole, without the directories of that one.
// Throws Error (failed) for a value that cmd has no way to quote.
std::string to_script(const Binding& binding, Shell shell, const Environment& inherited = {});

}  // namespace gopack::bundle
