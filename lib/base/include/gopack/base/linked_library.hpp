// What the program stands on, for bug reports.
#pragma once

#include <string>
#include <vector>

namespace gopack {

struct LinkedLibrary {
  std::string name;
  std::string version;  // of what runs, where the library tells; else of what it was built with
};

}  // namespace gopack
