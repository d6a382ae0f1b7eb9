# Sourced by each recipe, which gets SOURCE, PREFIX, WORK (not there yet), SYSTEM, CPU, TOOL, TOOLCHAIN, REQUIRED (prefixes) and
# COMPILE_FLAGS, and fills PREFIX with include, lib and what find_package or pkg-config reads.
# shellcheck shell=bash disable=SC2016,SC2034

JOBS=$(nproc)
CFLAGS="$COMPILE_FLAGS -DNDEBUG -ffile-prefix-map=$SOURCE=."

with_cmake() { # FLAGS…; CHECKS=EXECUTABLE where checks must link
    cmake -G Ninja -S "$SOURCE" -B "$WORK" -DCMAKE_TOOLCHAIN_FILE="$TOOLCHAIN" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS="$CFLAGS" -DCMAKE_CXX_FLAGS="$CFLAGS" -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_TRY_COMPILE_TARGET_TYPE="${CHECKS:-STATIC_LIBRARY}" "$@"
    cmake --build "$WORK" -j"$JOBS"
    cmake --install "$WORK" --prefix "$PREFIX"
}

# Compiles C files of the working directory into a library, without a check of what the system has.
archive_of() { # LIBRARY FILE…, with FLAGS
    local library=$1 file
    shift
    mkdir -p "$WORK"
    for file; do printf '%s\0' "$file" "$WORK/${file//\//_}.o"; done |
        xargs -0 -n 2 -P "$JOBS" sh -c '"$1-clang" $2 -fPIC -c "$3" -o "$4"' compile "$TOOL" "$CFLAGS ${FLAGS-}"
    "$TOOL-ar" rcs "$PREFIX/lib/lib$library.a" "$WORK"/*.o
}

package_file() { # NAME VERSION LIBRARY FLAGS: for pkg-config
    cat >"$PREFIX/lib/pkgconfig/$1.pc" <<T
prefix=\${pcfiledir}/../..
Name: $1
Description: static library
Version: $2
Libs: -L\${prefix}/lib -l$3
Cflags: -I\${prefix}/include $4
T
}

config_file() { # PACKAGE VERSION TARGET LIBRARY DEFINITION LINKED [REQUIRED PACKAGE]: for find_package
    mkdir -p "$PREFIX/lib/cmake/$1"
    cat >"$PREFIX/lib/cmake/$1/$1Config.cmake" <<T
${7:+find_package($7 REQUIRED)}
if(NOT TARGET $3)
  add_library($3 STATIC IMPORTED)
  set_target_properties($3 PROPERTIES
    IMPORTED_LOCATION \${CMAKE_CURRENT_LIST_DIR}/../../lib$4.a
    INTERFACE_INCLUDE_DIRECTORIES \${CMAKE_CURRENT_LIST_DIR}/../../../include
    INTERFACE_COMPILE_DEFINITIONS $5
    INTERFACE_LINK_LIBRARIES "$6")
endif()
T
    cat >"$PREFIX/lib/cmake/$1/$1ConfigVersion.cmake" <<T
set(PACKAGE_VERSION $2)
if(PACKAGE_FIND_VERSION VERSION_LESS_EQUAL PACKAGE_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
T
}
