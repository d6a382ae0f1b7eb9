# With gtest_main; without gmock, which no test uses.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

with_cmake -DBUILD_GMOCK=OFF
