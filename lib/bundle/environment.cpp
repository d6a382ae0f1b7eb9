#include "gopack/bundle/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/base/replace_all.hpp"
#include "gopack/launch/cacheprog.hpp"
#include "gopack/launch/go_env.hpp"
#include "gopack/launch/rules.hpp"
#include "gopack/tree/manifest.hpp"
#include "mended_go_env.hpp"

namespace gopack::bundle {

namespace {

constexpr std::uint64_t kLargestGoEnv = 64 << 20;  // bytes

// How a shell quotes a value, sets a variable, and puts directories in front of PATH.
struct Dialect {
  std::string (*quote)(const std::string& value);
  const char* set;
  const char* prepend_path;  // {} is the quoted directories; sh looks whether they are there already
  const char* separator;     // between quoted directories
  char list;                 // between those of PATH
};

std::string quote_sh(const std::string& value) {
  return "'" + replace_all(value, "'", R"('\'')") + "'";
}
std::string quote_fish(const std::string& value) {
  return "'" + replace_all(replace_all(value, R"(\)", R"(\\)"), "'", R"(\')") + "'";
}
// PowerShell takes typographic quotes for the plain one.
std::string quote_powershell(const std::string& value) {
  std::string quoted = value;
  for (const std::string quote : {"'", "\u2018", "\u2019", "\u201a", "\u201b"}) {
    quoted = replace_all(quoted, quote, fmt::format("{0}{0}", quote));
  }
  return "'" + quoted + "'";
}
// Inside set "NAME=value" only the percent sign keeps its meaning, and no quote or line break can be quoted.
std::string quote_cmd(const std::string& value) {
  if (value.find_first_of("\"\r\n") != std::string::npos) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot tell cmd about {}: it holds a quote or a line break", printable(value)));
  }
  return replace_all(value, "%", "%%");
}

Dialect dialect(Shell shell) {
  switch (shell) {
    case Shell::sh:
      return {quote_sh, "export {}={}\n",
              "case ${{PATH-}}: in {0}:*) ;; *) export PATH={0}\"${{PATH:+:$PATH}}\" ;; esac\n", ":", ':'};
    case Shell::fish:
      return {quote_fish, "set -gx {} {}\n", "set -gx PATH {} $PATH\n", " ", ':'};
    case Shell::powershell:
      return {quote_powershell, "$env:{} = {}\n", "$env:PATH = {} + ';' + $env:PATH\n", " + ';' + ", ';'};
    case Shell::cmd:
      return {quote_cmd, "set \"{}={}\"\n", "set \"PATH={};%PATH%\"\n", ";", ';'};
  }
  return {};
}

// On Windows, where drives are directories to the shells of Git and MSYS: "C:\Go" is /c/Go there.
std::string without_drive(const std::string& path) {
  const bool has_drive = kPathSeparator == ';' && path.size() >= 3 && path[1] == ':';
  if (!has_drive) return path;
  const char drive = path[0] >= 'A' && path[0] <= 'Z' ? static_cast<char>(path[0] + 32) : path[0];
  return replace_all(std::string("/") + drive + path.substr(2), "\\", "/");
}

// Of PATH, where a directory must not become two.
void require_one(const std::string& directory, char separator) {
  if (directory.find(separator) == std::string::npos) return;
  throw Error(ErrorKind::failed,
              launch::fill(launch::message::separator, {{&separator, 1}, printable(directory)}))
      .with_hint("move the store or bundle, or name another one with --home");
}

// A new one is readable for all, whatever the umask is: others may use the same store.
Dir ensure_for_all(const std::filesystem::path& path) {
  std::error_code ignored;
  const bool is_new = !std::filesystem::exists(path, ignored);
  auto dir = Dir::ensure(path);
  if (is_new) dir.set_mode(0755);
  return dir;
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream directories(path);
  for (std::string directory; std::getline(directories, directory, kPathSeparator);)
    parts.push_back(directory);
  return parts;
}

// As Go looks for a program: only absolute directories count.
bool has_program(const std::string& program, const std::string& path) {
  if (std::filesystem::path(program).has_parent_path()) return can_execute(program);
  const auto directories = split_path(path);
  return std::any_of(directories.begin(), directories.end(), [&](const std::string& directory) {
    return std::filesystem::path(directory).is_absolute() && find_program(program, directory);
  });
}

// PATH without the directories of the tree that is bound there; nothing where none is.
std::optional<std::string> path_without_earlier(const Environment& inherited) {
  const std::filesystem::path goroot = value_of(inherited, "GOROOT");
  const auto name = goroot.filename().string();
  if (!tree::StoreId::is_valid(name) && name != "current") return std::nullopt;
  auto path = kPathSeparator + value_of(inherited, "PATH") + kPathSeparator;
  const auto begin = path.find(kPathSeparator + (goroot / "bin").string());  // perhaps one below it
  if (begin == std::string::npos) return std::nullopt;
  const auto end = path.find(kPathSeparator, begin + 1);
  const auto second =
      kPathSeparator + (std::filesystem::path(value_of(inherited, "GOPATH")) / "bin").string();
  if (!std::string_view(path).substr(end).starts_with(second + kPathSeparator)) return std::nullopt;
  path.erase(begin, end + second.size() - begin);
  return path.size() < 2 ? std::string() : path.substr(1, path.size() - 2);
}

// Directories in the words of the shell, as values of PATH.
template <typename Directories>
std::string list_of(const Directories& directories, const Dialect& words) {
  std::string list;
  for (const auto& directory : directories) {
    const auto text = std::filesystem::path(directory).string();
    const auto path = words.list == ':' ? without_drive(text) : text;
    require_one(path, words.list);
    list += (list.empty() ? "" : words.separator) + words.quote(path);
  }
  return list;
}

}  // namespace

