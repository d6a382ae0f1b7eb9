# Sourced by cross: builds the libraries of a target, each once for its pin, recipe, flags and compiler, into a prefix of its own in the cache.
# shellcheck shell=bash disable=SC2154

# One class of -O everywhere: the compiler builds its runtime anew for each.
# shellcheck disable=SC2034
LIBRARIES='cli11 fmtlib nlohmann-json3 yaml-cpp utf8proc libdivsufsort libisal libzstd libarchive openssl curl'
export COMPILE_FLAGS='-O2 -g0 -ffunction-sections -fdata-sections -fno-sanitize=undefined'

required_by() { # LIBRARY
    sed -n 's/^# requires: //p' "$static/recipes/$1.sh"
}

# A prefix is known by all that goes into it.
prefix_of() { # LIBRARY
    local required key
    key=$({
        echo "$target $always $linked $COMPILE_FLAGS"
        declare -f write_toolchain build_library
        pin_of "$1"
        cat "$static/zig.txt" "$static/recipes/$1.sh" "$static/recipe.sh"
        nasm -v
        for required in $(required_by "$1"); do prefix_of "$required"; done
    } | sha256sum | cut -c1-12)
    echo "$cache/$target/$1-$key"
}

build_library() { # LIBRARY
    local prefix scratch started
    prefix=$(prefix_of "$1")
    [ ! -d "$prefix" ] || return 0
    printf '%-16s' "$1"
    started=$SECONDS
    mkdir -p "$cache/$target"
    scratch=$(mktemp -d "$cache/tmp.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    fetch_source "$1" "$scratch/source"
    mkdir -p "$scratch/prefix/lib/pkgconfig" "$scratch/prefix/include"
    SOURCE=$scratch/source PREFIX=$scratch/prefix WORK=$scratch/work REQUIRED=$(for r in $(required_by "$1"); do prefix_of "$r"; done) \
        TOOLCHAIN=$work/toolchain.cmake TOOL=$TRIPLE PATH=$work/bin:$PATH SOURCE_DATE_EPOCH=0 \
        bash -euo pipefail "$static/recipes/$1.sh" >"$work/$1.log" 2>&1 || {
        tail -n 30 "$work/$1.log" >&2
        die "cannot build $1 for $target" "read $work/$1.log"
    }
    cp "$scratch/source/debian/copyright" "$scratch/prefix/"
    mv -T "$scratch/prefix" "$prefix" || [ -d "$prefix" ] # another checkout was faster
    rm -rf "$scratch"
    trap - EXIT
    echo "$((SECONDS - started)) s"
}

build_libraries() { # LIBRARY…: the toolchain file then has them
    local library prefixes=()
    for library; do
        write_toolchain "${prefixes[@]}"
        build_library "$library"
        prefixes+=("$(prefix_of "$library")")
    done
    write_toolchain "${prefixes[@]}"
}
