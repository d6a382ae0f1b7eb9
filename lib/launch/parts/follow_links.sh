# shellcheck shell=sh disable=SC2154
# Where $_gopack_self leads, through up to 40 symlinks. (The x keeps newlines at the end of names.)

case $_gopack_self in /*) ;; *) _gopack_self=./$_gopack_self ;; esac
_gopack_links=0
while [ -h "$_gopack_self" ] && [ $((_gopack_links += 1)) -le 40 ]; do
    _gopack_link=$(command -p readlink "$_gopack_self" && echo x)
    _gopack_link=${_gopack_link%?x}
    case $_gopack_link in /*) _gopack_self=$_gopack_link ;; *) _gopack_self=${_gopack_self%/*}/$_gopack_link ;; esac
done
