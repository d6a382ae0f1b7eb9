# Headers alone.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

with_cmake -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF -DCLI11_BUILD_DOCS=OFF
