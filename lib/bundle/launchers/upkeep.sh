#!/bin/sh
# upkeep.sh - a part of goenv.sh: what is seldom needed. It finds a tree where the pointer names none, reads config.yaml, mends
# go.env, gives another data directory what the bundle's build cache and module cache have, and does without the program of a
# build cache that this machine lacks.
# shellcheck disable=SC2034,SC2154 # file, base, cache, warm, own, mark, bundle, gopath, front and others are those of goenv.sh
case $0 in
*upkeep.sh)
    echo 'gopack: upkeep.sh is a part of goenv.sh' >&2
    exit 2
    ;;
esac

find_in() { # ARGUMENTS of find, which takes what it starts from PATH
    PATH=/bin:/usr/bin command -p find "$@"
}

# The newest switch that is recorded and leads to, or else from, a tree that is there -> $tree.
fall_back() { # WHAT IS WRONG WITH THE POINTER
    tree=
    [ ! -f "$bundle/.gopack/history" ] || tree=$(command -p tail -n 100 "$bundle/.gopack/history" | newest_usable)
    [ -n "$tree" ] || die "@choose_one|$1|use.sh@"
    say "@fell_back|$1|$tree|use.sh@"
}

newest_usable() {
    newest='' cr=$(printf '\r')
    while read -r from to; do
        to=${to%"$cr"}
        if is_name "$to" && [ -d "$bundle/$to" ]; then
            newest=$to
        elif is_name "$from" && [ -d "$bundle/$from" ]; then
            newest=$from
        fi
    done
    printf '%s\n' "$newest"
}

wrong_setting() { # WHAT
    die "$bundle/config.yaml, line $line_number: $1" 2
}

