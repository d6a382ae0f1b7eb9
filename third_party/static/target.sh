# Sourced by cross: what a target is, its compiler, and the toolchain file by which CMake finds that and the libraries.
# shellcheck shell=bash disable=SC2034,SC2154

TARGETS='linux-amd64 windows-amd64'

# Licences of what every program has of its compiler's runtimes, some of it in the launchers that it brings, below ZIG_LIBRARIES.
RUNTIME='libc/musl/COPYRIGHT libc/mingw/COPYING libcxx/LICENSE.TXT libunwind/LICENSE.TXT'

describe_target() { # TARGET: sets TRIPLE, SYSTEM, CPU, WHEEL_PLATFORM, and flags: `always`, and of programs `linked`
    case $1 in # threads of musl have 128 KiB of stack where nothing is said
    linux-*) SYSTEM=Linux abi=linux-musl always='-static -s -fPIE -pie' linked='-Wl,--gc-sections -Wl,-z,stack-size=8388608' ;;
    windows-*) SYSTEM=Windows abi=windows-gnu always='-static -s' linked=-Wl,--gc-sections ;;
    macos-*) SYSTEM=Darwin abi=macos always=-s linked=-Wl,-dead_strip ;;
    *) return 1 ;;
    esac
    case $1 in
    *-amd64) CPU=x86_64 ;;
    *-arm64) CPU=aarch64 ;;
    *) return 1 ;;
    esac
    case $1 in
    linux-*) WHEEL_PLATFORM=manylinux2014_$CPU.musllinux_1_1_$CPU ;;
    windows-amd64) WHEEL_PLATFORM=win_amd64 ;;
    macos-amd64) WHEEL_PLATFORM=macosx_13_0_x86_64 ;;
    macos-arm64) WHEEL_PLATFORM=macosx_13_0_arm64 ;;
    esac
    TRIPLE=$CPU-$abi
    export TRIPLE SYSTEM CPU
}

compiler_of() { # TARGET: of C++
    (describe_target "$1" && echo "$build/$1/bin/$TRIPLE-clang++")
}

prepare_target() { # TARGET
    describe_target "$1"
    work=$build/$1
    write_tools
}

tool() { # NAME COMMAND: a file only where it is not there as it is to be, since its time tells ccache and ninja of a new compiler
    local file=$work/bin/$TRIPLE-$1 text
    text=$(printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$ZIG" "$2")
    [ "$(cat "$file" 2>/dev/null)" = "$text" ] || printf '%s\n' "$text" >"$file"
    chmod +x "$file"
}

# windres as CMake calls it.
resource_tool() {
    cat >"$work/bin/$TRIPLE-windres" <<T
#!/bin/bash
# windres -O coff [-D…] [-I…] SOURCE OBJECT
shift 2
exec "$ZIG" rc /:auto-includes gnu /:output-format coff /:target $CPU "\${@:1:\$#-2}" /fo "\${@: -1}" -- "\${@: -2:1}"
T
    chmod +x "$work/bin/$TRIPLE-windres"
}

# Whatever links is told the same, the checks of CMake too: for each other choice the compiler makes its runtime anew.
write_tools() {
    mkdir -p "$work/bin"
    tool clang "cc -target $TRIPLE $always"
    tool clang++ "c++ -target $TRIPLE $always"
    tool ar ar
    tool ranlib ranlib
    resource_tool
}

write_toolchain() { # PREFIX…
    local prefix pkg_config='' bin=$work/bin/$TRIPLE
    for prefix; do pkg_config=$pkg_config:$prefix/lib/pkgconfig; done
    cat >"$work/toolchain.cmake.new" <<T
set(CMAKE_SYSTEM_NAME $SYSTEM)
set(CMAKE_SYSTEM_PROCESSOR $CPU)
set(CMAKE_C_COMPILER $bin-clang)
set(CMAKE_CXX_COMPILER $bin-clang++)
set(CMAKE_RC_COMPILER $bin-windres)
set(CMAKE_AR $bin-ar CACHE FILEPATH "")
set(CMAKE_RANLIB $bin-ranlib CACHE FILEPATH "")
set(CMAKE_C_FLAGS_INIT "$COMPILE_FLAGS")
set(CMAKE_CXX_FLAGS_INIT "$COMPILE_FLAGS")
set(CMAKE_TRY_COMPILE_CONFIGURATION Release)
set(CMAKE_C_FLAGS_RELEASE_INIT -DNDEBUG)
set(CMAKE_CXX_FLAGS_RELEASE_INIT -DNDEBUG)
# (Given to a compilation, --gc-sections takes the functions out of its object.)
set(CMAKE_EXE_LINKER_FLAGS_INIT "$linked")
set(CMAKE_FIND_ROOT_PATH $*)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_PACKAGE_PREFER_CONFIG ON)
set(OPENSSL_USE_STATIC_LIBS ON)
set(ENV{PKG_CONFIG_LIBDIR} "${pkg_config#:}")
T
    cmp -s "$work/toolchain.cmake.new" "$work/toolchain.cmake" || cp "$work/toolchain.cmake.new" "$work/toolchain.cmake"
    rm "$work/toolchain.cmake.new"
}
