# The library: its headers alone would be compiled into every file.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

with_cmake -DFMT_TEST=OFF -DFMT_DOC=OFF
