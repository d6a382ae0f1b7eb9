#!/bin/sh
# go.sh - runs the Go of this bundle.
#   go.sh [--portable] [--data-dir DIR] ARGUMENTS FOR GO...
# Finds its own directory, through symlinks too, and hands over to goenv.sh there.
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
exec /bin/sh "${self%/*}/goenv.sh" --run go "$@"
