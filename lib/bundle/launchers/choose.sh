#!/bin/sh
# choose.sh - a part of goenv.sh and use.sh: which tree of the bundle a word means: 1.22, go1.22.12, v_HASH or its beginning, of
# several trees 1.22+minimal, 1.22/windows-amd64 or 1.22+minimal/windows-amd64.
# shellcheck disable=SC2034,SC2154 # bundle is that of goenv.sh and use.sh, which read $root
case $0 in
*choose.sh)
    echo 'gopack: choose.sh is a part of goenv.sh and use.sh' >&2
    exit 2
    ;;
esac

# The first word of VERSION, such as go1.22.12 -> $release.
read_release() { # TREE
    release='?'
    [ ! -f "$1/VERSION" ] || read -r release _ <"$1/VERSION"
}

# The name of the tree's profile, as its manifest says it -> $profile.
read_profile() { # TREE
    profile=$(command -p sed -n '/^  "profile": "/{s///;s/".*//;p;q;}' "$1.json" 2>/dev/null)
}

# Whether the tree has the profile and the platform that the argument names behind the release.
is_wanted() { # TREE
    [ -z "$wanted_platform" ] || [ -d "$1/pkg/tool/$wanted_platform" ] || return 1
    [ -n "$wanted_profile" ] || return 0
    read_profile "$1"
    [ "$profile" = "$wanted_profile" ]
}

# Splits the argument -> $wanted (go1.22), $wanted_profile (minimal), $wanted_platform (windows_amd64).
read_argument() {
    wanted=${1%%/*} wanted_profile='' wanted_platform=''
    case $1 in */*) wanted_platform=$(printf '%s' "${1#*/}" | command -p tr '/-' '__') ;; esac
    case $wanted in *+*) wanted_profile=${wanted#*+} wanted=${wanted%%+*} ;; esac
    case ${1%%/*} in *+) die "@no_profile|$1@" ;; esac
    wanted=go${wanted#go}
}

# What makes two trees of one kind -> $kind: release, profile, and whether symbol tables were taken out. What they
# build for, between commas -> $targets; none: all.
read_kind() { # NAME
    kind=$(command -p sed -n '/^  "origins": /q; /^  "release": /p; /^  "profile": /p; /^  "stripped": /p' "$bundle/$1.json")
    targets=$(command -p sed -n '/^  "origins": /q; /^  "targets": \[$/,/^  \]/s/^    "\([^"]*\)".*/\1/p' "$bundle/$1.json" |
        command -p tr '\n' ,)
}

# Whether the first has programs for all platforms of the second, and for more.
is_wider() { # NAME NAME
    more=''
    for tool in "$bundle/$2"/pkg/tool/*_*/; do
        [ -d "$bundle/$1${tool#"$bundle/$2"}" ] || return 1
    done
    for tool in "$bundle/$1"/pkg/tool/*_*/; do
        [ -d "$bundle/$2${tool#"$bundle/$1"}" ] || more=yes
    done
    [ -n "$more" ]
}

# Whether a tree for the targets of the first list builds for those of the second.
builds_as_much() { # TARGETS TARGETS
    [ -n "$1" ] || return 0
    [ -n "$2" ] || return 1
    rest=$2
    while [ -n "$rest" ]; do
        case ,$1 in *",${rest%%,*},"*) rest=${rest#*,} ;; *) return 1 ;; esac
    done
}

# Of $found, of trees of one kind, those for the most platforms: a platform that was added has made another tree.
drop_superseded() {
    kept=''
    for tree in $found; do # names of trees can be parts of names of variables
        read_kind "$tree"
        eval "kind_$tree=\$kind targets_$tree=\$targets"
    done
    for tree in $found; do
        eval "own_kind=\$kind_$tree own_targets=\$targets_$tree"
        for other in $found; do
            eval "kind=\$kind_$other targets=\$targets_$other"
            [ "$kind" = "$own_kind" ] && builds_as_much "$targets" "$own_targets" && is_wider "$other" "$tree" && continue 2
        done
        kept="$kept${kept:+ }$tree"
    done
    found=$kept
}

# The tree that the argument means -> $tree, $root: by hash, by release, or the newest patch of a minor.
find_tree() {
    found='' best=-1
    read_argument "$1"
    for tree in "$bundle"/v_*/; do
        tree=${tree%/} name=${tree##*/}
        is_name "$name" || continue
        [ -f "$tree.json" ] || continue
        is_wanted "$tree" || continue
        read_release "$tree"
        patch=-1
        case $name in
        "$1"*) patch=0 ;;
        *)
            case $release in
            "$wanted") patch=0 ;;
            "$wanted".*) patch=${release#"$wanted".} ;;
            esac
            ;;
        esac
        case $patch in *[!0-9]* | '') continue ;; esac
        if [ "$patch" -gt "$best" ]; then
            found=$name best=$patch
        elif [ "$patch" -eq "$best" ]; then
            found="$found $name"
        fi
    done
    case $found:$1 in
    *:v_*) ;;
    *' '*) drop_superseded ;;
    esac
    case $found in
    '') die "@no_such_tree|$1|use.sh@" ;;
    *' '*) die "@several_trees|$1|$found@" ;;
    esac
    tree=$found root=$bundle/$found
}
