// The words of GOCACHEPROG and GOFLAGS. Needs nothing but the language: the native launcher compiles it as
// well. split_words.sh has the same rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::launch {

// The words between blanks, or in quotes from their first character on, as cmd/internal/quoted of Go splits
// them; nothing where a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view text);

}  // namespace gopack::launch
