#!/bin/sh
# lacking.sh - a part of goenv.sh: what a command asks of Go that a trimmed tree does not have. lacking.cpp of gopack's
# sources has the same rules.
# shellcheck disable=SC2034,SC2154 # root, platform and gopath are those of goenv.sh, which reads $lacks
case $0 in
*lacking.sh)
    echo 'gopack: lacking.sh is a part of goenv.sh' >&2
    exit 2
    ;;
esac

#@ include split_words

# The flag in front of the words as NAME=VALUE -> $flag, and how many words it takes -> $taken. Fails where none is in front.
take_flag() { # WORDS...
    taken=1
    case ${1-} in
    -- | --=* | -=*) return 1 ;;
    --*) flag=${1#--} ;;
    -?*) flag=${1#-} ;;
    *) return 1 ;;
    esac
    case $flag in
    *=*) ;;
    @with_value@) flag=$flag=${2-} && [ $# -lt 2 ] || taken=2 ;;
    *) flag=$flag=true ;;
    esac
}

# The capability that a flag or a variable asks for, by its name -> $wished, instead of what its name has asked for before.
wish() { # NAME=VALUE
    case $1 in
    #@ wishes
    *) return 0 ;;
    esac
    own=${1%%=*}
    case $wished in *" $own:"*) ;; *) wished="$wished $own:" ;; esac
    others=$wished wished=''
    for word in $others; do
        [ "${word%%:*}" != "$own" ] || word=$own:$asked
        wished="$wished $word"
    done
}

wish_flags() { # WORDS...
    while [ $# -gt 0 ]; do
        case $1 in -args | --args) return ;; esac
        if take_flag "$@"; then
            wish "$flag"
        elif [ "$verb" = run ]; then
            return # the program; what follows is for it
        fi
        shift "$taken"
    done
}

wish_goflags() { # GOFLAGS
    [ -n "$1" ] || return 0
    set_words "$1"
    while take_word; do
        ! take_flag "$word" || wish "$flag"
    done
    [ -z "$rest" ] || wished=''
}

# What `go env -w` keeps: Go takes it where the caller has no such variable, and the last line of a name counts.
read_kept() {
    kept_flags='' kept_os='' kept_arch='' kept_cgo='' kept_experiment='' kept_fips=''
    [ -f "$gopath/go.env" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        value=${line#*=}
        case $line in
        GOFLAGS=*) kept_flags=$value ;;
        GOOS=*) kept_os=$value ;;
        GOARCH=*) kept_arch=$value ;;
        CGO_ENABLED=*) kept_cgo=$value ;;
        GOEXPERIMENT=*) kept_experiment=$value ;;
        GOFIPS140=*) kept_fips=$value ;;
        esac
    done <"$gopath/go.env"
}

# The capabilities that a command asks for by its words, its environment and the settings -> $asked, and what it builds for
# -> $target, where it builds; fails for one that asks nothing.
find_asked() { # PROGRAM ARGUMENTS...
    asked='' target='' wished=''
    [ "$1" = go ] || { asked=fmt && return 0; }
    shift
    if take_flag "$@"; then
        case $flag in C=*) shift "$taken" ;; esac
    fi
    verb=${1-}
    [ $# -eq 0 ] || shift
    case $verb in
    tool)
        while take_flag "$@"; do shift "$taken"; done
        case ${1-} in
        #@ tools
        *) return 1 ;;
        esac
        return 0
        ;;
    #@ commands
    '' | @idle@) return 1 ;;
    esac
    of_verb=$asked
    read_kept
    case $verb in @compiling@) wish_goflags "${GOFLAGS:-$kept_flags}" ;; esac
    wish_flags "$@"
    wish "CGO_ENABLED=${CGO_ENABLED:-$kept_cgo}"
    wish "GOEXPERIMENT=${GOEXPERIMENT:-$kept_experiment}"
    wish "GOFIPS140=${GOFIPS140:-$kept_fips}"
    asked=$of_verb
    for word in $wished; do asked="$asked ${word#*:}"; done
    target=${GOOS:-${kept_os:-${platform%_*}}}/${GOARCH:-${kept_arch:-${platform#*_}}}
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
