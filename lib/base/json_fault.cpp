#include "gopack/base/json_fault.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"

namespace gopack {

namespace {

// What stands between two texts; empty where they are not there.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  return text.substr(0, text.rfind(after) == std::string_view::npos ? 0 : text.rfind(after));
}

}  // namespace

// The numbers are part of the library's documented interface; of the words a key and a position are taken.
std::string json_fault(int id, std::string_view words) {
  constexpr int kTypeErrors = 300;
  constexpr int kMissingKey = 403;
  if (id >= kTypeErrors) {
    const auto key = id == kMissingKey ? between(words, "key '", "' not found") : std::string_view();
    return key.empty() ? "a value in it is of another type" : fmt::format("it lacks \"{}\"", printable(key));
  }
  const auto position = words.substr(std::min(words.find("line "), words.size()));
  const auto end = position.find(": ");
  if (end == std::string_view::npos) return "it is not valid JSON";
  return fmt::format("it is not valid JSON ({})", printable(position.substr(0, end)));
}

}  // namespace gopack
