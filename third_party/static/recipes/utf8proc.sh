# One file.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

cd "$SOURCE"
FLAGS=-DUTF8PROC_STATIC archive_of utf8proc utf8proc.c
cp utf8proc.h "$PREFIX/include/"
package_file libutf8proc 2.8.0 utf8proc -DUTF8PROC_STATIC
