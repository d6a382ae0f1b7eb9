// Where profiles are found, and what a profile extends.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/embedded.hpp"
#include "profile_reader.hpp"

namespace gopack::trim {

// profiles/*.yaml, compiled in.
std::span<const EmbeddedFile> built_in_profile_files();

// Whether `name` means a file rather than a built-in profile.
bool is_profile_path(std::string_view name);

// The profile and what it extends, the outermost parent first. What is wrong with the files is added to
// `mistakes`; a profile that does not exist at all is an Error (usage).
std::vector<ProfileFile> read_profile_chain(std::string_view name, Mistakes& mistakes);

// Its text; Error (usage) when there is no such profile.
std::string read_profile_text(std::string_view name);

}  // namespace gopack::trim
