#include "gopack/base/confine.hpp"

// macOS offers nothing of the kind for a thread.
namespace gopack {

bool run_confined(const Dir*, const std::function<void()>& action) {
  action();
  return false;
}

}  // namespace gopack
