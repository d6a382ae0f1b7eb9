// What ends a launcher before it has handed over.
#pragma once

#include <string>

namespace gopack::launcher {

// `status` is that of the launcher: 1 failed, 2 wrong usage or settings, 126 a program that may not be
// executed.
struct Failure {
  std::string message;
  int status = 1;
};

}  // namespace gopack::launcher
