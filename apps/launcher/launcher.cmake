# gopack_native_launchers(<variable>)
#
# Builds the native launchers, in the directory of the caller, and puts the files to be embedded into <variable>: go.exe (with
# mingw-w64), go-linux-<arch>, linked statically, and go-darwin-<arch>. All come out the same, byte for byte, wherever they are
# built with the same compiler.
option(GOPACK_WINDOWS_LAUNCHER "Build the native launcher for Windows; without it bundles have the .bat files alone" ON)
string(REPLACE "x86_64" "amd64" own ${CMAKE_SYSTEM_PROCESSOR})
string(REPLACE "aarch64" "arm64" own ${own})
set(own_launcher "")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(own_launcher linux-${own}=${CMAKE_CXX_COMPILER})
endif()
set(GOPACK_LAUNCHERS "${own_launcher}" CACHE STRING "Native launchers for Linux and macOS: <GOOS>-<GOARCH>=<compiler>;…")
set(GOPACK_LAUNCHER_DIR ${CMAKE_CURRENT_LIST_DIR})
set(GOPACK_LAUNCHER_PURE cache choose environment host launch options project settings sha256 stage system windows_text)

# SYSTEMS: the files system_<…>.cpp. What follows are options of the linker. (-O2 is for zig, which builds its runtime by that.)
function(gopack_native_launcher name compiler systems)
  # The rules are those of the library.
  set(rules ${GOPACK_LAUNCHER_DIR}/../../lib/launch)
  set(shared ${rules}/cacheprog ${rules}/go_env ${rules}/lacking ${rules}/machine ${rules}/rules ${rules}/pointer ${rules}/words)
  set(flags -I${rules}/include -I${GOPACK_LAUNCH_HEADERS} -std=c++20 -Os -ffunction-sections -fdata-sections -ffile-prefix-map=${GOPACK_LAUNCHER_DIR}=.
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wformat=2
    $<$<BOOL:${GOPACK_WARNINGS_AS_ERRORS}>:-Werror>)
  set(objects)
  list(TRANSFORM GOPACK_LAUNCHER_PURE PREPEND ${GOPACK_LAUNCHER_DIR}/ OUTPUT_VARIABLE pure)
  set(own ${GOPACK_LAUNCHER_DIR}/main ${GOPACK_LAUNCHER_DIR}/lacks ${GOPACK_LAUNCHER_DIR}/trees)
  foreach(system IN LISTS systems)
    list(APPEND own ${GOPACK_LAUNCHER_DIR}/system_${system})
  endforeach()
  foreach(source IN LISTS pure own shared)
    set(input ${source}.cpp)
    cmake_path(GET source FILENAME stem)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${stem}.o)
    add_custom_command(OUTPUT ${object}
      COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${compiler} ${flags} -MD -MF ${object}.d -c ${input} -o ${object}
      DEPENDS ${input} DEPFILE ${object}.d COMMAND_EXPAND_LISTS VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir)
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}
    COMMAND ${compiler} -O2 -s ${ARGN} ${objects} -o ${CMAKE_CURRENT_BINARY_DIR}/${name}
    DEPENDS ${objects} VERBATIM)
endfunction()

function(gopack_native_launchers variable)
  set(launchers)
  if(GOPACK_WINDOWS_LAUNCHER)
    find_program(GOPACK_MINGW_CXX NAMES x86_64-w64-mingw32-g++-win32 x86_64-w64-mingw32-g++)
    if(NOT GOPACK_MINGW_CXX)
      message(FATAL_ERROR "the launcher for Windows needs mingw-w64: install g++-mingw-w64-x86-64-win32, "
        "or configure with -DGOPACK_WINDOWS_LAUNCHER=OFF")
    endif()
    gopack_native_launcher(go.exe ${GOPACK_MINGW_CXX} win32 -static -Wl,--gc-sections -Wl,--no-insert-timestamp)
    list(APPEND launchers ${CMAKE_CURRENT_BINARY_DIR}/go.exe)
  endif()
  foreach(launcher IN LISTS GOPACK_LAUNCHERS)
    string(REGEX MATCH "^((linux|darwin)-[a-z0-9]+)=(.+)$" matched ${launcher})
    set(name go-${CMAKE_MATCH_1})
    set(compiler ${CMAKE_MATCH_3})
    if(CMAKE_MATCH_2 STREQUAL linux)
      gopack_native_launcher(${name} ${compiler} "posix;linux_posix" -static -Wl,--gc-sections)
    else()
      gopack_native_launcher(${name} ${compiler} "posix;macos_posix" -Wl,-dead_strip)
    endif()
    list(APPEND launchers ${CMAKE_CURRENT_BINARY_DIR}/${name})
  endforeach()
  set(${variable} ${launchers} PARENT_SCOPE)
endfunction()
