// What a launcher binds; docs/launchers.md has the table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"
#include "settings.hpp"

namespace gopack::launcher {

struct Change {
  std::string name;
  std::optional<std::string> value;  // nothing: unset
};

struct Places {
  std::string goroot;
  std::string programs;  // the directory of go and gofmt
  std::string data;      // the data directory
  bool has_cgo = true;
};

// In the order in which they apply: later ones win. `path` is the inherited PATH.
std::vector<Change> binding(const Places& places, const Settings& settings, std::string_view path,
                            const Host& host);

using Inherited = std::function<std::optional<std::string>(const std::string& name)>;

// What the caller asks for by the environment and does not get: a toolchain other than `release`, which runs,
// or cgo where the tree has none. Each line says what to do about it.
std::vector<std::string> ignored(const Places& places, const Settings& settings, std::string_view release,
                                 const Inherited& inherited, const Host& host);

// Whether a project may take another tree than the current one: where neither the settings nor the caller say
// which toolchain runs, nor that Go knows no modules.
bool may_choose_by_project(const Settings& settings, const Inherited& inherited);

}  // namespace gopack::launcher
