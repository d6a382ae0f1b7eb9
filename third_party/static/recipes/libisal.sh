# igzip alone, with its assembler for this processor (plain C on macOS, whose format 2.30 does not assemble to).
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

cd "$SOURCE"
arch='' host_cpu=$CPU # arch is empty on Linux, or the assembler gets no flags
case $SYSTEM in
Windows) arch=mingw ;;
Darwin) host_cpu=base_aliases ;;
esac
# The rule of the makefile for the archive makes none with this ar.
make -f Makefile.unx -j"$JOBS" lib units=igzip host_cpu="$host_cpu" arch="$arch" CC="$TOOL-clang" AR=true AS=nasm STRIP_GNU=true \
    LDFLAGS= CFLAGS_="$CFLAGS -fPIC" DEBUG=
"$TOOL-ar" rcs "$PREFIX/lib/libisal.a" bin/*.o
make -s -f Makefile.unx isa-l.h units=igzip
mkdir "$PREFIX/include/isa-l"
cp isa-l.h "$PREFIX/include/"
cp include/*.h "$PREFIX/include/isa-l/"
package_file libisal 2.30.0 isal ''
