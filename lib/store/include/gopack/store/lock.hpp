// One gopack at a time changes a store. Readers take no lock: what they read is only ever replaced whole.
#pragma once

#include <chrono>

#include "gopack/base/file.hpp"

namespace gopack::store {

// An advisory lock (flock) on a file that is never deleted; the system releases it when the process ends,
// however it ends.
class Lock {
 public:
  // Waits up to `patience`. Throws Error (busy) that names the directory when another gopack keeps it.
  static Lock acquire(const Dir& directory, const std::string& name, std::chrono::milliseconds patience);

 private:
  explicit Lock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace gopack::store
