#include <algorithm>
#include <sstream>

#include "gopack/base/process.hpp"
#include "win32.hpp"

namespace gopack {

namespace {

namespace fs = std::filesystem;

// The endings of programs that a name may lack.
std::vector<std::string> endings() {
  std::istringstream text(environment_variable("PATHEXT").value_or(".COM;.EXE;.BAT;.CMD"));
  std::vector<std::string> all;
  for (std::string ending; std::getline(text, ending, kPathSeparator);) {
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    all.push_back(ending);
  }
  return all;
}

bool has_ending_of_program(const fs::path& file) {
  auto ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto known = endings();
  return std::find(known.begin(), known.end(), ending) != known.end();
}

}  // namespace

bool is_running(int pid) {
  const auto handle = ::OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(pid));
  if (handle == nullptr) return ::GetLastError() == ERROR_ACCESS_DENIED;
  const Descriptor closing(win32::to_descriptor(handle));
  return ::WaitForSingleObject(handle, 0) == WAIT_TIMEOUT;
}

bool can_execute(const fs::path& file) {
  const auto attributes = ::GetFileAttributesW(win32::long_path(file).c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0 &&
         has_ending_of_program(file);
}

std::optional<fs::path> find_program(const std::string& name, const std::string& path) {
  std::istringstream directories(path);
  for (std::string directory; std::getline(directories, directory, kPathSeparator);) {
    directory.erase(std::remove(directory.begin(), directory.end(), '"'), directory.end());
    if (directory.empty()) continue;
    const auto candidate = fs::path(directory) / name;
    if (can_execute(candidate)) return candidate;
    for (const auto& ending : endings()) {
      auto longer = candidate;
      longer += ending;
      if (can_execute(longer)) return longer;
    }
  }
  return std::nullopt;
}

fs::path own_program() {
  constexpr DWORD kLongest = 32768;
  std::wstring path(kLongest, L'\0');
  path.resize(::GetModuleFileNameW(nullptr, path.data(), kLongest));
  if (path.empty()) throw system_error(win32::last_error(), "find this program's own file");
  return path;
}

std::vector<std::string> shell_command(const std::string& line) {
  std::wstring system(MAX_PATH, L'\0');
  system.resize(::GetSystemDirectoryW(system.data(), MAX_PATH));
  return {win32::narrow(system) + "\\cmd.exe", "/d", "/s", "/c", line};
}

std::string usual_shell() {
  return environment_variable("MSYSTEM") ? "sh" : "cmd";
}

// Windows has no umask.
std::vector<std::string> readable_for_all(std::vector<std::string> command) {
  return command;
}

}  // namespace gopack
