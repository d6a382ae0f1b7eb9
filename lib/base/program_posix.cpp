#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include "calls.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): glibc alone declares it

namespace gopack {

const char kPathSeparator = ':';
const std::string kNullDevice = "/dev/null";

bool VariableOrder::operator()(const std::string& a, const std::string& b) const {
  return a < b;
}

Environment current_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

bool is_running(int pid) {
  return ::kill(pid, 0) == 0 || errno == EPERM;
}

bool can_execute(const std::filesystem::path& file) {
  std::error_code ignored;
  return ::access(file.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(file, ignored);
}

std::optional<std::filesystem::path> find_program(const std::string& name, const std::string& path) {
  std::istringstream directories(path);
  for (std::string directory; std::getline(directories, directory, kPathSeparator);) {
    if (directory.empty()) continue;
    auto candidate = std::filesystem::path(directory) / name;
    if (can_execute(candidate)) return candidate;
  }
  return std::nullopt;
}

std::filesystem::path own_program() {
  auto path = calls::own_program();
  if (path.empty()) throw Error(ErrorKind::failed, "cannot find this program's own file");
  return path;
}

std::vector<std::string> shell_command(const std::string& line) {
  return {"/bin/sh", "-c", line};
}

std::string usual_shell() {
  return "sh";
}

std::vector<std::string> readable_for_all(std::vector<std::string> command) {
  auto shell = shell_command(R"(umask g+rx,o+rx; exec "$@")");
  shell.emplace_back("sh");
  shell.insert(shell.end(), command.begin(), command.end());
  return shell;
}

}  // namespace gopack
