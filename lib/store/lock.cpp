#include "gopack/store/lock.hpp"

#include <fmt/format.h>

#include <thread>

#include "gopack/base/error.hpp"
#include "gopack/base/file_lock.hpp"
#include "gopack/base/report.hpp"

namespace gopack::store {

namespace {

using Outcome = LockAttempt::Outcome;

Error cannot_lock(const File& file, const LockAttempt& attempt) {
  return Error(ErrorKind::noroom, fmt::format("cannot lock {}: {}", printable(file.name()), attempt.reason))
      .with_hint(
          "file locks (flock) do not work there: use a directory on another filesystem; "
          "`gopack doctor DIR` tries them");
}

Error in_use(const std::filesystem::path& path) {
  return Error(ErrorKind::busy,
               fmt::format("cannot use {}: another gopack is at work there", printable(path)))
      .with_hint("wait for it to finish and run the command again, or wait longer with --lock-timeout");
}

// Once the server has answered, the call itself will do.
LockAttempt wait_for_lock(const File& file, LockMode mode, std::chrono::milliseconds patience,
                          const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPause{20};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  auto attempt = try_lock(file, mode);
  while (attempt.outcome == Outcome::held && std::chrono::steady_clock::now() < deadline) {
    throw_if_stopped(stop);
    std::this_thread::sleep_for(kPause);
    attempt = try_lock_again(file, mode);
  }
  return attempt;
}

}  // namespace

Lock Lock::acquire(const Dir& directory, const std::string& name, std::chrono::milliseconds patience,
                   const std::stop_token& stop) {
  auto file = directory.open_or_create(name);
  const auto attempt = wait_for_lock(file, LockMode::exclusive, patience, stop);
  if (attempt.outcome == Outcome::held) throw in_use(directory.path().parent_path());
  if (attempt.outcome != Outcome::taken) throw cannot_lock(file, attempt);
  return Lock(std::move(file));
}

// Whoever asks holds the store's lock, on a filesystem that has just answered.
std::optional<Lock> Lock::try_acquire(File file) {
  const auto attempt = try_lock_again(file, LockMode::exclusive);
  if (attempt.outcome == Outcome::held) return std::nullopt;
  if (attempt.outcome != Outcome::taken) throw cannot_lock(file, attempt);
  return Lock(std::move(file));
}

Lease Lease::take(File file, std::chrono::milliseconds patience, const std::stop_token& stop) {
  const auto attempt = wait_for_lock(file, LockMode::shared, patience, stop);
  if (attempt.outcome == Outcome::held) throw in_use(file.name());
  if (attempt.outcome == Outcome::unanswered) throw cannot_lock(file, attempt);
  return Lease(std::move(file));
}

void Lease::pass_on() const {
  pass_lock_on(file_);
}

}  // namespace gopack::store
