#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "failure.hpp"
#include "gopack/launch/machine.hpp"
#include "system.hpp"
#include "system_posix.hpp"

extern char** environ;

namespace gopack::launcher::system {

namespace {

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

std::optional<std::string> read_link(const std::string& path) {
  std::string target(PATH_MAX, '\0');
  const auto size = ::readlink(path.c_str(), target.data(), target.size());
  if (size < 0) return std::nullopt;
  target.resize(static_cast<std::size_t>(size));
  return target;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool read_all(int fd, const std::function<bool(std::string_view)>& take) {
  std::string buffer(1 << 16, '\0');
  while (true) {
    const auto size = ::read(fd, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0;
    if (!take({buffer.data(), static_cast<std::size_t>(size)})) return false;
  }
}

}  // namespace

Host host() {
  utsname name{};
  ::uname(&name);
  const auto os = lower(name.sysname);
  return {.os = os,
          .architectures = launch::runnable_architectures(
              os, is_translated() ? "arm64" : launch::to_architecture(name.machine))};
}

std::vector<std::string> arguments(int argc, char** argv) {
  return {argv + (argc > 0 ? 1 : 0), argv + argc};
}

std::string called_name(char** argv) {
  return host().name(argv[0] == nullptr ? "" : argv[0]);
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

void set_variable(const std::string& name, const std::optional<std::string>& value) {
  if (value) {
    ::setenv(name.c_str(), value->c_str(), 1);
  } else {
    ::unsetenv(name.c_str());
  }
}

Kind kind(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return Kind::none;
  return S_ISDIR(info.st_mode) ? Kind::directory : Kind::file;
}

bool is_same(const std::string& a, const std::string& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

bool can_execute(const std::string& program) {
  return ::access(program.c_str(), X_OK) == 0;
}
bool can_write(const std::string& directory) {
  return ::access(directory.c_str(), W_OK) == 0;
}

bool has_program(const std::string& name, const std::string& path) {
  if (name.find('/') != std::string::npos) return kind(name) == Kind::file && can_execute(name);
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find(':', begin), path.size());
    const auto candidate = path.substr(begin, end - begin) + "/" + name;
    // (Go takes nothing from directories that are relative.)
    if (candidate.front() == '/' && end > begin && kind(candidate) == Kind::file && can_execute(candidate))
      return true;
    begin = end + 1;
  }
  return false;
}
bool can_read(const std::string& file) {
  return ::access(file.c_str(), R_OK) == 0;
}

ReadableForAll::ReadableForAll() : umask_(::umask(0)) {
  constexpr unsigned kReadAndSearch = 0055;
  ::umask(umask_ & ~kReadAndSearch);
}
ReadableForAll::~ReadableForAll() {
  ::umask(umask_);
}

std::optional<std::string> link_target(const std::string& path) {
  return read_link(path);
}

std::vector<std::string> list(const std::string& directory) {
  std::vector<std::string> names;
  DIR* dir = ::opendir(directory.c_str());
  if (dir == nullptr) return names;
  while (const auto* entry = ::readdir(dir)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(dir);
  return names;
}

Total total(const std::string& directory) {
  Total sum;
  for (const auto& name : list(directory)) {
    struct stat info {};
    const auto path = directory + "/" + name;
    if (::lstat(path.c_str(), &info) != 0) continue;
    const auto part =
        S_ISDIR(info.st_mode) ? total(path) : Total{1, static_cast<std::uint64_t>(info.st_size)};
    sum.files += part.files;
    sum.bytes += part.bytes;
  }
  return sum;
}

std::string resolved(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) throw Failure{"cannot find " + path + ": " + std::strerror(errno)};
  std::string full = real;
  std::free(real);
  return full;
}

std::string full_path(const std::string& path) {
  return path.starts_with('/') ? path : resolved(path);
}

bool make_directories(const std::string& path) {
  for (auto at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
    ::mkdir(path.substr(0, at).c_str(), 0777);
  ::mkdir(path.c_str(), 0777);
  return kind(path) == Kind::directory;
}

void remove_all(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return;
  if (!S_ISDIR(info.st_mode)) {
    ::unlink(path.c_str());
    return;
  }
  for (const auto& name : list(path)) remove_all(path + "/" + name);
  ::rmdir(path.c_str());
}

bool rename(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str()) == 0;
}

bool read_path(const std::string& path, const std::function<bool(std::string_view)>& take) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool good = read_all(fd, take);
  ::close(fd);
  return good;
}

bool write_file(const std::string& path, std::string_view text) {
  const auto part = path + "." + unique();
  // A launcher of that number may have been killed here, and left a link.
  ::unlink(part.c_str());
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return false;
  const bool written = write_all(fd, text);
  if (::close(fd) == 0 && written && rename(part, path)) return true;
  ::unlink(part.c_str());
  return false;
}

bool link_or_copy(const std::string& from, const std::string& to) {
  const auto part = to + "." + unique();
  ::unlink(part.c_str());
  if (::symlink(from.c_str(), part.c_str()) == 0 && rename(part, to)) return true;
  const auto text = read_file(from);
  return text && write_file(to, *text);
}

bool copy_file(const std::string& from, const std::string& to, bool executable,
               const std::function<void(std::string_view)>& see) {
  const int fd = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0777 : 0666);
  if (fd < 0) return false;
  const bool copied = read_path(from, [&](std::string_view bytes) {
    see(bytes);
    return write_all(fd, bytes);
  });
  return ::close(fd) == 0 && copied;
}

void flush(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  flush_all_of(fd);
  ::close(fd);
}

std::int64_t now() {
  return ::time(nullptr);
}
std::string unique() {
  return std::to_string(::getpid());
}

void print_error(const std::string& line) {
  write_all(STDERR_FILENO, line + "\n");
}

namespace {

constexpr int kPassedOn[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
volatile pid_t told = 0;

// What the terminal sends, the child gets as well.
void tell(int signal, siginfo_t* info, void*) {
  const bool is_by_key = (signal == SIGINT || signal == SIGQUIT) && info->si_code > 0;
  if (!is_by_key) ::kill(told, signal);
}

// Goes on in a child, in which this returns; the parent waits for it and ends as it does. What somebody sends
// to the parent goes to the child.
void fork_and_tell(const std::string& lacks) {
  sigset_t signals, before;
  ::sigemptyset(&signals);
  for (const int signal : kPassedOn) ::sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  const auto child = ::fork();
  if (child == 0) end_with_parent();
  if (child <= 0) {  // without a child the line is left out
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return;
  }
  told = child;
  struct sigaction action {};
  action.sa_sigaction = tell;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  for (const int signal : kPassedOn) ::sigaction(signal, &action, nullptr);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (code != 0) print_error("gopack: " + lacks);
  ::_exit(code);
}

}  // namespace

int run(const std::string& program, char** argv, std::size_t skip, const std::string& lacks) {
  std::vector<char*> words;
  std::string name = program;
  words.push_back(name.data());
  for (char** word = argv + 1 + skip; *word != nullptr; ++word) words.push_back(*word);
  words.push_back(nullptr);
  if (!lacks.empty()) fork_and_tell(lacks);
  ::execve(program.c_str(), words.data(), environ);
  const bool loader = errno == ENOENT && kind(program) == Kind::file;
  throw Failure{loader ? program +
                             " needs the loader of glibc, which this system lacks: use Go 1.21 or newer, or "
                             "install gcompat"
                       : "cannot run " + program + ": " + std::strerror(errno),
                126};
}

}  // namespace gopack::launcher::system
