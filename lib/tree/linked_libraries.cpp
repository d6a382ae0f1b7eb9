#include "gopack/tree/linked_libraries.hpp"

#include <utf8proc.h>

namespace gopack::tree {

std::vector<LinkedLibrary> linked_libraries() {
  return {{"utf8proc", utf8proc_version()}};
}

}  // namespace gopack::tree
