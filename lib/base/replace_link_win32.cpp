#include "gopack/base/replace.hpp"
#include "win32.hpp"

// Links take a right there that users seldom have: none is made. What is current is told by a text.
namespace gopack {

void replace_link(const Dir& dir, const std::string& name, const std::string&, bool) {
  win32::fail(ENOSYS, dir, "create link", name);
}

bool can_link(const Dir&) {
  return false;
}

}  // namespace gopack
