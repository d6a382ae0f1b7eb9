#!/bin/sh
# upkeep.sh - a part of goenv.sh: what is seldom needed. It mends go.env, gives another data directory what the bundle's build
# cache and module cache have, and does without the program of a build cache that this machine lacks.
# shellcheck disable=SC2154 # file, base, cache, warm, own, mark, bundle, gopath, front and others are those of goenv.sh
case $0 in
*upkeep.sh)
    echo 'gopack: upkeep.sh is a part of goenv.sh' >&2
    exit 2
    ;;
esac

mend() { # THE FIRST LINE OF $file THAT MAY HAVE TO BE MENDED
    case $1 in
    "$(printf '\377\376')"* | "$(printf '\376\377')"*) die "$file is UTF-16, which Go does not read: save it as UTF-8" ;;
    esac
    cr=$(printf '\r') mark=$(printf '\357\273\277') problem="$file has line ends that Go takes for parts of values"
    LC_ALL=C command -p sed "1s/^$mark//; s/$cr$cr*\$//" "$file" >"$file.$$" || die "$problem, and cannot be replaced"
    if command -p cmp -s "$file" "$file.$$"; then
        command -p rm -f "$file.$$"
    else
        command -p mv -f "$file.$$" "$file" || die "$problem, and cannot be replaced"
        say "$problem: it is mended"
    fi
    own_cacheprog=$(command -p sed -n 's/^GOCACHEPROG=//p' "$file" | command -p tail -n 1)
}

lacks() { # COMMAND LINE: its program, with quotes or without
    case $1 in
    \"*\"*) program=${1#\"} program=${program%%\"*} ;;
    \'*\'*) program=${1#\'} program=${program%%\'*} ;;
    *) program=${1%%[[:blank:]]*} ;;
    esac
    ! (PATH=$front${PATH:+:$PATH} && command -v "$program") >/dev/null 2>&1
}

# A build cache's program that is missing would end every build. `go env` sees and changes the settings as they are.
bind_cacheprog() { # FIRST ARGUMENT FOR GO
    if [ -n "$cacheprog" ]; then
        if ! lacks "$cacheprog"; then
            bind GOCACHEPROG "$cacheprog"
            return
        fi
        say "env.GOCACHEPROG is left out: this machine has no program $program"
    fi
    { [ -z "${GOCACHEPROG-}" ] && [ "$1" != env ] && [ -n "$own_cacheprog" ] && lacks "$own_cacheprog"; } || return 0
    # Nothing in the environment takes back what go.env says.
    { command -p sed '/^GOCACHEPROG=/d' "$gopath/go.env" >"$gopath/go.env.$$" &&
        command -p mv -f "$gopath/go.env.$$" "$gopath/go.env.here"; } || die "cannot write $gopath/go.env.here"
    bind GOENV "$gopath/go.env.here"
    say "GOCACHEPROG of go.env is left out: this machine has no program $program"
}

# The cache of another data directory starts as links to the bundle's, or as a copy where there are no links; what Go
# rewrites in place (NAME-a says which NAME-d an action has made) is a copy in any case. When the bundle has moved or
# changed, its links are replaced one by one: a build may be running, and what Go itself has written stays.
seed_cache() {
    set --
    for d in "$base"/??; do set -- "$@" "$cache/${d##*/}"; done
    command -p mkdir -p "$@"
    for d in "$@"; do
        set --
        for entry in "$base/${d##*/}"/*-a; do
            own=$d/${entry##*/}
            [ ! -h "$own" ] || command -p rm -f "$own"
            [ ! -r "$entry" ] || [ -e "$own" ] || set -- "$@" "$entry"
        done
        [ $# -eq 0 ] || command -p cp "$@" "$d/" 2>/dev/null
        set --
        for entry in "$base/${d##*/}"/*-d; do
            own=$d/${entry##*/}
            [ ! -r "$entry" ] || { [ -e "$own" ] && [ ! -h "$own" ]; } || set -- "$@" "$entry"
        done
        [ $# -eq 0 ] || command -p cp -Rsf "$@" "$d/" 2>/dev/null || command -p cp -R "$@" "$d/" 2>/dev/null
        set --
        for own in "$d"/*; do
            [ ! -h "$own" ] || [ -e "$own" ] || set -- "$@" "$own" # to what is gone
        done
        [ $# -eq 0 ] || command -p rm -f "$@"
    done
    printf '%s\n' "$warm $base" >"$cache/gopack-base"
}

# For find: gives another directory files of the working directory, with one call for each directory. What is there stays.
# shellcheck disable=SC2016 # the variables are those of the shell that find starts
give='
from=$1 to=$2 how=$3 last=
shift 3
give() {
    [ $# -gt 0 ] || return 0
    [ "$how" != link ] || ! ln -sf "$@" "$to/$last/" || return 0
    cp "$@" "$to/$last/" && for name do shift && set -- "$@" "$to/$last/${name##*/}"; done && chmod u+w "$@"
}
for file do
    case $how:$file in copy:* | *.info | *.mod | *.zip | *.ziphash) ;; *) continue ;; esac
    [ "${file%/*}" = "$last" ] || { [ -z "$last" ] || give "$@"; set --; last=${file%/*}; }
    [ -e "$to/$file" ] || [ ! -r "$from/$file" ] || set -- "$@" "$from/$file"
done
[ -z "$last" ] || give "$@"
'

# shellcheck disable=SC2016 # likewise
drop='
first=yes
for link do
    [ -z "$first" ] || set --
    first=
    [ -e "$link" ] || set -- "$@" "$link"
done
[ $# -eq 0 ] || rm -f "$@"
'

# shellcheck disable=SC2016 # likewise
give_files() { # FROM TO link|copy FIND ARGUMENTS; links that lead nowhere go
    from=$1 to=$2 how=$3
    shift 3
    command -p mkdir -p "$to"
    (cd "$from" && find_in . "$@" -type d -exec /bin/sh -c 'cd "$0" && mkdir -p "$@"' "$to" {} + &&
        find_in . "$@" -type f -exec /bin/sh -c "$give" sh "$from" "$to" "$how" {} +)
    find_in "$to" -type l -exec /bin/sh -c "$drop" sh {} +
} 2>/dev/null

# Links, or copies where there are none, to what Go never changes. It rewrites the rest in place: locks and lists of versions
# it makes anew, and what the checksum database has said is copied.
seed_modules() {
    command -p mkdir -p "$own/download"
    if [ "$(cd "$own" && pwd -P)" != "$base" ]; then
        give_files "$base/download" "$own/download" link -path ./sumdb -prune -o
        [ ! -d "$base/download/sumdb" ] || give_files "$base/download/sumdb" "$own/download/sumdb" copy
        sums=$bundle/shared/gopath/pkg/sumdb
        [ ! -d "$sums" ] || give_files "$sums" "$gopath/pkg/sumdb" copy
    fi
    printf '%s\n' "$mark $base" >"$own/gopack-base"
}
