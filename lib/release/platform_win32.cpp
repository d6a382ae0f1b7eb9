#include <windows.h>

#include "gopack/launch/machine.hpp"
#include "gopack/release/platform.hpp"

namespace gopack::release {

// What the machine is, not what it plays for this program.
Platform Platform::host() {
  USHORT process = 0;
  USHORT machine = 0;
  if (!::IsWow64Process2(::GetCurrentProcess(), &process, &machine)) machine = IMAGE_FILE_MACHINE_AMD64;
  const char* const name = machine == IMAGE_FILE_MACHINE_ARM64  ? "aarch64"
                           : machine == IMAGE_FILE_MACHINE_I386 ? "i686"
                                                                : "x86_64";
  return {"windows", launch::to_architecture(name)};
}

}  // namespace gopack::release
