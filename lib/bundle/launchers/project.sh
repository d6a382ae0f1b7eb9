#!/bin/sh
# project.sh - a part of goenv.sh: the tree that a project asks for, where the current one is too old for its go.work or go.mod.
# apps/launcher/project.cpp of gopack's sources has the same rule.
# shellcheck disable=SC2034,SC2154 # bundle, root, platforms and others are those of goenv.sh and choose.sh
case $0 in
*project.sh)
    echo 'gopack: project.sh is a part of goenv.sh' >&2
    exit 2
    ;;
esac

# The directory that the command works in -> $dir: behind -C, which stands before or behind the command's own words.
find_directory() { # ARGUMENTS FOR GO...
    dir=$PWD
    case ${1-} in
    mod | work) [ $# -lt 2 ] || shift 2 ;;
    -*) ;;
    *) [ $# -eq 0 ] || shift ;;
    esac
    case ${1-} in
    -C | --C) dir=${2-} ;;
    -C=* | --C=*) dir=${1#*=} ;;
    *) return 0 ;;
    esac
    dir=$(CDPATH='' cd -- "${dir:-/dev/null}" 2>/dev/null && pwd -P && echo x) && dir=${dir%?x}
}

# The file of that name in the directory or above it -> $project.
find_above() { # NAME
    above=$dir
    while :; do
        project=$above/$1
        [ ! -f "$project" ] || return 0
        [ -n "$above" ] || break
        above=${above%/*}
    done
    project=''
    return 1
}

# The file by which Go chooses a toolchain -> $project.
find_project() { # ARGUMENTS FOR GO...
    project=''
    find_directory "$@" || return 1
    case ${GOWORK-} in
    '' | auto) ! find_above go.work || return 0 ;;
    off) ;;
    *) [ ! -f "$GOWORK" ] || { project=$GOWORK && return 0; } ;;
    esac
    find_above go.mod
}

# A release as a number in Go's order -> $order: 1.22 (from 1.21 on a language version, before every release), 1.22beta1,
# 1.22rc1, 1.22.0. Fails for anything else.
read_order() { # 1.22.5
    case $1 in 1.*) rest=${1#1.} ;; *) return 1 ;; esac
    case $rest in
    *.*) order=30000 minor=${rest%%.*} number=${rest#*.} ;;
    *rc*) order=20000 minor=${rest%%rc*} number=${rest#*rc} ;;
    *beta*) order=10000 minor=${rest%%beta*} number=${rest#*beta} ;;
    *) order=0 minor=$rest number=0 ;;
    esac
    for rest in "$minor" "$number"; do
        case $rest in '' | *[!0123456789]* | 0?* | ?????*) return 1 ;; esac
    done
    [ "$order" -gt 0 ] || [ "$minor" -ge 21 ] || order=30000
    order=$((minor * 100000 + order + number))
}

# What the two lines of the project's file ask for -> $by_go, $by_toolchain; 0: nothing. The first line of a kind counts, outside
# of parentheses.
read_project() {
    by_go=0 by_toolchain=0 seen=''
    lines=$(LC_ALL=C command -p sed -n 's/^[[:space:]]*//; s,//.*,,; s/[[:space:]]*$//; /($/,/^)/d
        /^go[[:blank:]]/p; /^toolchain[[:blank:]]/p' \
        <"$project")
    while read -r key value; do
        case $seen in *"$key"*) continue ;; esac
        seen="$seen $key"
        if [ "$key" = toolchain ]; then
            case $value in go*) value=${value#go} value=${value%%-*} ;; *) continue ;; esac
        fi
        read_order "$value" || continue
        if [ "$key" = go ]; then by_go=$order; else by_toolchain=$order; fi
    done <<EOF
$lines
EOF
}

# Whether a tree has programs for this machine.
has_programs() { # TREE
    for platform in $platforms; do
        [ ! -d "$1/pkg/tool/$platform" ] || return 0
    done
    return 1
}

# The trees for that -> $found: those of the first release of the same minor that suffices, else of the newest. A pre-release
# suffices only where it is named.
find_sufficient() { # ORDER
    found='' best=0
    for dir in "$bundle"/v_*/; do
        dir=${dir%/} name=${dir##*/}
        { is_name "$name" && [ -f "$dir.json" ] && has_programs "$dir"; } || continue
        read_release "$dir"
        { read_order "${release#go}" && [ "$order" -ge "$1" ]; } || continue
        [ $((order % 100000)) -ge 30000 ] || [ "$order" -eq "$1" ] || continue
        [ $((order / 100000)) -ne $(($1 / 100000)) ] || order=$((2000000000 - order))
        if [ "$order" -gt "$best" ]; then
            found=$name best=$order
        elif [ "$order" -eq "$best" ]; then
            found="$found $name"
        fi
    done
}

# Of several trees of one release one of the current tree's profile, for the most platforms.
pick() {
    read_profile "$root"
    own=$profile same=''
    for name in $found; do
        read_profile "$bundle/$name"
        [ "$profile" != "$own" ] || same="$same${same:+ }$name"
    done
    found=${same:-$found}
    drop_superseded
    found=${found%% *}
}

# The newer of the two lines decides, as for Go; where no tree is as new as the toolchain line, the go line does.
choose_for_project() {
    # shellcheck source=/dev/null
    . "$bundle/choose.sh"
    read_release "$root"
    read_order "${release#go}" || return 0
    own_order=$order
    read_project
    for wanted in "$by_toolchain" "$by_go"; do
        { [ "$wanted" -gt "$own_order" ] && [ "$wanted" -ge "$by_go" ]; } || continue
        find_sufficient "$wanted"
        case $found in
        '') continue ;;
        *' '*) pick ;;
        esac
        tree=$found root=$bundle/$found
        return
    done
}

! find_project "$@" || choose_for_project
