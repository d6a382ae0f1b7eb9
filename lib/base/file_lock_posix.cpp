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

#include "calls.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/file_lock.hpp"
#include "pipe.hpp"

namespace gopack {

namespace {

constexpr std::chrono::milliseconds kAnswer{3000};  // that a file server has for one call

int flock_now(int file, int operation) {
  int code = EINTR;
  while (code == EINTR) code = ::flock(file, operation | LOCK_NB) == 0 ? 0 : errno;
  return code;
}

void close_all_but(unsigned one, unsigned other) {
  const auto [low, high] = std::minmax(one, other);
  if (low > 0) calls::close_descriptors(0, low - 1);
  calls::close_descriptors(low + 1, high - 1);
  calls::close_descriptors(high + 1, std::numeric_limits<unsigned>::max());
}

// Only what is safe between fork and exit. Whoever is left behind keeps nothing from others: no lock of this
// program, and no end of a pipe that it prints to.
[[noreturn]] void lock_and_tell(int file, int operation, int teller) {
  close_all_but(static_cast<unsigned>(file), static_cast<unsigned>(teller));
  const int code = flock_now(file, operation);
  ::_exit(::write(teller, &code, sizeof code) == sizeof code ? 0 : 1);
}

// Within that time, whatever signals come meanwhile.
bool is_readable(const Descriptor& descriptor, std::chrono::milliseconds limit) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pollfd waiting{descriptor.get(), POLLIN, 0};
  const bool answered = ::poll(&waiting, 1, static_cast<int>(limit.count())) == 1;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return answered;
}

// On a network filesystem even a call that does not wait for others may never return. A thread that makes it
// could not be killed, and the program not end; a process can be left behind. The lock belongs to the open
// file, which both share.
int flock_within_limit(const File& file, int operation) {
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

int operation_of(LockMode mode) {
  return mode == LockMode::shared ? LOCK_SH : LOCK_EX;
}

LockAttempt to_attempt(int code) {
  using Outcome = LockAttempt::Outcome;
  if (code == 0) return {Outcome::taken, {}};
  if (code == EWOULDBLOCK) return {Outcome::held, {}};
  if (code == ETIMEDOUT) return {Outcome::unanswered, "the file server does not answer"};
  return {Outcome::unsupported, std::generic_category().message(code)};
}

}  // namespace

LockAttempt try_lock(const File& file, LockMode mode) {
  return to_attempt(flock_within_limit(file, operation_of(mode)));
}

LockAttempt try_lock_again(const File& file, LockMode mode) {
  return to_attempt(flock_now(file.descriptor(), operation_of(mode)));
}

void pass_lock_on(const File& file) {
  if (::fcntl(file.descriptor(), F_SETFD, 0) != 0)
    throw system_error(errno, fmt::format("pass {} on", printable(file.name())));
}

}  // namespace gopack
