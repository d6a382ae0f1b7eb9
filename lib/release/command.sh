#!/bin/sh
# Starts the program of this name that is for this machine. This Go serves several systems or processors, and
# bin/<os>_<arch>/ has the programs for each. Whatever starts bin/go of a GOROOT comes here.

die() { # MESSAGE
    printf '%s\n' "$1" >&2
    exit 1
}

# This file's own directory, through up to 40 symlinks -> $bin and $name. (The x keeps newlines at the end of names.)
find_self() { # PATH
    self=$1 links=0
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
    bin=$(CDPATH='' cd -- "${self%/*}/" && pwd -P && echo x) || die "cannot enter the directory of $self"
    bin=${bin%?x} name=${self##*/}
}

# The platforms whose programs this machine runs, the best first -> $platforms.
find_platforms() {
    machine=$(command -p uname -sm)
    os=${machine%% *} arch=${machine##* } suffix=''
    case $os in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    FreeBSD) os=freebsd ;;
    NetBSD) os=netbsd ;;
    OpenBSD) os=openbsd ;;
    MINGW* | MSYS* | CYGWIN*) os=windows suffix=.exe ;;
    esac
    case $arch in
    x86_64 | amd64) arch=amd64 ;;
    i?86 | i86pc | x86) arch=386 ;;
    aarch64 | arm64) arch=arm64 ;;
    arm*) arch=arm ;;
    loongarch64) arch=loong64 ;;
    esac
    platforms=${os}_$arch
    case $platforms in
    darwin_arm64) platforms='darwin_arm64 darwin_amd64' ;; # which runs Intel programs as well
    darwin_amd64)                                          # or a shell that is itself such a program
        [ "$(/usr/sbin/sysctl -n sysctl.proc_translated 2>/dev/null)" != 1 ] || platforms='darwin_arm64 darwin_amd64'
        ;;
    windows_arm64) platforms='windows_arm64 windows_amd64 windows_386' ;;
    *_amd64) platforms="$platforms ${os}_386" ;;
    linux_arm64) platforms='linux_arm64 linux_arm' ;;
    esac
}

find_program() { # OWN PATH
    find_self "$1"
    find_platforms
    root=${bin%/*}
    for platform in $platforms; do
        [ ! -d "$root/pkg/tool/$platform" ] || break
    done
    if [ ! -d "$root/pkg/tool/$platform" ]; then
        has=
        for d in "$root"/pkg/tool/*_*/; do
            d=${d%/} has="$has ${d##*/}"
        done
        die "$name: $root has no Go for ${os}_$arch, only for:$has"
    fi
    program=$bin/$platform/$name$suffix
    [ -z "$suffix" ] || [ -f "$program" ] || program=$bin/$name$suffix
    [ -f "$program" ] || die "$name: $program is missing"
    printf '%sx' "$program"
}

# (In a process of its own: what the caller has exported stays as it is.)
_gopack_program=$(find_program "$0") || exit
_gopack_program=${_gopack_program%x}
case $_gopack_program in
*.exe) ;;
*) # Go before 1.22 looks for GOROOT in the directory above its program's alone.
    [ -n "${GOROOT-}" ] || {
        GOROOT=${_gopack_program%/bin/*/*}
        export GOROOT
    }
    ;;
esac
exec "$_gopack_program" "$@"
