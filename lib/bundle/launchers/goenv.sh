#!/bin/sh
# goenv.sh - binds the calling shell to the Go of this bundle.
#   bash, zsh:    . /path/to/goenv.sh [--portable] [--data-dir DIR] [1.22]
#   any sh:       eval "$(sh /path/to/goenv.sh [--portable] [--data-dir DIR] [1.22])"
#   dash, ash:    GOPACK_BUNDLE=/path/to; . /path/to/goenv.sh
# 1.22, or else GOPACK_GO, names a tree as for use.sh; without one the current tree is bound.
# --portable reads config.yaml beside this file; --data-dir puts everything writable into DIR.
# go.sh and gofmt.sh come through here as well: goenv.sh --run NAME [OPTIONS] [+1.22] ARGUMENTS...
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
    # A link in $0 may lead here, or be what runs the script that sources this.
    #@ include follow_links
    case $_gopack_self in
    */goenv.sh) _gopack_self=$0 ;;
    *) _gopack_self=${GOPACK_BUNDLE:-.}/goenv.sh _gopack_sourced=yes ;;
    esac
    unset _gopack_link _gopack_links
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

# What a BASH_ENV may have changed, and functions that bash takes from the environment.
unset IFS
set +f
unset -f cd command printf pwd read test 2>/dev/null || :

say() { # MESSAGE
    printf 'gopack: %s\n' "$1" >&2
}

die() { # MESSAGE [STATUS]
    say "$1"
    [ -z "$_gopack_eval" ] || echo false # what eval gets ends with an error as well
    exit "${2:-1}"
}

# What is seldom needed has a file of its own.
upkeep() {
    # shellcheck source=/dev/null
    . "$bundle/upkeep.sh"
}

# The directory of this file -> $bundle.
find_bundle() {
    #@ include own_file
    #@ include own_directory
    bundle=$directory
}

#@ include is_name

# The name of the current tree -> $tree: the target of the symlink `current`, the one line of current.txt, or else
# `current` itself where that is a directory (a link that only a server sees).
read_pointer() {
    if [ -h "$bundle/current" ]; then
        pointer=$bundle/current
        tree=$(command -p readlink "$pointer" && echo x)
        tree=${tree%?x} tree=${tree#./} tree=${tree%/}
    elif [ -f "$bundle/current.txt" ]; then
        pointer=$bundle/current.txt tree=
        # By its size, because no shell shows NUL bytes, and some read long lines slowly.
        size=$(command -p wc -c <"$pointer")
        if [ "$size" -le 20 ]; then
            IFS= read -r tree <"$pointer" && size=$((size - 1))
            [ "${#tree}" -eq "$size" ] || tree=
            tree=${tree%"$(printf '\r')"}
        fi
    elif [ -f "$bundle/current/VERSION" ]; then
        tree=current root=$bundle/current
        return
    else
        die "@no_pointer|$bundle|use.sh@"
    fi
    if ! is_name "$tree"; then
        upkeep && fall_back "@no_name|$pointer@"
    elif [ ! -d "$bundle/$tree" ]; then
        upkeep && fall_back "@lost_tree|$pointer|$tree@"
    fi
    root=$bundle/$tree
}

# The tree that is named, or that the project needs, or else the current one -> $tree, $root.
# shellcheck source=/dev/null
choose_tree() { # NAME PORTABLE DATA-DIR ARGUMENTS...
    if [ -n "$_gopack_word" ]; then
        . "$bundle/choose.sh"
        find_tree "$_gopack_word"
    else
        read_pointer
        case ${GOTOOLCHAIN-} in
        '' | @choosing_toolchain@)
            case $1:$by_project:$toolchain:${GO111MODULE-} in
            *:off) ;;
            go:auto:local:*) shift 3 && . "$bundle/project.sh" ;;
            esac
            ;;
        esac
    fi
}

#@ include find_platforms

# The directory of the programs for this machine -> $bin.
find_programs() {
    choose_platform || die "@no_platform|$root|${os}_$arch|$has@"
    bin=$root/bin/$platform
    [ -f "$bin/go" ] || bin=$root/bin
    [ -f "$bin/go" ] || die "@no_program|$bin/go@"
}

quote() { # VALUE -> $quoted, as every sh reads it
    quoted=\' rest=$1
    while :; do
        case $rest in *\'*) ;; *) break ;; esac
        quoted=$quoted${rest%%\'*}"'\\''" rest=${rest#*\'}
    done
    quoted=$quoted$rest\'
}

bind() { # NAME VALUE
    quote "$2"
    binding="$binding${binding:+
}export $1=$quoted"
}

require_usable() { # DIRECTORY, for PATH or GOPATH, which are lists
    case $1 in
    *:*) die "@separator|:|$1@" ;;
    esac
}

