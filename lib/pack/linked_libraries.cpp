#include "gopack/pack/linked_libraries.hpp"

#include <divsufsort.h>

namespace gopack::pack {

std::vector<LinkedLibrary> linked_libraries() {
  return {{"libdivsufsort", divsufsort_version()}};
}

}  // namespace gopack::pack
