# shellcheck shell=sh
# The names of trees.

is_name() { # WORD
    case $1 in
    v_*[!0123456789abcdef]*) return 1 ;;
    v_????????????????) ;;
    *) return 1 ;;
    esac
}
