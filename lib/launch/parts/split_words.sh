# shellcheck shell=sh
# The words of GOCACHEPROG and GOFLAGS, as words.cpp of gopack's sources has them.

# Words for take_word -> $rest.
set_words() { # TEXT
    rest=$1 blank=$(printf '[ \t\r\n]') other=$(printf '[! \t\r\n]')
}

# Takes the first word from $rest: between blanks, or in quotes from its first character on -> $word. Fails at the end, and
# before a quote that is not closed.
# shellcheck disable=SC2295 # blank and other are patterns
take_word() {
    rest=${rest#"${rest%%$other*}"}
    case $rest in
    \"*\"*) rest=${rest#?} word=${rest%%\"*} rest=${rest#*\"} ;;
    \'*\'*) rest=${rest#?} word=${rest%%\'*} rest=${rest#*\'} ;;
    '' | [\"\']*) return 1 ;;
    *) word=${rest%%$blank*} rest=${rest#"$word"} ;;
    esac
}
