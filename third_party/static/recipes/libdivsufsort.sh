# Its four files for texts below 2 GiB, without OpenMP; the header is a template of its build.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

cd "$SOURCE"
sed -e 's/@W64BIT@//g; s/@INCFILE@/#include <inttypes.h>/; s/@SAUCHAR_TYPE@/uint8_t/; s/@SAINT32_TYPE@/int32_t/; s/@SAINDEX_TYPE@/int32_t/' \
    -e 's/@SAINDEX_PRId@/PRId32/; s/@SAINT_PRId@/PRId32/; s/@DIVSUFSORT_EXPORT@//; s/@DIVSUFSORT_IMPORT@//' \
    include/divsufsort.h.cmake >"$PREFIX/include/divsufsort.h"
FLAGS="-I$PREFIX/include -Iinclude -DHAVE_STDLIB_H -DHAVE_STRING_H -DHAVE_MEMORY_H -DHAVE_INTTYPES_H -DINLINE=inline \
-DPROJECT_VERSION_FULL=\"2.0.1\"" archive_of divsufsort lib/divsufsort.c lib/sssort.c lib/trsort.c lib/utils.c
package_file libdivsufsort 2.0.1 divsufsort ''
