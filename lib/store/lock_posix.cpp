#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <future>
#include <thread>

#include "gopack/base/error.hpp"
#include "gopack/store/lock.hpp"

namespace gopack::store {

namespace {

constexpr std::chrono::milliseconds kPause{20};
constexpr std::chrono::milliseconds kAnswer{3000};  // that a file server has for one call

// flock without waiting for other holders; 0 or an errno value, ETIMEDOUT when there is no answer. On a
// network filesystem even this call may never return, so a thread makes it, on a copy of the descriptor that
// shares the lock, and is left behind then.
int try_flock(const File& file, int operation) {
  Descriptor copy(::fcntl(file.descriptor(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return errno;
  std::promise<int> promise;
  auto answer = promise.get_future();
  std::thread([copy = std::move(copy), operation, promise = std::move(promise)]() mutable {
    int code = EINTR;
    while (code == EINTR) code = ::flock(copy.get(), operation | LOCK_NB) == 0 ? 0 : errno;
    copy = Descriptor();  // first: the lock goes when the last descriptor does
    promise.set_value(code);
  }).detach();
  return answer.wait_for(kAnswer) == std::future_status::ready ? answer.get() : ETIMEDOUT;
}

Error cannot_lock(const File& file, int code) {
  const auto reason =
      code == ETIMEDOUT ? "the file server does not answer" : std::generic_category().message(code);
  return Error(ErrorKind::noroom, fmt::format("cannot lock {}: {}", printable(file.name()), reason))
      .with_hint(
          "file locks (flock) do not work there: use a directory on another filesystem; "
          "`gopack doctor DIR` tries them");
}

}  // namespace

Lock Lock::acquire(const Dir& directory, const std::string& name, std::chrono::milliseconds patience) {
  auto file = directory.open_or_create(name);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (const auto code = try_flock(file, LOCK_EX)) {
    if (code != EWOULDBLOCK) throw cannot_lock(file, code);
    if (std::chrono::steady_clock::now() >= deadline) {
      throw Error(ErrorKind::busy, fmt::format("cannot use {}: another gopack is at work there",
                                               printable(directory.path().parent_path())))
          .with_hint("wait for it to finish and run the command again, or wait longer with --lock-timeout");
    }
    std::this_thread::sleep_for(kPause);
  }
  return Lock(std::move(file));
}

std::optional<Lock> Lock::try_acquire(File file) {
  const auto code = try_flock(file, LOCK_EX);
  if (code == EWOULDBLOCK) return std::nullopt;
  if (code != 0) throw cannot_lock(file, code);
  return Lock(std::move(file));
}

Lease Lease::take(File file) {
  int code = 0;
  while ((code = try_flock(file, LOCK_SH)) == EWOULDBLOCK) std::this_thread::sleep_for(kPause);
  if (code == ETIMEDOUT) throw cannot_lock(file, code);
  return Lease(std::move(file));
}

void Lease::pass_on() const {
  if (::fcntl(file_.descriptor(), F_SETFD, 0) != 0)
    throw system_error(errno, fmt::format("pass {} on", printable(file_.name())));
}

}  // namespace gopack::store
