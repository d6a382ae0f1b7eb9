// YAML as profiles and settings use it: maps, lists and raw texts with their positions. Scalars are never
// turned into numbers ("1.20" stays what it is). Anchors, aliases, tags and further documents are refused.
// Safe for concurrent use.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gopack::yaml {

struct Position {
  int line = 1;    // from 1
  int column = 1;  // from 1
};

struct Value {
  enum class Kind { null, text, list, map };

  Kind kind = Kind::null;
  Position position;
  std::string text;
  std::vector<Value> keys;   // of a map, in order; duplicates are kept
  std::vector<Value> items;  // of a list; of a map the values, each at its key's index
};

// Why a text is not a document.
struct Fault {
  Position position;
  std::string message;
  std::string hint;
};

// The one document that `text` holds; nothing for an empty text.
std::variant<std::optional<Value>, Fault> parse(const std::string& text);

}  // namespace gopack::yaml