setting() { # KEY VALUE of config.yaml
    case $1 in
    data_dir)
        case $2 in '' | /*) config_data=$2 ;; *) config_data=$bundle/$2 ;; esac
        ;;
    stage)
        stage=${2:-auto}
        case $stage in @stage@) ;; *) wrong_setting "@wrong_stage|$2@" ;; esac
        ;;
    choose_by_project)
        by_project=${2:-auto}
        case $by_project in @choose_by_project@) ;; *) wrong_setting "@wrong_choice|$2@" ;; esac
        ;;
    *) set_variable "$1" "$2" ;;
    esac
}

set_variable() { # KEY VALUE
    case $1 in
    #@ settings
    env.*) name=${1#env.} ;;
    *) wrong_setting "@unknown_setting|$1@" ;;
    esac
    case $name in
    '' | [0123456789]* | *[!ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789]*)
        wrong_setting "@unknown_setting|$1@"
        ;;
    GOTOOLCHAIN) toolchain=${2:-$toolchain} ;;
    GOCACHEPROG) cacheprog=${2:-$cacheprog} ;;
    PATH) ;; # what goenv.sh binds stays as it is
    *) [ -z "$2" ] || bind "$name" "$2" ;;
    esac
}

# config.yaml: flat lines `key: value`, value bare or in quotes, comments from # on.
read_settings() {
    [ -r "$bundle/config.yaml" ] || die "@no_settings|--portable|$bundle/config.yaml@"
    line_number=0 cr=$(printf '\r') bom=$(printf '\357\273\277')
    while IFS= read -r line || [ -n "$line" ]; do
        line_number=$((line_number + 1))
        line=${line%"$cr"}
        [ $line_number -gt 1 ] || line=${line#"$bom"}
        line=${line#"${line%%[![:blank:]]*}"}
        case $line in
        '' | '#'* | ';'* | '---'*) continue ;;
        *:*) ;;
        *) wrong_setting "not of the form 'key: value': $line" ;;
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

# What the caller has asked for by the environment and does not get.
name_ignored() {
    case ${GOTOOLCHAIN-} in
    '' | @any_toolchain@ | "$toolchain") ;;
    *)
        release=
        [ ! -f "$root/VERSION" ] || read -r release _ <"$root/VERSION"
        [ "${GOTOOLCHAIN%+*}" = "$release" ] ||
            say "@other_release|$GOTOOLCHAIN|$release|use.sh|config.yaml@"
        ;;
    esac
    [ "${CGO_ENABLED-}" != 1 ] || [ -n "$has_cgo" ] ||
        say '@no_cgo@'
}

mend() { # THE FIRST LINE OF $file THAT MAY HAVE TO BE MENDED
    case $1 in
    "$(printf '\377\376')"* | "$(printf '\376\377')"*) die "@utf16|$file@" ;;
    esac
    cr=$(printf '\r') mark=$(printf '\357\273\277')
    LC_ALL=C command -p sed "1s/^$mark//; s/$cr$cr*\$//" "$file" >"$file.$$" || die "@not_mended|$file@"
    if command -p cmp -s "$file" "$file.$$"; then
        command -p rm -f "$file.$$"
    else
        command -p mv -f "$file.$$" "$file" || die "@not_mended|$file@"
        say "@mended|$file@"
    fi
    own_cacheprog=$(command -p sed -n 's/^GOCACHEPROG=//p' "$file" | command -p tail -n 1)
}

# In a bound shell GOENV is a copy of go.env (see bind_cacheprog): what `go env -w` and `go env -u` have changed there since,
# by go.env.was, is carried over to go.env.
# shellcheck disable=SC2016 # $0 is awk's: the line
take_over() {
    { [ -f "$file.was" ] && ! command -p cmp -s "$file.here" "$file.was"; } || return 0
    { command -p awk '
        { name = $0 ~ /^[A-Z][^=]*=/ ? substr($0, 1, index($0, "=")) : "" }
        FILENAME == ARGV[1] { was[name] = $0; next }
        FILENAME == ARGV[2] { here[name] = $0; names[++count] = name; next }
        name == "" || here[name] == was[name] { print; next }
        here[name] != "" && !done[name]++ { print here[name] }
        END {
            for (i = 1; i <= count; i++) {
                name = names[i]
                if (name != "" && here[name] != was[name] && !done[name]++) print here[name]
            }
        }' "$file.was" "$file.here" "$file" >"$file.$$" &&
        command -p mv -f "$file.$$" "$file" && copy_settings "$file.here" "$file.was"; } ||
        die "cannot carry what is new in $file.here over to $file"
}

copy_settings() { # FROM TO
    command -p cp "$1" "$2.$$" && command -p mv -f "$2.$$" "$2"
}

#@ include split_words

# The program of a command line -> $program; and why it cannot be started -> $fault.
find_program() { # COMMAND LINE
    program='' fault=''
    set_words "$1"
    ! take_word || program=$word
    while take_word; do :; done
    if [ -n "$rest" ]; then
        fault='@open_quote@'
    elif [ -z "$program" ]; then
        fault='@names_no_program@'
    elif ! is_executable; then
        fault="@lacks_program|$program@"
    fi
}

# As Go looks for it: only absolute directories count.
is_executable() {
    case $program in
    */*) { [ -f "$program" ] && [ -x "$program" ]; } && return ;;
    *)
        rest=$front:${PATH-}:
        while [ -n "$rest" ]; do
            d=${rest%%:*} rest=${rest#*:}
            case $d in /*) [ ! -f "$d/$program" ] || [ ! -x "$d/$program" ] || return 0 ;; esac
        done
        ;;
    esac
    return 1
}

# It sees and changes the settings as they are.
is_go_env() { # NAME PORTABLE DATA-DIR ARGUMENTS...
    [ "$1" = go ] || return 1
    shift 3
    case ${1-} in
    -C | --C) [ $# -lt 2 ] || shift 2 ;;
    -C=* | --C=*) shift ;;
    esac
    [ "${1-}" = env ]
}

# A build cache's program that cannot be started would end every build.
bind_cacheprog() { # NAME PORTABLE DATA-DIR ARGUMENTS...
    if [ -n "$cacheprog" ]; then
        find_program "$cacheprog"
        if [ -z "$fault" ]; then
            bind GOCACHEPROG "$cacheprog"
            return
        fi
        say "@left_out|env.GOCACHEPROG|$fault@"
    fi
    { [ -z "${GOCACHEPROG-}" ] && [ -n "$own_cacheprog" ] && ! is_go_env "$@"; } || return 0
    find_program "$own_cacheprog"
    [ -n "$fault" ] || return 0
    # Nothing in the environment takes back what go.env says.
    file=$gopath/go.env
    { command -p sed '/^GOCACHEPROG=/d' "$file" >"$file.$$" && command -p mv -f "$file.$$" "$file.here" &&
        copy_settings "$file.here" "$file.was"; } || die "cannot write $file.here"
    bind GOENV "$file.here"
    say "@left_out|GOCACHEPROG of go.env|$fault@"
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
