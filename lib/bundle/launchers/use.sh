#!/bin/sh
# use.sh - lists the Go trees of this bundle, or makes one of them the current one.
#   use.sh                       list; * marks the current tree
#   use.sh 1.22 | go1.22.12 | v_HASH
[ -z "${ZSH_VERSION-}" ] || emulate sh
unset IFS
set +f
unset -f cd command printf pwd read test 2>/dev/null || :

die() {
    printf 'gopack: %s\n' "$1" >&2
    exit "${2:-1}"
}

self=$0
links=0
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

[ $# -eq 0 ] || { [ $# -eq 1 ] && [ -n "$1" ]; } || die 'usage: use.sh [1.22 | go1.22.12 | v_HASH]' 2

current=
if [ -h "$bundle/current" ]; then
    current=$(command -p readlink "$bundle/current")
elif [ ! -e "$bundle/current" ] && [ -f "$bundle/current.txt" ]; then
    IFS= read -r current <"$bundle/current.txt"
    current=${current%"$(printf '\r')"}
fi

is_name() { # WORD: the name of a tree
    case $1 in
    v_*[!0123456789abcdef]*) return 1 ;;
    v_????????????????) ;;
    *) return 1 ;;
    esac
}

# The first word of VERSION, such as go1.22.12 -> $release.
read_release() { # TREE
    release='?'
    [ ! -f "$1/VERSION" ] || read -r release _ <"$1/VERSION"
}

list() {
    for tree in "$bundle"/v_*/; do
        tree=${tree%/}
        is_name "${tree##*/}" || continue
        [ -f "$tree.json" ] || continue
        read_release "$tree"
        profile=$(command -p sed -n '/^  "profile": "/{s///;s/".*//;p;q;}' "$tree.json" 2>/dev/null)
        platforms=
        for tool in "$tree"/pkg/tool/*_*/; do
            tool=${tool%/} tool=${tool##*/}
            platforms=$platforms${platforms:+,}${tool%%_*}/${tool#*_}
        done
        mark=' '
        [ "${tree##*/}" != "$current" ] || mark='*'
        printf '%s %s  %-10s  %-10s  %s\n' "$mark" "${tree##*/}" "$release" "${profile:--}" "$platforms"
    done
}

# The tree that the argument means -> $found: by hash, by release, or the newest patch of a minor.
find_tree() {
    wanted=go${1#go} found='' best=-1
    for tree in "$bundle"/v_*/; do
        tree=${tree%/} name=${tree##*/}
        is_name "$name" || continue
        [ -f "$tree.json" ] || continue
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
    case $found in
    '') die "no tree of this bundle is $1; use.sh without an argument lists them" ;;
    *' '*) die "$1 may be each of $found: name one of them" ;;
    esac
}

# The switch is recorded as gopack does it, so that `gopack rollback` finds the way back: one line from and to,
# the last hundred of them.
record() { # TREE
    is_name "$current" || current=-
    [ "$current" != "$1" ] || return 0
    record=$bundle/.gopack/history
    {
        { [ ! -f "$record" ] || command -p tail -n 99 "$record" >"$new/history"; } &&
            printf '%s %s\n' "$current" "$1" >>"$new/history" &&
            command -p mkdir -p "$bundle/.gopack" && command -p mv -f "$new/history" "$bundle/.gopack/"
    } || die "cannot replace $record"
}

# Replaces the pointer atomically: a new one of the same name is renamed over it. (mv into the directory
# is what works everywhere: mv onto a symlink to a directory would move into that directory.)
switch_to() { # TREE
    [ ! -e "$bundle/current" ] || [ -h "$bundle/current" ] ||
        die "$bundle/current is no link that could be replaced from here: switch with use.sh on the machine where the bundle lies"
    new=$bundle/.use.$$
    command -p mkdir "$new" || die "cannot write in $bundle"
    trap 'command -p rm -rf "$new"' EXIT
    trap 'exit 130' HUP INT TERM
    record "$1"
    if [ -h "$bundle/current" ]; then
        { command -p ln -s "$1" "$new/current" && command -p mv -f "$new/current" "$bundle/"; } ||
            die "cannot replace $bundle/current"
    fi
    if [ -f "$bundle/current.txt" ] || [ ! -h "$bundle/current" ]; then
        { printf '%s\n' "$1" >"$new/current.txt" && command -p mv -f "$new/current.txt" "$bundle/"; } ||
            die "cannot replace $bundle/current.txt"
    fi
}

if [ $# -eq 0 ]; then
    list
else
    find_tree "$1"
    switch_to "$found"
    read_release "$bundle/$found"
    printf '%s is current: %s\n' "$release" "$found" >&2
fi
