#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>
#include <utility>

#include "calls.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): glibc alone declares it

namespace gopack {

namespace {

// The vectors of C strings that execve wants; they borrow from the strings they were made of.
struct Arguments {
  explicit Arguments(std::vector<std::string> texts) : strings(std::move(texts)) {
    for (auto& text : strings) pointers.push_back(text.data());
    pointers.push_back(nullptr);
  }
  std::vector<std::string> strings;
  std::vector<char*> pointers;
};

std::vector<std::string> to_assignments(const Environment& environment) {
  std::vector<std::string> assignments;
  for (const auto& [name, value] : environment) assignments.push_back(fmt::format("{}={}", name, value));
  return assignments;
}

constexpr std::chrono::milliseconds kGrace{500};  // for a program that is to end

// What this process ignores and children do not expect to be.
constexpr int kIgnored[] = {SIGPIPE, SIGXFSZ};

pid_t spawn(const std::vector<std::string>& command, const Environment& environment,
            const posix_spawn_file_actions_t* actions, bool has_own_group) {
  Arguments argv(command);
  Arguments envp(to_assignments(environment));
  // Nor do they expect blocked what this process's signal thread waits for.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  for (const int signal : kIgnored) sigaddset(&signals, signal);
  ::posix_spawnattr_setsigdefault(&attributes, &signals);
  ::posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                             (has_own_group ? POSIX_SPAWN_SETPGROUP : 0)));
  pid_t pid = 0;
  const int code = ::posix_spawnp(&pid, command.front().c_str(), actions, &attributes, argv.pointers.data(),
                                  envp.pointers.data());
  ::posix_spawnattr_destroy(&attributes);
  if (code != 0) throw system_error(code, fmt::format("run {}", printable(command.front())));
  return pid;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw system_error(errno, "wait for a program");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Feeds `input` and collects output at the same time, so that neither side can block the other. When `stop`
// is requested the group of `child` is told to end, and made to after some time.
std::string exchange(Descriptor to_child, const Descriptor& from_child, std::string_view input, pid_t child,
                     const std::stop_token& stop) {
  constexpr std::size_t kKept = 1 << 20;
  std::string output;
  ::fcntl(to_child.get(), F_SETFL, O_NONBLOCK);
  if (input.empty()) to_child = Descriptor();
  Pipe stopping;
  const std::stop_callback tell(stop, [&] { stopping.write_end = Descriptor(); });
  std::optional<std::chrono::steady_clock::time_point> end;
  const auto left = [&] {
    if (!end) return -1;
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(*end - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(time.count(), 0));
  };
  for (;;) {
    // What is not to be waited for is negative, which poll passes over.
    pollfd fds[] = {{from_child.get(), POLLIN, 0},
                    {to_child.get(), POLLOUT, 0},
                    {end ? -1 : stopping.read_end.get(), POLLIN, 0}};
    if (::poll(fds, 3, left()) < 0) {
      if (errno != EINTR) throw system_error(errno, "wait for a program");
      continue;
    }
    if (left() == 0) {
      ::kill(-child, SIGKILL);
      return output;
    }
    if (fds[2].revents != 0) {
      end = std::chrono::steady_clock::now() + kGrace;
      ::kill(-child, SIGTERM);
    }
    if (to_child && fds[1].revents != 0) {
      const auto n = ::write(to_child.get(), input.data(), input.size());
      if (n > 0) input.remove_prefix(static_cast<std::size_t>(n));
      if (input.empty() || (n < 0 && errno != EAGAIN && errno != EINTR)) to_child = Descriptor();
    }
    if (fds[0].revents != 0) {
      char buffer[16384];
      const auto n = ::read(from_child.get(), buffer, sizeof buffer);
      if (n == 0 || (n < 0 && errno != EINTR)) return output;
      if (n > 0) output.append(buffer, std::min(static_cast<std::size_t>(n), kKept - output.size()));
    }
  }
}

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  void connect(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void open(int to, const char* path) {
    ::posix_spawn_file_actions_addopen(&actions_, to, path, O_WRONLY, 0);
  }
  void enter(const std::filesystem::path& directory) {
    ::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

Pipe::Pipe() {
  int ends[2];
  if (calls::make_pipe(ends) != 0) throw system_error(errno, "create a pipe");
  read_end = Descriptor(ends[0]);
  write_end = Descriptor(ends[1]);
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

std::optional<std::filesystem::path> find_program(const std::string& name, const std::string& path) {
  std::istringstream directories(path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    if (directory.empty()) continue;
    auto candidate = std::filesystem::path(directory) / name;
    if (::access(candidate.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(candidate))
      return candidate;
  }
  return std::nullopt;
}

std::vector<std::string> shell_command(const std::string& line) {
  return {"/bin/sh", "-c", line};
}

ProcessResult run_process(const std::vector<std::string>& command, const Environment& environment,
                          const ProcessOptions& options) {
  Pipe in;
  Pipe out;
  FileActions actions;
  actions.connect(in.read_end.get(), STDIN_FILENO);
  actions.connect(out.write_end.get(), STDOUT_FILENO);
  if (options.merge_errors) actions.connect(out.write_end.get(), STDERR_FILENO);
  if (options.discard_errors) actions.open(STDERR_FILENO, "/dev/null");
  if (!options.directory.empty()) actions.enter(options.directory);
  const bool can_stop = options.stop.stop_possible();
  const auto pid = spawn(command, environment, actions.get(), can_stop);
  in.read_end = Descriptor();
  out.write_end = Descriptor();
  ProcessResult result;
  result.output = exchange(std::move(in.write_end), out.read_end, options.input, pid, options.stop);
  result.status = wait_for(pid);
  return result;
}

int run_in_foreground(const std::vector<std::string>& command, const Environment& environment) {
  Arguments argv(command);
  Arguments envp(to_assignments(environment));
  sigset_t none;
  sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : kIgnored) std::signal(signal, SIG_DFL);
  auto* const own = std::exchange(environ, envp.pointers.data());  // execvpe is not everywhere
  ::execvp(command.front().c_str(), argv.pointers.data());
  const int code = errno;
  environ = own;
  throw system_error(code, fmt::format("run {}", printable(command.front())));
}

}  // namespace gopack
