// Where a user's programs keep what is theirs: the XDG Base Directory Specification, and AppData on Windows.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace gopack {

// Each is a directory of gopack's own, which need not exist; nothing where the environment does not tell.
std::optional<std::filesystem::path> config_directory();  // settings
std::optional<std::filesystem::path> data_directory();    // what the user wants to keep
std::optional<std::filesystem::path> state_directory();   // what gopack remembers

// The variables that tell, for messages: "HOME".
extern const std::string kHomeVariable;

// A path as the user wrote it. On Windows "E:" is the root of that drive, whatever its working
// directory is. Throws Error (usage) where it cannot be one that was meant: on Windows one with a quote,
// which an argument in quotes gets that ends with "\".
std::filesystem::path user_path(const std::string& text);

}  // namespace gopack
