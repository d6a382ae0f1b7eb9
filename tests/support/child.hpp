// Parts of tests that need a process of their own: for its umask, its signals, or fewer rights.
#pragma once

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

namespace gopack::test {

// Whether `action` returns true in a child process.
template <typename Action>
bool in_child(Action action) {
  const pid_t child = ::fork();
  if (child == 0) {
    bool ok = false;
    try {
      ok = action();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in the child process: %s\n", error.what());
    }
    ::_exit(ok ? 0 : 1);
  }
  int status = -1;
  return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

// The same without root's right to write into read-only directories, for tests that run as root.
template <typename Action>
bool unprivileged(Action action) {
  constexpr unsigned kNobody = 65534;
  return in_child([&] {
    const bool dropped = ::geteuid() != 0 ||
                         (::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0);
    return dropped && action();
  });
}

}  // namespace gopack::test
