#!/bin/sh
# Starts the program of this name that is for this machine. This Go serves several systems or processors, and
# bin/<os>_<arch>/ has the programs for each. Whatever starts bin/go of a GOROOT comes here.

die() { # MESSAGE
    printf '%s\n' "$1" >&2
    exit 1
}

#@ include find_platforms

find_program() { # OWN PATH
    _gopack_self=$1 suffix=''
    #@ include own_file
    #@ include own_directory
    bin=$directory name=${_gopack_self##*/} root=${directory%/*}
    find_platforms
    choose_platform || die "$name: @no_platform|$root|${os}_$arch|$has@"
    [ "$os" != windows ] || suffix=.exe
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
