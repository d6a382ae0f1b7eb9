#!/bin/sh
# goenv.sh - binds the calling shell to the Go of this bundle.
#   bash, zsh:    . /path/to/goenv.sh [--portable] [--data-dir DIR]
#   any sh:       eval "$(sh /path/to/goenv.sh [--portable] [--data-dir DIR])"
#   dash, ash:    GOPACK_BUNDLE=/path/to; . /path/to/goenv.sh
# --portable reads config.yaml beside this file; --data-dir puts everything writable into DIR.
# go.sh and gofmt.sh come through here as well: goenv.sh --run NAME [OPTIONS] ARGUMENTS...
# Pointer and settings are read as data: nothing in them is ever run.

# Which file is this, and is it sourced? Only bash and zsh can tell; the eval keeps other shells from
# parsing their syntax. A plain sh that sources it finds it by GOPACK_BUNDLE or in the working directory.
_gopack_self=$0 _gopack_sourced=
if [ -n "${BASH_VERSION-}" ]; then
    eval '_gopack_self=${BASH_SOURCE[0]}'
    [ "$_gopack_self" = "$0" ] || _gopack_sourced=yes
elif [ -n "${ZSH_VERSION-}" ]; then
    case ${ZSH_EVAL_CONTEXT-} in *file*) _gopack_sourced=yes ;; *) emulate sh ;; esac
    case $0 in *goenv.sh) ;; *) eval '_gopack_self=${(%):-%x}' ;; esac
else
    case $0 in
    goenv.sh | */goenv.sh) ;;
    *) [ -h "$0" ] || _gopack_self=${GOPACK_BUNDLE:-.}/goenv.sh _gopack_sourced=yes ;;
    esac
fi
if [ -n "$_gopack_sourced" ]; then
    # A shell of its own does the work, so that nothing but the environment changes in the caller.
    if [ ! -f "$_gopack_self" ]; then
        echo 'gopack: this shell cannot tell where goenv.sh lies: set GOPACK_BUNDLE to its directory' >&2
        unset _gopack_self _gopack_sourced
        return 1
    elif _gopack_env=$(/bin/sh "$_gopack_self" --sourced "$@"); then
        eval "$_gopack_env"
        unset _gopack_self _gopack_sourced _gopack_env
        return 0
    else
        unset _gopack_self _gopack_sourced _gopack_env
        return 1
    fi
fi

cr=$(printf '\r')

die() { # MESSAGE [STATUS]
    printf 'gopack: %s\n' "$1" >&2
    exit "${2:-1}"
}

# This file's own directory -> $bundle, through up to 40 symlinks. (The x keeps newlines at the end of names.)
find_bundle() {
    self=$_gopack_self links=0
    case $self in
    */*) ;;
    *) [ -e "$self" ] || self=$(command -v "$self") ;;
    esac
    case $self in /*) ;; *) self=./$self ;; esac
    while [ -h "$self" ] && [ $((links += 1)) -le 40 ]; do
        link=$(command -p readlink "$self" && echo x)
        link=${link%?x}
        case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
    done
    bundle=$(CDPATH='' cd -- "${self%/*}/" && pwd -P && echo x) || die "cannot enter the directory of $self"
    bundle=${bundle%?x}
}

# The name of the current tree -> $tree: the target of the symlink `current`, or the one line of current.txt.
read_pointer() {
    more=
    if [ -h "$bundle/current" ]; then
        pointer=$bundle/current
        tree=$(command -p readlink "$pointer" && echo x)
        tree=${tree%?x}
        tree=${tree##*/}
    elif [ -f "$bundle/current.txt" ]; then
        pointer=$bundle/current.txt
        { IFS= read -r tree; IFS= read -r more; } <"$pointer"
        tree=${tree%"$cr"}
    else
        die "no Go is chosen in $bundle: it has neither the link current nor current.txt; choose one with use.sh"
    fi
    case $tree$more in
    v_*[!0123456789abcdef]*) tree= ;;
    v_????????????????) ;;
    *) tree= ;;
    esac
    [ -n "$tree" ] || die "$pointer does not name a tree (v_ and 16 hex digits); choose one with use.sh"
    [ -d "$bundle/$tree" ] || die "$pointer names $tree, which is not in $bundle; choose another with use.sh"
    root=$bundle/$tree
}

