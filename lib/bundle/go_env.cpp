#include "gopack/bundle/go_env.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/release/platform_names.hpp"

namespace gopack::bundle {

namespace {

using namespace std::string_view_literals;

// What `go env -w` of Go 1.18 to 1.27 may set and no launcher binds. An older Go passes over a newer name.
constexpr std::string_view kKnown[] = {"AR",
                                       "CC",
                                       "CXX",
                                       "FC",
                                       "GCCGO",
                                       "PKG_CONFIG",
                                       "CGO_CFLAGS",
                                       "CGO_CFLAGS_ALLOW",
                                       "CGO_CFLAGS_DISALLOW",
                                       "CGO_CPPFLAGS",
                                       "CGO_CPPFLAGS_ALLOW",
                                       "CGO_CPPFLAGS_DISALLOW",
                                       "CGO_CXXFLAGS",
                                       "CGO_CXXFLAGS_ALLOW",
                                       "CGO_CXXFLAGS_DISALLOW",
                                       "CGO_ENABLED",
                                       "CGO_FFLAGS",
                                       "CGO_FFLAGS_ALLOW",
                                       "CGO_FFLAGS_DISALLOW",
                                       "CGO_LDFLAGS",
                                       "CGO_LDFLAGS_ALLOW",
                                       "CGO_LDFLAGS_DISALLOW",
                                       "GO111MODULE",
                                       "GO386",
                                       "GOAMD64",
                                       "GOARCH",
                                       "GOARM",
                                       "GOARM64",
                                       "GOAUTH",
                                       "GOBIN",
                                       "GOCACHEPROG",
                                       "GOEXPERIMENT",
                                       "GOFIPS140",
                                       "GOFLAGS",
                                       "GOINSECURE",
                                       "GOMIPS",
                                       "GOMIPS64",
                                       "GONOPROXY",
                                       "GONOSUMDB",
                                       "GOOS",
                                       "GOPPC64",
                                       "GOPRIVATE",
                                       "GOPROXY",
                                       "GORISCV64",
                                       "GOSUMDB",
                                       "GOTMPDIR",
                                       "GOVCS",
                                       "GOWASM",
                                       "GO_EXTLINK_ENABLED"};
constexpr std::string_view kBound[] = {"GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOTOOLCHAIN"};

bool contains(const auto& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Of "NAME=VALUE"; nothing for comments, and whatever else Go passes over.
std::optional<std::string_view> name_of(std::string_view line) {
  const auto end = line.find('=');
  if (end == std::string_view::npos || line.front() < 'A' || line.front() > 'Z') return std::nullopt;
  return line.substr(0, end);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Go reads from the top: the last line of a name is in force.
auto find_line(auto& lines, std::string_view name) {
  return std::find_if(lines.rbegin(), lines.rend(), [&](const auto& line) { return name_of(line) == name; });
}

// What is wrong with a value that stops every command of Go; nothing where Go takes it.
std::string find_value_fault(std::string_view name, std::string_view value) {
  constexpr std::string_view kModuleModes[] = {"", "on", "off", "auto"};
  if (name == "GO111MODULE" && !contains(kModuleModes, value)) return "Go takes on, off and auto";
  const auto& platforms = release::known_platforms();
  const auto is_part = [&](std::string release::Platform::*part) {
    return value.empty() || std::any_of(platforms.begin(), platforms.end(),
                                        [&](const auto& platform) { return platform.*part == value; });
  };
  if (name == "GOOS" && !is_part(&release::Platform::os)) return "Go builds for no such system";
  if (name == "GOARCH" && !is_part(&release::Platform::arch)) return "Go builds for no such processor";
  if (name == "GOFLAGS" && !value.empty() && !value.starts_with('-')) return "flags begin with -";
  return {};
}

}  // namespace

GoSetting parse_go_setting(const std::string& word) {
  const auto end = word.find('=');
  const auto name = word.substr(0, end);
  const auto refuse = [&](std::string_view reason, const char* hint) {
    throw Error(ErrorKind::usage, fmt::format("cannot preset {}: {}", printable(word), reason))
        .with_hint(hint);
  };
  if (end == std::string::npos)
    refuse("it is not of the form NAME=VALUE", "such as GOPRIVATE=git.example.com");
  if (contains(kBound, name))
    refuse("the launchers bind it", "--data-dir and config.yaml say where Go writes and which Go runs");
  if (!contains(kKnown, name))
    refuse("the go command has no such setting", "`go help environment` lists them");
  if (word.find_first_of("\0\v\r\n"sv) != std::string::npos) refuse("it has to be one line", "");
  if (const auto fault = find_value_fault(name, word.substr(end + 1)); !fault.empty())
    refuse(fault, "`go help environment` says what each setting takes");
  return {name, word.substr(end + 1)};
}

std::optional<std::string> mended_go_env(std::string_view go_env, const std::filesystem::path& file) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (go_env.starts_with("\xFF\xFE") || go_env.starts_with("\xFE\xFF")) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot read {}: it is UTF-16, which Go does not read", printable(file)))
        .with_hint("save it as UTF-8");
  }
  const auto text = go_env.starts_with(kMark) ? go_env.substr(kMark.size()) : go_env;
  std::string mended;
  for (auto line : lines_of(text)) {
    while (line.ends_with('\r')) line.pop_back();
    mended += line + "\n";
  }
  if (!text.ends_with('\n') && !mended.empty()) mended.pop_back();
  if (mended.size() == go_env.size()) return std::nullopt;
  return mended;
}

std::string with_settings(std::string_view go_env, const std::vector<GoSetting>& settings) {
  auto lines = lines_of(go_env);
  for (const auto& [name, value] : settings) {
    auto text = fmt::format("{}={}", name, value);
    const auto line = find_line(lines, name);
    if (line == lines.rend()) {
      lines.push_back(std::move(text));
    } else {
      *line = std::move(text);
    }
  }
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

std::optional<std::string> find_setting(std::string_view go_env, std::string_view name) {
  const auto lines = lines_of(go_env);
  const auto line = find_line(lines, name);
  if (line == lines.rend() || line->size() == name.size() + 1) return std::nullopt;
  return line->substr(name.size() + 1);
}

}  // namespace gopack::bundle
