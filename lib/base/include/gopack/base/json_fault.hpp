// What is wrong with a JSON text, in words for people rather than in those of the library that reads it.
#pragma once

#include <string>
#include <string_view>

namespace gopack {

// `id` and `words` are those of an exception of nlohmann-json: "it is not valid JSON (line 3, column 7)",
// "it lacks \"files\"", "a value in it is of another type".
std::string json_fault(int id, std::string_view words);

}  // namespace gopack
