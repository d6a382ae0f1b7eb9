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
#include <cstring>
#include <iterator>
#include <limits>
#include <thread>
#include <utility>

#include "calls.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "kept_output.hpp"
#include "pipe.hpp"

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

// What this process ignores and children do not expect to be.
constexpr int kIgnored[] = {SIGPIPE, SIGXFSZ};

// The program leads a session of its own. A process group would have the terminal, and stop for good when it
// reads from there, because another one is in the foreground.
pid_t spawn(const std::vector<std::string>& command, const Environment& environment,
            const posix_spawn_file_actions_t* actions) {
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
  ::posix_spawnattr_setflags(
      &attributes, static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID));
  pid_t pid = 0;
  const int code = ::posix_spawnp(&pid, command.front().c_str(), actions, &attributes, argv.pointers.data(),
                                  envp.pointers.data());
  ::posix_spawnattr_destroy(&attributes);
  if (code != 0) throw system_error(code, fmt::format("run {}", printable(command.front())));
  return pid;
}

// A program that was started. Until it is waited for its number stays its own, so that signals reach nobody
// else. The destructor ends what still runs.
class Child {
 public:
  explicit Child(pid_t pid) try : pid_(pid), watcher_([this, pid] { watch(pid); }) {
  } catch (...) {
    kill_and_forget(pid);
  }
  ~Child() {
    if (pid_ > 0) kill_and_forget(pid_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // A descriptor that is readable once the program has ended.
  int ended() const { return end_.read_end.get(); }
  // To the program and to all that it has started.
  void signal(int number) const { ::kill(-pid_, number); }
  // The exit status; 128 + signal when one has killed it.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
      if (errno != EINTR) throw system_error(errno, "wait for a program");
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  static void kill_and_forget(pid_t pid) {
    ::kill(-pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  // In a thread: not every system has descriptors of processes. It has a copy of the number, which wait()
  // changes.
  void watch(pid_t pid) {
    siginfo_t ignored;
    while (::waitid(P_PID, static_cast<id_t>(pid), &ignored, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    end_.write_end = Descriptor();
  }

  pid_t pid_;
  Pipe end_;
  std::jthread watcher_;
};

// Feeds a program its input and collects its output at the same time, so that neither side can block the
// other, until the program has ended. What it has started may go on, with its pipes open.
class Exchange {
 public:
  Exchange(const Child& child, Descriptor to_child, Descriptor from_child, const ProcessOptions& options)
      : child_(child),
        to_child_(std::move(to_child)),
        from_child_(std::move(from_child)),
        options_(options),
        input_(options.input) {
    ::fcntl(to_child_.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(from_child_.get(), F_SETFL, O_NONBLOCK);
    if (input_.empty()) to_child_ = Descriptor();
    if (options.time_limit > Clock::duration::zero()) deadline_ = Clock::now() + options.time_limit;
  }

  void run() {
    const std::stop_callback tell(options_.stop, [&] { stopping_.write_end = Descriptor(); });
    while (!is_over()) step();
    if (phase_ != Phase::running) child_.signal(SIGKILL);
    // What the program itself wrote is in the pipe by now; others may go on for ever.
    for (std::size_t left = kPipe; from_child_ && left > 0;) {
      const auto count = collect();
      if (count == 0) break;
      left -= std::min(left, count);
    }
  }

  std::string take_output() { return std::move(output_).take(); }
  bool is_overdue() const { return is_overdue_; }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase { running, told_to_end, killed };
  static constexpr std::chrono::milliseconds kGrace{500};  // for a program that is to end
  static constexpr std::size_t kPipe = 1 << 20;            // bytes: the most that a pipe holds

  bool is_over() const { return has_ended_ && (phase_ != Phase::told_to_end || !from_child_); }

  void step() {
    // What is not to be waited for is negative, which poll passes over.
    pollfd fds[] = {{from_child_.get(), POLLIN, 0},
                    {to_child_.get(), POLLOUT, 0},
                    {phase_ == Phase::running ? stopping_.read_end.get() : -1, POLLIN, 0},
                    {has_ended_ ? -1 : child_.ended(), POLLIN, 0}};
    if (::poll(fds, std::size(fds), time_left()) < 0) {
      if (errno != EINTR) throw system_error(errno, "wait for a program");
      return;
    }
    if (deadline_ && Clock::now() >= *deadline_) end_it_more_firmly();
    if (fds[2].revents != 0 && phase_ == Phase::running) tell_to_end();
    if (fds[1].revents != 0) feed();
    if (fds[0].revents != 0) collect();
    if (fds[3].revents != 0) has_ended_ = true;
  }

  int time_left() const {
    if (!deadline_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
  }

  void end_it_more_firmly() {
    if (phase_ == Phase::running) {
      is_overdue_ = true;
      return tell_to_end();
    }
    phase_ = Phase::killed;
    deadline_.reset();
    child_.signal(SIGKILL);
  }

  void tell_to_end() {
    phase_ = Phase::told_to_end;
    deadline_ = Clock::now() + kGrace;
    child_.signal(SIGTERM);
  }

  void feed() {
    const auto n = ::write(to_child_.get(), input_.data(), input_.size());
    if (n > 0) input_.remove_prefix(static_cast<std::size_t>(n));
    if (input_.empty() || (n < 0 && errno != EAGAIN && errno != EINTR)) to_child_ = Descriptor();
  }

  // The number of bytes that were there.
  std::size_t collect() {
    char buffer[16384];
    const auto n = ::read(from_child_.get(), buffer, sizeof buffer);
    if (n > 0) {
      output_.add({buffer, static_cast<std::size_t>(n)});
      return static_cast<std::size_t>(n);
    }
    if (n == 0 || (errno != EINTR && errno != EAGAIN)) from_child_ = Descriptor();
    return 0;
  }

  const Child& child_;
  Descriptor to_child_;
  Descriptor from_child_;
  const ProcessOptions& options_;
  std::string_view input_;  // what is left of it
  KeptOutput output_{options_.keep};
  Pipe stopping_;  // readable when the program is to end
  Phase phase_ = Phase::running;
  bool has_ended_ = false;
  bool is_overdue_ = false;
  std::optional<Clock::time_point> deadline_;  // of this phase
};

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

// Starts `command` in the place of this process, with the signals that programs expect. Returns why it
// cannot.
int take_place(const std::vector<std::string>& command, const Environment& environment) {
  Arguments argv(command);
  Arguments envp(to_assignments(environment));
  sigset_t none;
  sigemptyset(&none);
  for (const int signal : kIgnored) std::signal(signal, SIG_DFL);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  auto* const own = std::exchange(environ, envp.pointers.data());  // execvpe is not everywhere
  ::execvp(command.front().c_str(), argv.pointers.data());
  const int code = errno;
  environ = own;
  return code;
}

constexpr int kPassedOn[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
volatile pid_t told = 0;                // the child of run_beside
volatile std::sig_atomic_t untold = 0;  // a signal that came before there was one

// What the terminal sends, all programs in the foreground get.
void tell(int signal, siginfo_t* info, void*) {
  const bool is_by_key = (signal == SIGINT || signal == SIGQUIT) && info->si_code > 0;
  if (is_by_key) return;
  if (told == 0) {
    untold = signal;
  } else {
    ::kill(told, signal);
  }
}

}  // namespace

Pipe::Pipe() {
  int ends[2];
  if (calls::make_pipe(ends) != 0) throw system_error(errno, "create a pipe");
  read_end = Descriptor(ends[0]);
  write_end = Descriptor(ends[1]);
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
  Child child(spawn(command, environment, actions.get()));
  in.read_end = Descriptor();
  out.write_end = Descriptor();
  Exchange exchange(child, std::move(in.write_end), std::move(out.read_end), options);
  exchange.run();
  return {child.wait(), exchange.take_output(), exchange.is_overdue()};
}

int run_in_foreground(const std::vector<std::string>& command, const Environment& environment) {
  throw system_error(take_place(command, environment), fmt::format("run {}", printable(command.front())));
}

int run_beside(const std::vector<std::string>& command, const Environment& environment) {
  struct sigaction action {};
  action.sa_sigaction = tell;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  for (const int signal : kPassedOn) ::sigaction(signal, &action, nullptr);
  // Before there is a child: a thread that waits for signals takes what all others block. (The kernel prefers
  // the first thread to one that waits.)
  sigset_t signals, before;
  sigemptyset(&signals);
  for (const int signal : kPassedOn) sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, &before);
  const pid_t child = ::fork();
  if (child < 0) throw system_error(errno, "start a process");
  if (child == 0) {
    const int code = take_place(command, environment);
    const auto text = fmt::format("gopack: cannot run {}: {}\n", command.front(), std::strerror(code));
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0) ::_exit(126);
    ::_exit(code == ENOENT ? 127 : 126);
  }
  told = child;
  if (untold != 0) ::kill(child, untold);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw system_error(errno, "wait for a program");
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace gopack
