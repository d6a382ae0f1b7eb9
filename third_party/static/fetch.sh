# Sourced by cross: the compiler and the sources, each against its pin.
# shellcheck shell=bash disable=SC2154

# What pip took is named by the pins, so that new pins are a new directory.
fetch_zig() { # sets ZIG and ZIG_LIBRARIES
    local pins=$static/zig.txt venv
    venv=$build/zig-$(sha256sum <"$pins" | cut -c1-8)
    ZIG=$venv/zig
    if [ ! -x "$ZIG" ]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --require-hashes --only-binary :all: -r "$pins" ||
            die "cannot install the compiler by the pins of ${pins#"$root"/}" 'name a version that is served there, and its SHA-256'
        ln -s "$("$venv/bin/python" -c 'import ziglang, os; print(os.path.dirname(ziglang.__file__))')/zig" "$ZIG"
    fi
    ZIG_LIBRARIES=$(dirname "$(readlink -f "$ZIG")")/lib
    export ZIG ZIG_LIBRARIES
}

# apt with the machine's own archives as archives of sources, in a state of its own: no right is needed, and nothing of the machine's is changed.
apt_sources() { # COMMAND ARGUMENTS…
    local command=$1 state=$build/apt
    shift
    "$command" -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$state/parts" \
        -o Dir::State="$state/state" -o Dir::Cache="$state/cache" "$@"
}

read_archives() {
    local state=$build/apt file
    [ ! -e "$state/read" ] || return 0
    mkdir -p "$state"/{parts,state/lists/partial,cache/archives/partial}
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
        [ ! -f "$file" ] || sed -E 's/^Types:.*/Types: deb-src/; s/^deb(-src)? /deb-src /' "$file" >"$state/parts/${file##*/}"
    done
    apt_sources apt-get -qq update || die 'cannot read the lists of Debian source packages' 'look at the archives in /etc/apt'
    : >"$state/read"
}

pin_of() { # NAME
    grep "^$1 " "$static/pins.txt"
}

# The pin is that of the .dsc, which dpkg-source checks the other files against.
fetch_source() { # NAME DIRECTORY: unpacks the source, with Debian's patches
    local name version pin files line part
    read -r name version pin < <(pin_of "$1") || die "cannot fetch $1: it has no pin" 'add a line for it to third_party/static/pins.txt'
    files=$cache/sources/${name}_$version
    if [ ! -d "$files" ]; then
        read_archives
        mkdir -p "$cache/sources"
        part=$(mktemp -d "$cache/sources/tmp.XXXXXX")
        (cd "$part" && apt_sources apt-get -qq --download-only --only-source source "$name=$version") || {
            rm -rf "$part" "$build/apt/read" # the lists may be old
            line=$(grep -n "^$name " "$static/pins.txt")
            die "cannot fetch the Debian source package $name $version" \
                "try again; if apt says above that there is none, write a version that 'apt-cache showsrc $name' names, and the SHA-256 of its .dsc, into line ${line%%:*} of third_party/static/pins.txt"
        }
        mv -T "$part" "$files" || { [ -d "$files" ] && rm -rf "$part"; } # another checkout was faster
    fi
    echo "$pin  $files/${name}_${version#*:}.dsc" | sha256sum --check --quiet || {
        rm -rf "$files"
        die "cannot use the Debian source package $name $version: its .dsc is not the one of third_party/static/pins.txt" 'find out who changed it'
    }
    (cd "$files" && dpkg-source --no-copy -x "./${name}_${version#*:}.dsc" "$2") >"$build/unpacked.log" 2>&1 || {
        tail -n 5 "$build/unpacked.log" >&2
        die "cannot unpack the Debian source package $name $version" "remove $files, and try again"
    }
}
