#!/bin/sh
# use.sh - lists the Go trees of this bundle, or makes one of them the current one.
#   use.sh                       list; * marks the current tree
#   use.sh 1.22 | go1.22.12 | v_HASH, of several trees 1.22+minimal, 1.22/windows-amd64 or 1.22+minimal/windows-amd64
# shellcheck disable=SC2154 # release and root are those of choose.sh
[ -z "${ZSH_VERSION-}" ] || emulate sh
unset IFS
set +f
unset -f cd command printf pwd read test 2>/dev/null || :

die() {
    printf 'gopack: %s\n' "$1" >&2
    exit "${2:-1}"
}

_gopack_self=$0
#@ include own_file
#@ include own_directory
bundle=$directory

[ $# -eq 0 ] || { [ $# -eq 1 ] && [ -n "$1" ]; } || die 'usage: use.sh [1.22 | go1.22.12 | v_HASH | 1.22+minimal | 1.22/windows-amd64]' 2

current=
if [ -h "$bundle/current" ]; then
    current=$(command -p readlink "$bundle/current")
    current=${current#./} current=${current%/}
elif [ -f "$bundle/current.txt" ]; then
    IFS= read -r current <"$bundle/current.txt"
    current=${current%"$(printf '\r')"}
fi

#@ include is_name

# shellcheck source=/dev/null
. "$bundle/choose.sh"

list() {
    for tree in "$bundle"/v_*/; do
        tree=${tree%/}
        is_name "${tree##*/}" || continue
        [ -f "$tree.json" ] || continue
        read_release "$tree"
        read_profile "$tree"
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

# The switch is recorded as gopack does it, so that `gopack rollback` finds the way back: one line from and to,
# the last hundred of them.
record() { # TREE
    is_name "$current" && [ -d "$bundle/$current" ] || current=-
    [ "$current" != "$1" ] || return 0
    record=$bundle/.gopack/history
    {
        # (Not every filesystem lets a file be appended to.)
        { { [ ! -f "$record" ] || command -p tail -n 99 "$record"; } && printf '%s %s\n' "$current" "$1"; } >"$new/history" &&
            command -p mkdir -p "$bundle/.gopack" && command -p mv -f "$new/history" "$bundle/.gopack/"
    } || die "cannot replace $record"
}

# Whether Windows reads the filesystem of the bundle: FAT, exFAT, NTFS, a share, or what a FUSE server has behind it.
is_read_by_windows() {
    if [ "$(command -p uname)" = Darwin ]; then
        device=$(command -p df -P "$bundle/" | command -p tail -n 1)
        case $(command -p mount -t msdos,exfat,ntfs,smbfs) in *"${device%% *} on "*) return 0 ;; esac
        return 1
    fi
    case $(command -p stat -f -c %t "$bundle/" 2>/dev/null) in
    4d44 | 2011bab0 | 5346544e | 7366746e | 65735546 | ff534d42 | fe534d42 | 517b | 1021997 | 786f4256 | bacbacbc) return 0 ;;
    esac
    return 1
}

# Whether `current` is a link that another system has made on this medium: a file here.
is_foreign_link() {
    [ -f "$bundle/current" ] || return 1
    case $(command -p head -c 7 "$bundle/current" 2>/dev/null) in IntxLNK | XSym*) return 0 ;; esac
    return 1
}

# To Windows a symbolic link may be a file: there the pointer is text.
is_text_wanted() {
    [ -h "$bundle/current" ] || return 0
    for tool in "$bundle"/v_*/pkg/tool/windows_*/; do
        [ ! -d "$tool" ] || return 0
    done
    is_read_by_windows
}

# What a use.sh that was killed has left. Its number may be that of another program here, where the medium was in another
# machine; no switch takes a day.
remove_leftovers() {
    for old in "$bundle"/.use.*/; do
        old=${old%/}
        { [ -d "$old" ] && [ ! -h "$old" ]; } || continue
        case ${old##*.use.} in '' | *[!0-9]*) continue ;; esac
        ! kill -0 "${old##*.use.}" 2>/dev/null ||
            [ -n "$(PATH=/bin:/usr/bin command -p find "$old" -prune -mtime +0)" ] || continue
        command -p rm -rf "$old"
    done
}

# Replaces the pointer atomically: a new one of the same name is renamed over it. (mv into the directory
# is what works everywhere: mv onto a symlink to a directory would move into that directory.) Readers take a link
# before a text, so the other kind goes last.
switch_to() { # TREE
    [ -h "$bundle/current" ] || [ ! -e "$bundle/current" ] || is_foreign_link ||
        die "$bundle/current is not a link that could be replaced from here: switch with use.sh on the machine where the bundle lies"
    remove_leftovers
    new=$bundle/.use.$$
    command -p mkdir "$new" || die "cannot write in $bundle"
    trap 'command -p rm -rf "$new"' EXIT
    trap 'exit 130' HUP INT TERM
    record "$1"
    if is_text_wanted; then
        name=current.txt other=current
        printf '%s\n' "$1" >"$new/$name"
    else
        name=current other=current.txt
        command -p ln -s "$1" "$new/$name"
    fi && command -p mv -f "$new/$name" "$bundle/" && command -p rm -f "$bundle/$other" && return
    die "cannot replace $bundle/$name"
}

if [ $# -eq 0 ]; then
    list
else
    find_tree "$1"
    switch_to "$tree"
    read_release "$root"
    printf '%s is current: %s\n' "$release" "$tree" >&2
fi
