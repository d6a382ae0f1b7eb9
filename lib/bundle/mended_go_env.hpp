// A go.env that Go reads as it is meant.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gopack::bundle {

// launch::mended_go_env. Throws Error (failed) for UTF-16, which Go does not read; `file` is for its message.
std::optional<std::string> mended_go_env(std::string_view go_env, const std::filesystem::path& file);

}  // namespace gopack::bundle
