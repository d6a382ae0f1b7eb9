#!/bin/sh
# lacking.sh - a part of goenv.sh: what a command asks of Go that a trimmed tree does not have. lacking.cpp of gopack's
# sources has the same rules.
# shellcheck disable=SC2034,SC2154 # root and platform are those of goenv.sh, which reads $lacks
case $0 in
*lacking.sh)
    echo 'gopack: lacking.sh is a part of goenv.sh' >&2
    exit 2
    ;;
esac

# The capabilities that a command asks for by its words and its environment -> $asked, and what it builds for -> $target,
# where it builds; fails for one that asks nothing.
find_asked() { # PROGRAM ARGUMENTS...
    asked='' previous='' target=''
    [ "$1" = go ] || { asked=fmt && return 0; }
    shift
    case ${1-} in
    -C | --C) [ $# -lt 2 ] || shift 2 ;;
    -C=* | --C=*) shift ;;
    esac
    verb=${1-}
    case $verb in
    tool)
        case ${2-} in
        #@ tools
        *) return 1 ;;
        esac
        return 0
        ;;
    #@ commands
    '' | @idle@) return 1 ;;
    esac
    for word in "$@"; do
        case $previous:$word in
        -*flags:* | -tags:* | -exec:*) ;; # the value of a flag
        -pgo:off | -pgo:auto) ;;
        -pgo:*) asked="$asked pgo" ;;
        *:-race | *:--race | *:-race=true | *:-race=1) asked="$asked race" ;;
        *:-cover | *:-cover=* | *:-cover[mp]* | *:--cover*) asked="$asked cover" ;;
        *:-pgo=off | *:-pgo=auto) ;;
        *:-pgo=*) asked="$asked pgo" ;;
        *:-buildmode=plugin | -buildmode:plugin) asked="$asked plugin" ;;
        *:-buildmode=c-* | -buildmode:c-*) asked="$asked c-shared" ;;
        *:-args) break ;;
        *:-*) ;;
        # Behind the program of go run its own arguments follow.
        -C:* | -mod*:* | -overlay:* | -p:* | :run) ;;
        *) [ "$verb" != run ] || break ;;
        esac
        previous=$word
    done
    [ "${CGO_ENABLED-}" != 1 ] || asked="$asked cgo"
    case ${GOEXPERIMENT-} in *boringcrypto*) asked="$asked boringcrypto" ;; esac
    case ${GOFIPS140-} in '' | off | latest) ;; *) asked="$asked fips" ;; esac
    target=${GOOS:-${platform%_*}}/${GOARCH:-${platform#*_}}
}

# What of that, and of GOOS and GOARCH, the tree lacks by its manifest -> $lacks: the line for people when the command
# has failed.
find_lacking() { # PROGRAM ARGUMENTS...
    lacks='' lacked='' added='' key='' has=' ' targets='' release='' profile=''
    find_asked "$@" && [ -f "$root.json" ] || return 0
    while read -r word rest; do
        case $word$rest in
        '"release":"'*) rest=${rest#\"go} release=${rest%\",} ;;
        '"profile":"'*) rest=${rest#\"} profile=${rest%\",} ;;
        '"capabilities":[' | '"targets":[') key=$word && continue ;;
        ']'*) key='' ;;
        '"origins":'*) break ;;
        esac
        word=${word#\"} word=${word%,} word=${word%\"}
        case $key in
        '"capabilities":') has="$has$word " ;;
        '"targets":') targets="$targets$word," ;;
        esac
    done <"$root.json"
    [ "$has" != ' ' ] || return 0
    for word in $asked; do
        case "$has$lacked, " in *" $word "* | *" $word, "*) ;; *) lacked="${lacked:+$lacked,} $word" added=$added+$word ;; esac
    done
    case "$target:,$targets" in
    :* | *:, | *",$target,"*) ;;
    *) lacked="${lacked:+$lacked,} the target $target" added="$added --targets $targets$target" ;;
    esac
    case ${profile%%+*} in @profiles@) wanted=$profile ;; *) wanted=FILE ;; esac
    [ -z "$lacked" ] || lacks="this Go (go$release, $profile) lacks$lacked: \`gopack trim $release --profile \
$wanted$added\` lays out one that has it"
}

find_lacking "$@"
