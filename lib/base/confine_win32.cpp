#include "gopack/base/confine.hpp"

// Windows can confine a process, not a thread.
namespace gopack {

bool run_confined(const Dir*, const std::function<void()>& action) {
  action();
  return false;
}

}  // namespace gopack
