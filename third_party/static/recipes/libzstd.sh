# Compression and decompression; neither threads, nor dictionaries are made, nor old formats read.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

cd "$SOURCE/lib"
FLAGS='-DZSTD_DISABLE_ASM -DDEBUGLEVEL=0' archive_of zstd common/*.c compress/*.c decompress/*.c
cp zstd.h zstd_errors.h "$PREFIX/include/"
package_file libzstd 1.5.4 zstd ''