# The directory of the programs for this machine -> $bin.
find_programs() {
    os=$(command -p uname -s) arch=$(command -p uname -m)
    case $os in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    FreeBSD) os=freebsd ;;
    NetBSD) os=netbsd ;;
    OpenBSD) os=openbsd ;;
    MINGW* | MSYS* | CYGWIN*) die 'on Windows use go.bat, gofmt.bat, goenv.bat and use.bat' ;;
    esac
    case $arch in
    x86_64 | amd64) arch=amd64 ;;
    i?86 | i86pc | x86) arch=386 ;;
    aarch64 | arm64) arch=arm64 ;;
    arm*) arch=arm ;;
    loongarch64) arch=loong64 ;;
    esac
    platform=${os}_$arch
    # A Mac with an Apple processor runs Intel programs as well.
    [ -d "$root/pkg/tool/$platform" ] || [ "$platform" != darwin_arm64 ] || platform=darwin_amd64
    if [ ! -d "$root/pkg/tool/$platform" ]; then
        has=
        for d in "$root"/pkg/tool/*_*/; do
            d=${d%/} has="$has ${d##*/}"
        done
        die "$root has no Go for ${os}_$arch, only for:$has"
    fi
    bin=$root/bin/$platform
    [ -f "$bin/go" ] || bin=$root/bin
}

setting() { # KEY VALUE of config.yaml
    case $1 in
    data_dir)
        case $2 in '' | /*) config_data=$2 ;; *) config_data=$bundle/$2 ;; esac
        ;;
    goproxy) [ -z "$2" ] || export GOPROXY="$2" names="$names GOPROXY" ;;
    gosumdb) [ -z "$2" ] || export GOSUMDB="$2" names="$names GOSUMDB" ;;
    goprivate) [ -z "$2" ] || export GOPRIVATE="$2" names="$names GOPRIVATE" ;;
    gotoolchain) [ -z "$2" ] || export GOTOOLCHAIN="$2" ;;
    *) die "$bundle/config.yaml, line $line_number: unknown setting '$1'" 2 ;;
    esac
}

# config.yaml: flat lines `key: value`, value bare or in quotes, comments from # on.
read_settings() {
    [ -r "$bundle/config.yaml" ] || die "--portable: cannot read $bundle/config.yaml"
    line_number=0
    while IFS= read -r line || [ -n "$line" ]; do
        line_number=$((line_number + 1))
        line=${line%"$cr"}
        line=${line#"${line%%[![:blank:]]*}"}
        case $line in
        '' | '#'* | ';'* | '---'*) continue ;;
        *:*) ;;
        *) die "$bundle/config.yaml, line $line_number: not of the form 'key: value': $line" 2 ;;
        esac
        key=${line%%:*} value=${line#*:}
        key=${key%"${key##*[![:blank:]]}"}
        value=${value#"${value%%[![:blank:]]*}"}
        case $value in
        \"*\"*) value=${value#\"} value=${value%%\"*} ;;
        \'*\'*) value=${value#\'} value=${value%%\'*} ;;
        '#'*) value= ;;
        *) value=${value%%[[:blank:]]#*} value=${value%"${value##*[![:blank:]]}"} ;;
        esac
        setting "$key" "$value"
    done <"$bundle/config.yaml"
}

# Everything that is written goes below $data; what is missing there is made.
prepare_data() {
    case $data in
    /*) ;;
    *)
        data=$(command -p mkdir -p "./$data" && cd "./$data" && pwd -P && echo x) || die 'cannot make the data directory'
        data=${data%?x}
        ;;
    esac
    case $data in
    *:*) die "Go cannot work in a directory with ':' in its name: $data" ;;
    esac
    GOPATH=$data/gopath
    command -p mkdir -p "$GOPATH/tmp" 2>/dev/null
    { [ -d "$GOPATH/tmp" ] && [ -w "$GOPATH/tmp" ]; } ||
        die "cannot write in $data: name a place for caches and settings with --data-dir DIR"
    if [ ! -e "$GOPATH/go.env" ] && [ -f "$bundle/shared/gopath/go.env" ]; then
        command -p cat "$bundle/shared/gopath/go.env" >"$GOPATH/go.env.$$" &&
            command -p mv -f "$GOPATH/go.env.$$" "$GOPATH/go.env"
    fi
    [ ! -f "$bundle/shared/gopath/cache/gopack-warm" ] || keep_warm_cache
}

# A build cache that was filled by gopack bundle --warm. Once a day the go command deletes what has not been
# used for five days by its times, which a copied or old medium has wrong: it must not think that a day is over.
keep_warm_cache() {
    base=$bundle/shared/gopath/cache cache=$GOPATH/cache
    command -p mkdir -p "$cache"
    if [ "$(cd "$cache" && pwd -P)" != "$base" ]; then
        IFS= read -r warm <"$base/gopack-warm"
        seeded=
        [ ! -f "$cache/gopack-base" ] || IFS= read -r seeded <"$cache/gopack-base"
        [ "$seeded" = "$warm $base" ] || seed_cache
    fi
    now=$(command -p date +%s) last=
    [ ! -f "$cache/trim.txt" ] || IFS= read -r last <"$cache/trim.txt"
    case $last in '' | *[!0123456789]*) last=0 ;; esac
    age=$((now - last))
    if [ "$age" -lt 0 ] || [ "$age" -gt 40000 ]; then
        printf '%s\n' "$now" >"$cache/trim.txt.$$" && command -p mv -f "$cache/trim.txt.$$" "$cache/trim.txt"
    fi
}

# The cache of another data directory starts as links to the bundle's, or as a copy where there are no links.
seed_cache() {
    [ ! -e "$cache/gopack-base" ] || command -p rm -rf "$cache" # of a bundle that has moved or changed
    command -p mkdir -p "$cache"
    set --
    for d in "$base"/??; do set -- "$@" "$cache/${d##*/}"; done
    command -p mkdir -p "$@"
    # What is there already stays; where cp cannot link, it copies.
    command -p cp -Rs "$base"/?? "$cache/" 2>/dev/null || command -p cp -R "$base"/?? "$cache/" 2>/dev/null
    printf '%s\n' "$warm $base" >"$cache/gopack-base"
}

