#include "gopack/bundle/go_env.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/launch/go_env.hpp"
#include "gopack/launch/rules.hpp"
#include "gopack/release/platform_names.hpp"
#include "mended_go_env.hpp"

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
bool contains(const auto& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
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
  const auto is_it = [&](const launch::Bound& bound) { return bound.name == name; };
  if (std::any_of(std::begin(launch::kBound), std::end(launch::kBound), is_it))
    refuse("the launchers bind it", "--data-dir and config.yaml say where Go writes and which Go runs");
  if (!contains(kKnown, name))
    refuse("the go command has no such setting", "`go help environment` lists them");
  if (word.find_first_of("\0\v\r\n"sv) != std::string::npos) refuse("it has to be one line", "");
  if (const auto fault = find_value_fault(name, word.substr(end + 1)); !fault.empty())
    refuse(fault, "`go help environment` says what each setting takes");
  return {name, word.substr(end + 1)};
}

std::optional<std::string> mended_go_env(std::string_view go_env, const std::filesystem::path& file) {
  if (launch::is_utf16(go_env))
    throw Error(ErrorKind::failed, launch::fill(launch::message::utf16, {printable(file)}));
  return launch::mended_go_env(go_env);
}

std::string with_settings(std::string_view go_env, const std::vector<GoSetting>& settings) {
  const auto old = launch::lines_of(go_env);
  std::vector<std::string> lines(old.begin(), old.end());
  for (const auto& setting : settings) {
    auto text = fmt::format("{}={}", setting.name, setting.value);
    const auto line = std::find_if(lines.rbegin(), lines.rend(),
                                   [&](const auto& any) { return launch::name_of(any) == setting.name; });
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

}  // namespace gopack::bundle
