#include "gopack/archive/linked_libraries.hpp"

#include <archive.h>
#include <fmt/format.h>
#include <isa-l.h>
#include <zstd.h>

namespace gopack::archive {

std::vector<LinkedLibrary> linked_libraries() {
  const auto number = archive_version_number();
  return {{"libarchive", fmt::format("{}.{}.{}", number / 1000000, number / 1000 % 1000, number % 1000)},
          {"ISA-L", fmt::format("{}.{}.{}", ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION)},
          {"zstd", ZSTD_versionString()}};
}

}  // namespace gopack::archive
