# Every library gopack stands on: what it is for, the least version, where it may be used.
# All come from the system (Debian 12 and Ubuntu 24.04 carry them); nothing is copied in.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

include(third_party/fmt.cmake)
include(third_party/openssl.cmake)
include(third_party/nlohmann_json.cmake)
include(third_party/utf8proc.cmake)
include(third_party/libcurl.cmake)
include(third_party/libarchive.cmake)
include(third_party/isal.cmake)
include(third_party/zstd.cmake)
include(third_party/divsufsort.cmake)
include(third_party/yaml_cpp.cmake)
include(third_party/cli11.cmake)
if(GOPACK_BUILD_TESTS)
  include(third_party/googletest.cmake)
endif()