Environment Binding::apply(Environment inherited) const {
  if (const auto rest = path_without_earlier(inherited)) inherited["PATH"] = *rest;
  for (const auto& [name, value] : set) inherited[name] = value;
  std::string front;
  for (const auto& directory : path) {
    require_one(directory.string(), kPathSeparator);
    front += directory.string() + kPathSeparator;
  }
  auto& path_value = inherited["PATH"];
  if ((path_value + kPathSeparator).starts_with(front)) return inherited;  // it is bound already
  if (path_value.empty()) front.pop_back();  // an empty part would be the working directory
  path_value = front + path_value;
  return inherited;
}

Binding bind_environment(const std::filesystem::path& goroot, const std::filesystem::path& data,
                         const std::vector<release::Platform>& platforms, const release::Platform& host) {
  const auto platform = release::choose_platform(platforms, host);
  if (!platform) {
    throw Error(ErrorKind::failed, fmt::format("{} has no Go for {}, only for {}", printable(goroot),
                                               host.text(), release::join(platforms)))
        .with_hint(fmt::format("fetch and lay out the release for {} (-p)", host.text()));
  }
  Binding binding;
  for (const auto& [name, base, below] : launch::kBound) {
    const auto value = base == launch::Base::tree   ? goroot.string()
                       : base == launch::Base::data ? (data / below).string()
                                                    : "local";
    binding.set.push_back({std::string(name), value});
  }
  const auto cgo = goroot / "pkg" / "tool" / platform->directory() / ("cgo" + platform->executable_suffix());
  std::error_code ignored;
  if (!std::filesystem::exists(cgo, ignored)) binding.set.push_back({"CGO_ENABLED", "0"});
  binding.path = {goroot / release::command_directory(*platform, platforms), data / "gopath" / "bin"};
  return binding;
}

