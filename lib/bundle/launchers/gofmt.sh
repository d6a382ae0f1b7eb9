#!/bin/sh
# gofmt.sh - runs the gofmt of this bundle.
#   gofmt.sh [--portable] [--data-dir DIR] [+1.22] ARGUMENTS FOR GOFMT...
# Finds its own directory, through symlinks too, and hands over to goenv.sh there.
_gopack_self=$0
#@ include own_file
exec /bin/sh "${_gopack_self%/*}/goenv.sh" --run gofmt "$@"
