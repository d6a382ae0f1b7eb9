// Which tree of a bundle is current. Pointer and history are data: a name is v_ and 16 hex digits, or
// nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gopack::launch {

bool is_tree_name(std::string_view name);

// The name in the target of a link, which may have ./ in front or / behind.
std::optional<std::string> parse_link(std::string_view target);

// The name in current.txt: one line, with or without an end of either kind.
std::optional<std::string> parse_pointer(std::string_view text);

// The newest switch of .gopack/history (lines of two names, from and to) whose `to`, else whose `from`, is
// there.
std::optional<std::string> fall_back(std::string_view history,
                                     const std::function<bool(const std::string& tree)>& is_there);

}  // namespace gopack::launch