std::vector<std::string> ignored(const Binding& binding, const Environment& inherited,
                                 const std::string& release) {
  const auto& any = launch::kAnyToolchain;
  std::vector<std::string> lines;
  const auto toolchain = value_of(inherited, "GOTOOLCHAIN");
  if (!toolchain.empty() && std::find(std::begin(any), std::end(any), toolchain) == std::end(any) &&
      toolchain.substr(0, toolchain.rfind('+')) != release)
    lines.push_back(fmt::format("GOTOOLCHAIN={} is ignored, {} runs: name the tree of another release",
                                printable(toolchain), release));
  const bool has_cgo = std::none_of(binding.set.begin(), binding.set.end(),
                                    [](const Variable& variable) { return variable.name == "CGO_ENABLED"; });
  if (!has_cgo && value_of(inherited, "CGO_ENABLED") == "1") lines.emplace_back(launch::message::no_cgo);
  return lines;
}

void prepare_data(const Environment& bound) {
  const std::filesystem::path gopath = bound.at("GOPATH");
  ensure_for_all(gopath.parent_path());
  ensure_for_all(gopath);
  const auto telemetry = ensure_for_all(bound.at("TEST_TELEMETRY_DIR"));
  if (!telemetry.find("mode")) replace_text(telemetry, "mode", "off", false);
}

std::string go_env_of(const Environment& bound) {
  const std::filesystem::path file = bound.at("GOENV");
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored) ? read_text(file, kLargestGoEnv) : std::string();
}

bool mend_go_env(const Environment& bound) {
  const std::filesystem::path file = bound.at("GOENV");
  const auto mended = mended_go_env(go_env_of(bound), file);
  if (mended) replace_text(Dir::open(file.parent_path()), file.filename().string(), *mended, false);
  return mended.has_value();
}

std::optional<std::string> leave_out_cacheprog(Environment& bound) {
  constexpr const char* kName = "GOCACHEPROG";
  const std::filesystem::path file = bound.at("GOENV");
  const auto own = bound.find(kName);
  if (own != bound.end() && !own->second.empty()) return std::nullopt;
  const auto text = go_env_of(bound);
  const auto command = launch::value_of(text, kName);
  if (command.empty()) return std::nullopt;
  auto fault = launch::find_cacheprog_fault(
      command, [&](const std::string& program) { return has_program(program, bound.at("PATH")); });
  if (fault.empty()) return std::nullopt;
  const auto directory = Dir::open(file.parent_path());
  const auto name = file.filename().string();
  const auto copy = launch::without_setting(text, kName);
  replace_text(directory, name + launch::kCopy, copy, false);
  replace_text(directory, name + launch::kCopiedAs, copy, false);
  bound["GOENV"] = file.string() + launch::kCopy;
  return fault;
}

void carry_over_go_env(const Environment& bound) {
  const std::filesystem::path file = bound.at("GOENV");
  const auto name = file.filename().string();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file.string() + launch::kCopy, ignored)) return;
  const auto directory = Dir::open(file.parent_path());
  const auto text = find_text(directory, name, kLargestGoEnv);
  const auto copy = find_text(directory, name + launch::kCopy, kLargestGoEnv);
  const auto was = find_text(directory, name + launch::kCopiedAs, kLargestGoEnv);
  if (!text || !copy || !was || *copy == *was) return;
  replace_text(directory, name, launch::carry_over(*text, *was, *copy), false);
  replace_text(directory, name + launch::kCopiedAs, *copy, false);
}

std::optional<Shell> parse_shell(std::string_view name) {
  if (name == "sh" || name == "bash" || name == "zsh") return Shell::sh;
  if (name == "cmd") return Shell::cmd;
  if (name == "powershell" || name == "pwsh") return Shell::powershell;
  if (name == "fish") return Shell::fish;
  return std::nullopt;
}

std::string to_script(const Binding& binding, Shell shell, const Environment& inherited) {
  const auto words = dialect(shell);
  std::string script;
  for (const auto& [name, value] : binding.set)
    script += fmt::format(fmt::runtime(words.set), name, words.quote(value));
  if (path_without_earlier(inherited)) {
    const auto path = split_path(binding.apply(inherited).at("PATH"));
    return script + fmt::format(fmt::runtime(words.set), "PATH", list_of(path, words));
  }
  return script + fmt::format(fmt::runtime(words.prepend_path), list_of(binding.path, words));
}

}  // namespace gopack::bundle
