#include "gopack/base/confine.hpp"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <exception>
#include <thread>

#include "gopack/base/error.hpp"

namespace gopack {

namespace {

// The kernel's interface (linux/landlock.h), spelled out: the headers of older systems lack parts of it.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr std::uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;

constexpr std::uint64_t kExecute = 1u << 0;
constexpr std::uint64_t kWriteFile = 1u << 1;
constexpr std::uint64_t kRemove = 1u << 4 | 1u << 5;  // directories, files
constexpr std::uint64_t kMakeDirectory = 1u << 7;
constexpr std::uint64_t kMakeFile = 1u << 8;
constexpr std::uint64_t kMakeOther = 1u << 6 | 0xfu << 9;  // devices, sockets, FIFOs, symbolic links
constexpr std::uint64_t kMove = 1u << 13;                  // to other directories; version 2
constexpr std::uint64_t kTruncate = 1u << 14;              // version 3
constexpr std::uint64_t kTcp = 3;                          // bind, connect; version 4

struct RulesetAttributes {
  std::uint64_t files;
  std::uint64_t network;
};

struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed;
  std::int32_t directory;
};

long offered_version() {
  const long version = ::syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  if (version >= 0) return version;
  // Unknown to the kernel, switched off, or hidden by a container.
  if (errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM) return 0;
  throw system_error(errno, "ask for Landlock");
}

void confine_this_thread(long version, const Dir* writable) {
  const std::uint64_t truncate = version >= 3 ? kTruncate : 0;
  const auto allowed = kWriteFile | kRemove | kMakeDirectory | kMakeFile | kMove | truncate;
  const RulesetAttributes attributes{allowed | kMakeOther | kExecute, version >= 4 ? kTcp : 0};
  const Descriptor rules(static_cast<int>(::syscall(kCreateRuleset, &attributes, sizeof attributes, 0)));
  if (!rules) throw system_error(errno, "make a Landlock ruleset");
  if (writable != nullptr) {
    const PathBeneath beneath{allowed, writable->descriptor()};
    if (::syscall(kAddRule, rules.get(), kPathBeneath, &beneath, 0) != 0) {
      throw system_error(errno, "add a Landlock rule");
    }
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::syscall(kRestrictSelf, rules.get(), 0) != 0) {
    throw system_error(errno, "confine a thread with Landlock");
  }
}

}  // namespace

bool run_confined(const Dir* writable, const std::function<void()>& action) {
  const auto version = offered_version();
  const bool can_confine = version >= 2;  // version 1 forbids moving files altogether
  std::exception_ptr failure;
  std::thread([&] {
    try {
      if (can_confine) confine_this_thread(version, writable);
      action();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
  return can_confine;
}

}  // namespace gopack
