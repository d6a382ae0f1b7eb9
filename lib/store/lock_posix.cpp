#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <thread>

#include "gopack/base/error.hpp"
#include "gopack/store/lock.hpp"

namespace gopack::store {

Lock Lock::acquire(const Dir& directory, const std::string& name, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kPause{20};
  auto file = directory.open_or_create(name);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw system_error(errno, fmt::format("lock {}", printable(file.name())));
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
  if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
  return Lock(std::move(file));
}

Lease Lease::take(File file) {
  while (::flock(file.descriptor(), LOCK_SH) != 0 && errno == EINTR) {
  }
  return Lease(std::move(file));
}

void Lease::pass_on() const {
  if (::fcntl(file_.descriptor(), F_SETFD, 0) != 0)
    throw system_error(errno, fmt::format("pass {} on", printable(file_.name())));
}

}  // namespace gopack::store
