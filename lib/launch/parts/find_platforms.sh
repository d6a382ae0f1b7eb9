# shellcheck shell=sh disable=SC2034,SC2154
# Which programs a machine runs, for goenv.sh and for bin/go of a tree for several platforms.

# The platforms whose programs this machine runs, the best first -> $platforms; its own -> $os, $arch.
find_platforms() {
    machine=$(command -p uname -sm)
    os=${machine%% *} arch=${machine##* }
    case $os in
    #@ systems
    esac
    case $arch in
    #@ architectures
    esac
    # A shell may itself be a program for Intel that an arm64 Mac translates.
    [ "${os}_$arch" != darwin_amd64 ] || [ "$(/usr/sbin/sysctl -n sysctl.proc_translated 2>/dev/null)" != 1 ] || arch=arm64
    platforms=${os}_$arch
    case $platforms in
    #@ runs
    esac
}

# The first of them that the tree in $root has programs for -> $platform. Fails where there is none; those that the tree does
# have -> $has.
choose_platform() {
    for platform in $platforms; do
        [ ! -d "$root/pkg/tool/$platform" ] || return 0
    done
    has=
    for d in "$root"/pkg/tool/*_*/; do
        d=${d%/} has="$has ${d##*/}"
    done
    return 1
}
