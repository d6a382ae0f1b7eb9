#include "gopack/base/process.hpp"
#include "gopack/base/user_directories.hpp"

namespace gopack {

namespace {

std::optional<std::filesystem::path> below(const char* variable, const char* usual) {
  if (const auto named = environment_variable(variable)) return std::filesystem::path(*named) / "gopack";
  if (const auto home = environment_variable(kHomeVariable))
    return std::filesystem::path(*home) / usual / "gopack";
  return std::nullopt;
}

}  // namespace

const std::string kHomeVariable = "HOME";

std::optional<std::filesystem::path> config_directory() {
  return below("XDG_CONFIG_HOME", ".config");
}

std::optional<std::filesystem::path> data_directory() {
  return below("XDG_DATA_HOME", ".local/share");
}

std::optional<std::filesystem::path> state_directory() {
  return below("XDG_STATE_HOME", ".local/state");
}

std::filesystem::path user_path(const std::string& text) {
  return text;
}

}  // namespace gopack