# Everything that is written goes below $data; what is missing there is made.
prepare_data() {
    require_usable "$data"
    case $data in
    /*) ;;
    *)
        require_usable "$(pwd -P)"
        data=$(command -p mkdir -p "./$data" && cd "./$data" && pwd -P && echo x) || die 'cannot make the data directory'
        data=${data%?x}
        ;;
    esac
    gopath=$data/gopath telemetry=$data/telemetry # as the rules say
    [ -d "$gopath" ] || command -p mkdir -p "$gopath" 2>/dev/null
    { [ -d "$gopath" ] && [ -w "$gopath" ]; } ||
        die "@not_writable|$data|--data-dir@"
    if [ ! -e "$gopath/go.env" ] && [ -f "$bundle/shared/gopath/go.env" ]; then
        command -p cat "$bundle/shared/gopath/go.env" >"$gopath/go.env.$$" &&
            command -p mv -f "$gopath/go.env.$$" "$gopath/go.env"
    fi
    read_go_env
    [ -e "$telemetry/mode" ] || { command -p mkdir -p "$telemetry" && echo off >"$telemetry/mode"; }
    [ ! -f "$bundle/shared/gopath/cache/gopack-warm" ] || keep_warm_cache
    [ -z "$named" ] || [ ! -d "$bundle/shared/gopath/pkg/mod/cache/download" ] || share_modules
}

# What editors of Windows add to go.env, a carriage return to each line and a mark in front, Go takes for parts of names
# and values.
read_go_env() {
    file=$gopath/go.env first=yes odd=
    [ -f "$file" ] || return 0
    [ ! -f "$file.here" ] || { upkeep && take_over; }
    while [ -z "$odd" ] && { IFS= read -r line || [ -n "$line" ]; }; do
        case $line in GOCACHEPROG=*) own_cacheprog=${line#*=} ;; esac
        case $line in *[[:cntrl:]]) odd=$line ;; esac
        case $first$line in yes[!ABCDEFGHIJKLMNOPQRSTUVWXYZ#]*) odd=$line ;; esac
        first=
    done <"$file"
    [ -n "$odd" ] || return 0
    upkeep && mend "$odd"
}

# A build cache that was filled by gopack bundle --warm. Once a day the go command deletes what has not been
# used for five days by its times, which a copied or old medium has wrong: it must not think that a day is over.
keep_warm_cache() {
    base=$bundle/shared/gopath/cache cache=$gopath/cache
    command -p mkdir -p "$cache"
    if [ "$(cd "$cache" && pwd -P)" != "$base" ]; then
        IFS= read -r warm <"$base/gopack-warm"
        seeded=
        [ ! -f "$cache/gopack-base" ] || IFS= read -r seeded <"$cache/gopack-base"
        [ "$seeded" = "$warm $base" ] || { upkeep && seed_cache; }
    fi
    now=$(command -p date +%s) last=
    [ ! -f "$cache/trim.txt" ] || IFS= read -r last <"$cache/trim.txt"
    case $last in '' | *[!0123456789]*) last=0 ;; esac
    age=$((now - last))
    if [ "$age" -lt 0 ] || [ "$age" -gt 40000 ]; then
        printf '%s\n' "$now" >"$cache/trim.txt.$$" && command -p mv -f "$cache/trim.txt.$$" "$cache/trim.txt"
    fi
}

# A named data directory has the modules that the bundle has, as files of its own module cache.
share_modules() {
    base=$bundle/shared/gopath/pkg/mod/cache own=$gopath/pkg/mod/cache mark=- seeded=
    [ ! -f "$base/gopack-modules" ] || IFS= read -r mark <"$base/gopack-modules"
    [ ! -f "$own/gopack-base" ] || IFS= read -r seeded <"$own/gopack-base"
    [ "$seeded" = "$mark $base" ] || { upkeep && seed_modules; }
}

starts() { # PROGRAM: go, here without a home or settings, so that it leaves nothing anywhere
    HOME='' XDG_CONFIG_HOME='' GOENV=off GOFLAGS='' GOTOOLCHAIN=local "$1" version >/dev/null 2>&1
    code=$?
    [ $code -ne 127 ] ||
        die "$bin/go needs the loader of glibc, which this system lacks: use Go 1.21 or newer, or install gcompat" 126
    [ $code -ne 126 ]
}

# Whether programs of $bin run here. Not every shell sees in a file's mode that its medium is mounted without
# exec rights, so one is started.
runs() {
    [ -x "$bin/go" ] || return 1
    if [ "$os" = darwin ]; then
        case $(command -p ls -l@ "$bin/go" 2>/dev/null) in *com.apple.quarantine*) return 1 ;; esac
    fi
    starts "$bin/go"
}

# Where programs do not run from the bundle's medium, the tree is from here on a copy in the data directory.
choose_place() {
    [ "$stage" = always ] || ! runs || return 0
    # shellcheck source=/dev/null
    . "$bundle/stage.sh"
    bin=$data/stage/$tree${bin#"$root"} root=$data/stage/$tree
}

# Puts the programs in front of PATH, in the place of those of a tree that was bound before.
bind_path() {
    path=:${PATH-}:
    case ${GOROOT-} in
    */v_* | */current)
        for old in "$GOROOT/bin" "$GOROOT/bin/$platform"; do
            old=$old:${GOPATH-}/bin
            case $path in *":$old:"*) path=${path%%":$old:"*}:${path#*":$old:"} ;; esac
        done
        ;;
    esac
    path=${path#:} path=${path%:}
    case $path in
    "$front" | "$front:"*) bind PATH "$path" ;;
    *) bind PATH "$front${path:+:$path}" ;;
    esac
}

