#include "gopack/release/sdk_layout.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "gopack/base/error.hpp"

namespace gopack::release {

namespace {

constexpr std::string_view kVersionFile = "VERSION";

[[noreturn]] void refuse(std::string message) {
  throw Error(ErrorKind::unsafe, std::move(message)).with_hint("get it again, from a source you trust");
}

[[noreturn]] void refuse_entry(const tree::Entry& entry, std::string_view rule) {
  refuse(fmt::format("cannot accept the archive's entry \"{}\": {}", printable(entry.path.text()), rule));
}

}  // namespace

bool is_executable(const tree::RelPath& path) {
  if (path.starts_with("bin") || path.starts_with("pkg/tool")) return true;
  const auto name = path.name();
  for (const std::string_view ending : {".bash", ".sh", ".pl", ".rc"}) {
    if (name.ends_with(ending)) return true;
  }
  // go_<os>_<arch>_exec: how `go run` starts programs of other systems.
  constexpr std::string_view kStart = "go_";
  constexpr std::string_view kEnd = "_exec";
  if (!name.starts_with(kStart) || !name.ends_with(kEnd) || name.size() < kStart.size() + kEnd.size())
    return false;
  const auto middle = name.substr(kStart.size(), name.size() - kStart.size() - kEnd.size());
  const auto separator = middle.find('_', 1);
  return separator != std::string_view::npos && separator + 1 < middle.size();
}

bool is_outside_module(std::string_view path) {
  const auto top = path.substr(0, path.find('/'));
  return top.size() < path.size() && (top == "api" || top == "doc" || top == "misc" || top == "test");
}

std::optional<std::int64_t> parse_release_time(std::string_view version_file) {
  constexpr std::string_view kKey = "\ntime ";
  const auto at = version_file.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string line(version_file.substr(at + kKey.size(), 20));
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, length = 0;
  if (std::sscanf(line.c_str(), "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute, &second,
                  &length) != 6 ||
      length != 20) {
    return std::nullopt;
  }
  using namespace std::chrono;
  const year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return (sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second)) / seconds(1);
}

std::string toolchain_module_root(const Version& version, const Platform& platform) {
  return fmt::format("golang.org/toolchain@v0.0.1-{}.{}-{}", version.name(), platform.os, platform.arch);
}

SdkLayout::SdkLayout(tree::TreeSink& downstream, const Platform& platform,
                     const std::vector<Platform>& platforms, bool is_module)
    : downstream_(downstream),
      command_directory_(release::command_directory(platform, platforms)),
      is_module_(is_module) {}

void SdkLayout::add(const tree::Entry& entry, ByteSource& content) {
  auto placed = entry;
  if (is_module_) {
    if (entry.path.text() == "go.mod") return;
    if (entry.path.name() == "go.mod") refuse_entry(entry, "a module has go.mod at its top alone");
    if (entry.path.name() == "_go.mod") {
      const auto parent = entry.path.parent();
      placed.path = tree::RelPath(parent.empty() ? "go.mod" : fmt::format("{}/go.mod", parent));
    }
  }
  if (entry.path.text() == kVersionFile) {
    if (entry.size > kLargestVersionFile)
      refuse_entry(entry, fmt::format("it is larger than {} bytes", kLargestVersionFile));
    has_version_ = true;
  }
  if (entry.path.parent() == "bin")
    placed.path = tree::RelPath(fmt::format("{}/{}", command_directory_, entry.path.name()));
  placed.executable = is_executable(placed.path);
  downstream_.add(placed, content);
}

void SdkLayout::require_release() const {
  if (!has_version_) refuse("cannot accept the archive: it has no VERSION file, which every Go release has");
}

}  // namespace gopack::release