bind() {
    names='GOROOT GOPATH GOMODCACHE GOCACHE GOENV GOTMPDIR GOBIN GOTOOLCHAIN PATH'
    config_data=
    export GOTOOLCHAIN=local
    [ -z "$portable" ] || read_settings
    data=${data:-${config_data:-$bundle/shared}}
    prepare_data
    unset GOFLAGS
    export GOROOT="$root" GOPATH GOMODCACHE="$GOPATH/pkg/mod" GOCACHE="$GOPATH/cache"
    export GOENV="$GOPATH/go.env" GOTMPDIR="$GOPATH/tmp" GOBIN="$GOPATH/bin"
    case ${PATH-} in
    "$bin:$GOBIN" | "$bin:$GOBIN:"*) ;;
    *) export PATH="$bin:$GOBIN${PATH:+:$PATH}" ;;
    esac
    # A tree without the cgo tool builds without cgo, whether there is a C compiler or not.
    [ -f "$root/pkg/tool/$platform/cgo" ] || export CGO_ENABLED=0 names="$names CGO_ENABLED"
}

# Go 1.23 and newer keep telemetry counters below the user's configuration directory, and no variable of
# Go's own moves them. So this one process gets a configuration directory in the data directory (on a
# Mac only HOME moves it), with telemetry off there. A shell bound by goenv.sh is left alone: every other
# program in it would lose its settings. Git is told where the user's settings really are.
contain_telemetry() {
    if [ "$os" = darwin ]; then
        [ ! -f "${HOME-}/.gitconfig" ] || export GIT_CONFIG_GLOBAL="${GIT_CONFIG_GLOBAL-$HOME/.gitconfig}"
        [ ! -f "${HOME-}/.netrc" ] || export NETRC="${NETRC-$HOME/.netrc}"
        export HOME="$data/config"
        telemetry="$HOME/Library/Application Support/go/telemetry"
    else
        git=${XDG_CONFIG_HOME:-${HOME-}/.config}/git/config
        if [ -f "$git" ] && [ -z "${GIT_CONFIG_COUNT-}" ]; then
            export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=include.path GIT_CONFIG_VALUE_0="$git"
        fi
        export XDG_CONFIG_HOME="$data/config"
        telemetry=$XDG_CONFIG_HOME/go/telemetry
    fi
    command -p mkdir -p "$telemetry"
    [ -e "$telemetry/mode" ] || echo off >"$telemetry/mode"
}

run() { # NAME ARGUMENTS...
    [ -f "$bin/$1" ] || die "$bin/$1 is missing: check the bundle with gopack verify or sha256sum -c SHA256SUMS"
    [ -x "$bin/$1" ] || die "$bin/$1 may not be executed. Is the medium mounted without exec rights? \
Mount it with exec, or copy the bundle to a local directory." 126
    contain_telemetry
    program=$bin/$1
    shift
    exec "$program" "$@"
}

# Prints the environment as lines that every sh can evaluate.
print() {
    echo 'unset GOFLAGS'
    for name in $names; do
        out=
        eval "value=\$$name"
        while :; do
            case $value in *\'*) ;; *) break ;; esac
            out=$out${value%%\'*}"'\\''" value=${value#*\'}
        done
        printf "export %s='%s'\n" "$name" "$out$value"
    done
}

mode='' portable='' data=''
case ${1-} in
--run) mode=run run=$2 && shift 2 ;;
--sourced) mode=sourced && shift ;;
esac
while :; do
    case ${1-} in
    --portable) portable=yes && shift ;;
    --data-dir)
        [ -n "${2-}" ] || die 'usage: --data-dir DIR: the directory is missing' 2
        data=$2 && shift 2
        ;;
    --data-dir=?*) data=${1#*=} && shift ;;
    *) break ;;
    esac
done
# (A sourced file may see the arguments of the script that sources it: they are not for us.)
[ -n "$mode" ] || [ $# -eq 0 ] || die 'usage: goenv.sh [--portable] [--data-dir DIR]' 2
find_bundle
read_pointer
find_programs
bind
if [ "$mode" = run ]; then run "$run" "$@"; else print; fi
