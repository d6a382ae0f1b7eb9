// What a checksum database answers: a record, and a signed head of the tree that it is in
// (golang.org/design/25530-sumdb, "Checksum Database").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tlog.hpp"

namespace gopack::source {

struct LookupAnswer {
  std::uint64_t id = 0;  // the record's number in the tree
  std::string record;    // lines as in go.sum; the only text that the tree proves
  std::string note;      // the signed tree head
};

// Throws Error (integrity) for anything else.
LookupAnswer parse_lookup_answer(std::string_view body);

// The text of a signed tree head: "go.sum database tree", the size, the hash in base64; further lines are
// reserved. Throws Error (integrity) for anything else.
TreeHead parse_tree_head(std::string_view text);

// The "h1:…" of the module's zip in an authenticated record. Throws Error (integrity) when the record does
// not speak of it: a line for its go.mod alone proves nothing.
std::string find_module_hash(std::string_view record, std::string_view module_path, std::string_view version);

// A module path or version as it stands in URLs and in file names: "!x" for an upper-case "X".
std::string escape_module(std::string_view text);

}  // namespace gopack::source