bind_all() { # NAME PORTABLE DATA-DIR ARGUMENTS...
    #@ bindings
    require_usable "$bin"
    front=$bin:$gopath/bin
    [ -z "$cacheprog$own_cacheprog" ] || { upkeep && bind_cacheprog "$@"; }
    bind_path
    # A tree without the cgo tool builds without cgo, whether there is a C compiler or not.
    [ -n "$has_cgo" ] || bind CGO_ENABLED 0
}

# What the command asks for and the tree lacks is said when it has failed, or is not there at all.
name_lacking() { # NAME PORTABLE DATA-DIR ARGUMENTS...
    name=$1 lacks=''
    shift 3
    set -- "$name" "$@"
    # shellcheck source=/dev/null
    [ ! -f "$bundle/lacking.sh" ] || . "$bundle/lacking.sh"
    [ -n "$lacks" ] || return 0
    [ -x "$bin/$name" ] || die "$lacks"
    quote "$lacks"
    binding="$binding
_gopack_lacks=$quoted"
}

# Everything above, for a shell (NAME is empty) or for one of Go's programs. Prints the environment as lines
# that every sh can evaluate. It runs in a process of its own: its variables do not reach what Go starts.
binding() { # NAME PORTABLE DATA-DIR ARGUMENTS...
    binding='' cacheprog='' own_cacheprog='' config_data='' stage=auto by_project=auto toolchain=local
    find_bundle
    [ -z "$2" ] || { upkeep && read_settings; }
    find_platforms
    [ "$os" != windows ] || die 'on Windows use go.exe, gofmt.exe, goenv.bat or goenv.ps1, and use.bat'
    choose_tree "$@"
    find_programs
    named=${3:-$config_data}
    data=${named:-$bundle/shared}
    [ -n "$named" ] || umask g+rx,o+rx # what is made in the bundle here is for all who use it
    prepare_data
    choose_place
    has_cgo=
    [ ! -f "$root/pkg/tool/$platform/cgo" ] || has_cgo=yes
    [ -z "${GOTOOLCHAIN-}${CGO_ENABLED-}" ] || { upkeep && name_ignored; }
    bind_all "$@"
    if [ -n "$1" ]; then
        name_lacking "$@"
        [ -x "$bin/$1" ] || die "$bin/$1 is missing or may not be executed: check the bundle with gopack verify" 126
        quote "$bin/$1"
        binding="$binding
set -- $quoted \"\$@\""
    fi
    printf '%s\n' "$binding"
}

_gopack_run='' _gopack_portable='' _gopack_data='' _gopack_eval='' _gopack_lacks='' _gopack_word=${GOPACK_GO-} _gopack_named=''
case ${1-} in
--run) _gopack_run=$2 && shift 2 ;;
--sourced) shift ;;
*) _gopack_eval=yes ;;
esac
# Whether a word is meant for us. A sourced file may see the arguments of the script that sources it: there only what looks like
# a release or a tree is.
is_word() { # WORD
    case $_gopack_eval$1 in yes?* | 1.* | go1.* | v_[0123456789abcdef]*) ;; *) return 1 ;; esac
}
while :; do
    case ${1-} in
    --portable) _gopack_portable=yes && shift ;;
    --data-dir)
        [ -n "${2-}" ] || die '@no_data_dir@' 2
        _gopack_data=$2 && shift 2
        ;;
    --data-dir=?*) _gopack_data=${1#*=} && shift ;;
    +?*) _gopack_word=${1#+} && shift ;;
    *)
        # A word may stand before options as well.
        case $_gopack_run$_gopack_named:${2-} in :--portable | :--data-dir | :--data-dir=?*) ;; *) break ;; esac
        is_word "$1" || break
        _gopack_word=$1 _gopack_named=yes && shift
        ;;
    esac
done
if [ -n "$_gopack_run" ]; then
    _gopack_env=$(binding "$_gopack_run" "$_gopack_portable" "$_gopack_data" "$@") || exit
    eval "$_gopack_env"
    [ -n "$_gopack_lacks" ] || exec "$@"
    # A signal that ends this shell ends Go as well, where setpriv can say so.
    ! command -p setpriv --pdeathsig TERM true 2>/dev/null || set -- command -p setpriv --pdeathsig TERM "$@"
    "$@"
    _gopack_status=$?
    [ $_gopack_status -eq 0 ] || printf 'gopack: %s\n' "$_gopack_lacks" >&2
    exit $_gopack_status
fi
if [ $# -eq 1 ] && [ -z "$_gopack_named" ] && is_word "$1"; then
    _gopack_word=$1
elif [ $# -gt 0 ] && [ -n "$_gopack_eval" ]; then
    die 'usage: goenv.sh [--portable] [--data-dir DIR] [1.22]' 2
fi
binding '' "$_gopack_portable" "$_gopack_data"
