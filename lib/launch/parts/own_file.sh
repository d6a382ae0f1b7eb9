# shellcheck shell=sh disable=SC2154
# The file of the script that was started as $_gopack_self, which may be a link, or a name that was found in PATH. (Nothing else
# is set: a variable of this name that the caller has exported would reach Go.)

case $_gopack_self in
*/*) ;;
*) [ -e "$_gopack_self" ] || _gopack_self=$(command -v "$_gopack_self") ;;
esac
#@ include follow_links
