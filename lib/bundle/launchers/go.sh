#!/bin/sh
# go.sh - runs the Go of this bundle.
#   go.sh [--portable] [--data-dir DIR] [+1.22] ARGUMENTS FOR GO...
# Finds its own directory, through symlinks too, and hands over to goenv.sh there.
_gopack_self=$0
_gopack_links=0
case $_gopack_self in
*/*) ;;
*) [ -e "$_gopack_self" ] || _gopack_self=$(command -v "$_gopack_self") ;;
esac
case $_gopack_self in /*) ;; *) _gopack_self=./$_gopack_self ;; esac
while [ -h "$_gopack_self" ] && [ $((_gopack_links += 1)) -le 40 ]; do
    _gopack_link=$(command -p readlink "$_gopack_self" && echo x)
    _gopack_link=${_gopack_link%?x}
    case $_gopack_link in /*) _gopack_self=$_gopack_link ;; *) _gopack_self=${_gopack_self%/*}/$_gopack_link ;; esac
done
exec /bin/sh "${_gopack_self%/*}/goenv.sh" --run go "$@"
