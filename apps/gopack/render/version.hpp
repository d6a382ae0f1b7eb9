// What `gopack --version` prints.
#pragma once

#include <string>

namespace gopack::app {

// `with_libraries`: and the libraries it stands on, a line each. As JSON it always has them.
std::string version_text(bool with_libraries, bool json);

}  // namespace gopack::app
