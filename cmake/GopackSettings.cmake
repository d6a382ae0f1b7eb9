# Two interface targets that every target of ours links: how we compile, and what we are warned about.
add_library(gopack_settings INTERFACE)
target_compile_features(gopack_settings INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT GOPACK_SANITIZE)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(GOPACK_CCACHE ccache)
if(GOPACK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GOPACK_CCACHE})
endif()

if(WIN32)
  target_compile_definitions(gopack_settings INTERFACE NOMINMAX UNICODE WIN32_LEAN_AND_MEAN _UNICODE)
endif()

add_library(gopack_warnings INTERFACE)
target_compile_options(gopack_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow;-Wnon-virtual-dtor;-Wformat=2;-Werror=format-security>
  $<$<AND:$<BOOL:${GOPACK_WARNINGS_AS_ERRORS}>,$<CXX_COMPILER_ID:GNU,Clang,AppleClang>>:-Werror>)

if(GOPACK_SANITIZE)
  target_compile_options(gopack_settings INTERFACE
    -fsanitize=${GOPACK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -fno-pie)
  # Two million relocations at each start would be a third of the time of the tests that start the program.
  target_link_options(gopack_settings INTERFACE -fsanitize=${GOPACK_SANITIZE} -no-pie)
else()
  include(GopackHardening)
endif()
