// The tree that a project asks for, where the current one is too old for its go.work or go.mod.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "choose.hpp"
#include "host.hpp"

namespace gopack::launcher {

// A release as a number in Go's order: 1.22 (from 1.21 on a language version, before every
// release), 1.22beta1, 1.22rc1, 1.22.0. 0 for anything else.
int release_order(std::string_view release);

// What a project's file asks for, as orders; 0: nothing.
struct Needs {
  int go = 0;
  int toolchain = 0;
};
// As Go looks for the two lines: the first that begins with the key.
Needs parse_needs(std::string_view text);

// Where the command works by -C DIR, which stands before or behind its own words; nothing without it.
std::optional<std::string> directory_of(const std::vector<std::string>& words);

// The file by which Go chooses a toolchain for the command; empty without one.
std::string find_project_file(const std::vector<std::string>& words, const Host& host);

// Whether a tree of this release is too old for the newer of the two lines.
bool is_too_old(const std::string& release, const Needs& needs);

// Of `trees`, which run here, the one for these needs: of the first release of the needed minor that
// suffices, else of the newest; a pre-release suffices only where it is named. Where none is as new as the
// toolchain line, the go line decides. Of several of one release it takes one of the current tree's profile.
// Empty: the current one stays.
std::string find_sufficient(const Needs& needs, const TreeFacts& current,
                            const std::vector<TreeFacts>& trees);

}  // namespace gopack::launcher
