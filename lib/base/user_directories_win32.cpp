#include <algorithm>

#include "gopack/base/process.hpp"
#include "gopack/base/user_directories.hpp"
#include "win32.hpp"

namespace gopack {

namespace {

namespace fs = std::filesystem;

std::optional<fs::path> below(const char* variable) {
  const auto named = environment_variable(variable);
  return named ? std::optional(fs::path(*named) / "gopack") : std::nullopt;
}

bool is_drive(std::string_view text) {
  return text.size() == 2 && text[1] == ':';
}

}  // namespace

const std::string kHomeVariable = "LOCALAPPDATA";

std::optional<fs::path> config_directory() {
  return below("APPDATA");
}

std::optional<fs::path> data_directory() {
  return below("LOCALAPPDATA");
}

std::optional<fs::path> state_directory() {
  return below("LOCALAPPDATA");
}

fs::path user_path(const std::string& text) {
  if (text.find('"') != std::string::npos) {
    throw Error(ErrorKind::usage, fmt::format("cannot use the path {}: it contains a quote", printable(text)))
        .with_hint(R"(Windows takes \" for a quote: write "E:\\", or E:\ without quotes)");
  }
  fs::path path(is_drive(text) ? text + '\\' : text);
  path.make_preferred();
  path = win32::without_prefix(path.native());  // every call gets it again that needs it
  const bool is_drive_relative = path.has_root_name() && !path.has_root_directory();
  if (!is_drive_relative) return path;
  // Below the working directory of that drive.
  const auto name = path.native();
  std::wstring full(::GetFullPathNameW(name.c_str(), 0, nullptr, nullptr), L'\0');
  full.resize(::GetFullPathNameW(name.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
  return {full};
}

}  // namespace gopack
