#include "gopack/base/file_lock.hpp"

#include "win32.hpp"

namespace gopack {

namespace {

// One byte, far beyond the content: locks are mandatory there, and would keep others from what they cover.
OVERLAPPED locked_byte() {
  OVERLAPPED at{};
  at.Offset = 0xfffffffe;
  at.OffsetHigh = 0x7fffffff;
  return at;
}

}  // namespace

// A server that does not answer is Windows' own affair: it gives such calls up.
LockAttempt try_lock(const File& file, LockMode mode) {
  return try_lock_again(file, mode);
}

LockAttempt try_lock_again(const File& file, LockMode mode) {
  using Outcome = LockAttempt::Outcome;
  const auto handle = win32::to_handle(file.descriptor());
  auto at = locked_byte();
  const DWORD kind = mode == LockMode::exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0;
  if (::LockFileEx(handle, kind | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)) return {Outcome::taken, {}};
  const auto code = ::GetLastError();
  if (code == ERROR_LOCK_VIOLATION || code == ERROR_IO_PENDING) return {Outcome::held, {}};
  return {Outcome::unsupported, system_error(win32::to_errno(code), "lock").what()};
}

// Who starts programs waits for them there, and holds it meanwhile.
void pass_lock_on(const File&) {}

}  // namespace gopack
