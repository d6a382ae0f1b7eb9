// Pipes of POSIX. Private to base.
#pragma once

#include "gopack/base/file.hpp"

namespace gopack {

// Programs that are started do not inherit its ends. Throws Error (failed).
struct Pipe {
  Pipe();
  Descriptor read_end;
  Descriptor write_end;
};

}  // namespace gopack
