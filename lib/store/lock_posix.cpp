#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <limits>
#include <thread>

#include "flock.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/report.hpp"
#include "gopack/store/lock.hpp"

namespace gopack::store {

namespace {

constexpr std::chrono::milliseconds kPause{20};
constexpr std::chrono::milliseconds kAnswer{3000};  // that a file server has for one call

int flock_now(int file, int operation) {
  int code = EINTR;
  while (code == EINTR) code = ::flock(file, operation | LOCK_NB) == 0 ? 0 : errno;
  return code;
}

void close_all_but(unsigned one, unsigned other) {
  const auto [low, high] = std::minmax(one, other);
  if (low > 0) close_descriptors(0, low - 1);
  close_descriptors(low + 1, high - 1);
  close_descriptors(high + 1, std::numeric_limits<unsigned>::max());
}

// Only what is safe between fork and exit. Whoever is left behind keeps nothing from others: no lock of this
// program, and no end of a pipe that it prints to.
[[noreturn]] void lock_and_tell(int file, int operation, int teller) {
  close_all_but(static_cast<unsigned>(file), static_cast<unsigned>(teller));
  const int code = flock_now(file, operation);
  ::_exit(::write(teller, &code, sizeof code) == sizeof code ? 0 : 1);
}

// Within that time, whatever signals come meanwhile.
bool is_readable(const Descriptor& descriptor, std::chrono::milliseconds patience) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pollfd waiting{descriptor.get(), POLLIN, 0};
  const bool answered = ::poll(&waiting, 1, static_cast<int>(patience.count())) == 1;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return answered;
}

Error cannot_lock(const File& file, int code) {
  const auto reason =
      code == ETIMEDOUT ? "the file server does not answer" : std::generic_category().message(code);
  return Error(ErrorKind::noroom, fmt::format("cannot lock {}: {}", printable(file.name()), reason))
      .with_hint(
          "file locks (flock) do not work there: use a directory on another filesystem; "
          "`gopack doctor DIR` tries them");
}

Error in_use(const std::filesystem::path& what) {
  return Error(ErrorKind::busy,
               fmt::format("cannot use {}: another gopack is at work there", printable(what)))
      .with_hint("wait for it to finish and run the command again, or wait longer with --lock-timeout");
}

// Waits for other holders, up to `patience`. Once the server has answered, the call itself will do.
int wait_for_flock(const File& file, int operation, std::chrono::milliseconds patience,
                   const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  auto code = try_flock(file, operation);
  while (code == EWOULDBLOCK && std::chrono::steady_clock::now() < deadline) {
    throw_if_stopped(stop);
    std::this_thread::sleep_for(kPause);
    code = flock_now(file.descriptor(), operation);
  }
  return code;
}

}  // namespace

// On a network filesystem even a call that does not wait for others may never return. A thread that makes it
// could not be killed, and the program not end; a process can be left behind. The lock belongs to the open
// file, which both share.
int try_flock(const File& file, int operation) {
  Pipe pipe;
  const auto child = ::fork();
  if (child < 0) throw system_error(errno, "start a process");
  if (child == 0) lock_and_tell(file.descriptor(), operation, pipe.write_end.get());
  pipe.write_end = Descriptor();
  if (!is_readable(pipe.read_end, kAnswer)) {
    ::kill(child, SIGKILL);  // which ends it once the server answers: nobody waits for that
    return ETIMEDOUT;
  }
  int code = 0;
  if (::read(pipe.read_end.get(), &code, sizeof code) != sizeof code) code = ECANCELED;  // somebody killed it
  // The lock goes when the last descriptor does: the child has none after this.
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return code;
}

Lock Lock::acquire(const Dir& directory, const std::string& name, std::chrono::milliseconds patience,
                   const std::stop_token& stop) {
  auto file = directory.open_or_create(name);
  const auto code = wait_for_flock(file, LOCK_EX, patience, stop);
  if (code == EWOULDBLOCK) throw in_use(directory.path().parent_path());
  if (code != 0) throw cannot_lock(file, code);
  return Lock(std::move(file));
}

// Without a process of its own: whoever asks holds the store's lock, on a filesystem that has just answered.
std::optional<Lock> Lock::try_acquire(File file) {
  const auto code = flock_now(file.descriptor(), LOCK_EX);
  if (code == EWOULDBLOCK) return std::nullopt;
  if (code != 0) throw cannot_lock(file, code);
  return Lock(std::move(file));
}

Lease Lease::take(File file, std::chrono::milliseconds patience, const std::stop_token& stop) {
  const auto code = wait_for_flock(file, LOCK_SH, patience, stop);
  if (code == EWOULDBLOCK) throw in_use(file.name());
  if (code == ETIMEDOUT) throw cannot_lock(file, code);
  return Lease(std::move(file));
}

void Lease::pass_on() const {
  if (::fcntl(file_.descriptor(), F_SETFD, 0) != 0)
    throw system_error(errno, fmt::format("pass {} on", printable(file_.name())));
}

}  // namespace gopack::store
