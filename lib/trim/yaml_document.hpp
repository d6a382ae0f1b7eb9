// YAML as profiles use it: maps, lists and raw texts with their positions. Scalars are never turned into
// numbers ("1.20" stays what it is). Anchors, aliases, tags and further documents are refused.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mistake.hpp"

namespace gopack::trim {

struct YamlNode {
  enum class Kind { null, text, list, map };

  Kind kind = Kind::null;
  Position position;
  std::string text;
  std::vector<YamlNode> keys;   // of a map, in order; duplicates are kept
  std::vector<YamlNode> items;  // of a list; of a map the values, each at its key's index
};

// The one document that `text` holds. Nothing when it is not one: then a mistake was added.
std::optional<YamlNode> parse_yaml(const std::string& text, const std::string& file, Mistakes& mistakes);

}  // namespace gopack::trim
