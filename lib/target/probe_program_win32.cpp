#include "probe_program.hpp"

namespace gopack::target {

ProbeProgram probe_program() {
  return {"probe.bat", "@exit /b 0\r\n"};
}

}  // namespace gopack::target
