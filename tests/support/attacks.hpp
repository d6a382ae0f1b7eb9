// Every row of the attack table of docs/attacks.md as archives, made byte by byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"

namespace gopack::test {

struct Attack {
  std::string row;  // of the table: "A12"
  std::string what;
  std::string bytes;               // the archive, whose files should lie below `root`
  std::vector<std::string> words;  // that the refusal must contain: the entry's name, escaped, and the rule
  std::string root = "go";
};

// As a refusal names it.
inline std::string in_quotes(std::string_view name) {
  return "\"" + printable(name) + "\"";
}

std::vector<Attack> tar_attacks();
std::vector<Attack> zip_attacks();
// Ends of tar archives, gzip streams, and what is neither a .tar.gz nor a .zip.
std::vector<Attack> stream_attacks();

// Archives that look odd but do no harm once modes and times are not believed: they must be accepted.
std::vector<Attack> harmless_archives();

}  // namespace gopack::test
