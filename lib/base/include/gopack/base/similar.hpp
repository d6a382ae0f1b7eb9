// What a user may have meant by a word that nobody knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack {

// The word of `known` that is nearest to `word` by insertions, deletions, changes and swaps of characters, or
// the first that begins with it; nothing where none is near. Case does not count.
std::optional<std::string> find_similar(std::string_view word, const std::vector<std::string>& known);

// The same as a question for a hint, followed by `otherwise`: `did you mean "minimal"? built-in profiles: …`.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         std::string_view otherwise = {});

}  // namespace gopack
