// One gopack at a time changes a store. Readers take no lock: what they read is only ever replaced whole.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "gopack/base/file.hpp"

namespace gopack::store {

// How long to wait for another gopack.
struct Wait {
  std::chrono::milliseconds limit;
  std::stop_token stop = {};
};

// An advisory lock (flock) on a file that is never deleted; the system releases it when the process ends,
// however it ends. Where the filesystem has no locks, or does not answer within 3 s, taking one is an Error
// (noroom).
class Lock {
 public:
  // Waits up to `patience`. Throws Error: busy, naming the store's directory, when another gopack keeps it;
  // interrupted when `stop` is requested meanwhile.
  static Lock acquire(const Dir& directory, const std::string& name, std::chrono::milliseconds patience,
                      const std::stop_token& stop);
  // The lock on `file` itself; nothing while somebody has a lease on it.
  static std::optional<Lock> try_acquire(File file);

 private:
  explicit Lock(File file) : file_(std::move(file)) {}
  File file_;
};

// A share of such a lock, for as long as something is in use; reading rights are enough. Where the filesystem
// has no locks a lease keeps nobody away.
class Lease {
 public:
  // Waits up to `patience` while a Lock is held on the file. Throws Error: busy, interrupted as above; noroom
  // when the filesystem does not answer.
  static Lease take(File file, std::chrono::milliseconds patience, const std::stop_token& stop);
  // From now on programs that this process starts, or that take its place, hold the lease as well: it ends
  // when the last of them has ended.
  void pass_on() const;
  FileStatus status() const { return file_.status(); }

 private:
  explicit Lease(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace gopack::store
