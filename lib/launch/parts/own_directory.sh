# shellcheck shell=sh disable=SC2154
# Where the script lies -> $directory. (The x keeps newlines at the end of names.)

directory=$(CDPATH='' cd -- "${_gopack_self%/*}/" && pwd -P && echo x) || die "cannot enter the directory of $_gopack_self"
directory=${directory%?x}
