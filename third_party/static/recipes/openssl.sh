# TLS, SHA-256, BLAKE2 and Ed25519; without what no server that gopack speaks to needs. It reads no openssl.cnf: that of the machine is for another build.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

cd "$SOURCE"
directory=/etc/ssl
case $SYSTEM-$CPU in
Linux-x86_64) for=linux-x86_64 ;;
Linux-aarch64) for=linux-aarch64 ;;
Windows-x86_64) for=mingw64 directory='C:/Program Files/Common Files/SSL' ;; # becomes /usr/C:/…, which nobody can make
Darwin-x86_64) for=darwin64-x86_64-cc ;;
Darwin-aarch64) for=darwin64-arm64-cc ;;
esac
# shellcheck disable=SC2086
CC=$TOOL-clang AR=$TOOL-ar RANLIB=$TOOL-ranlib RC=$TOOL-windres ./Configure $for --prefix=/usr --libdir=lib --openssldir="$directory" \
    no-shared no-tests no-dso no-engine no-legacy no-comp no-zlib no-cms no-ts no-ocsp no-srp no-psk no-dtls no-sctp no-ssl3 no-tls1 no-tls1_1 \
    no-gost no-idea no-camellia no-seed no-aria no-bf no-cast no-des no-md4 no-mdc2 no-rc2 no-rc4 no-rmd160 no-sm2 no-sm3 no-sm4 no-whirlpool \
    no-siphash no-scrypt no-uplink no-capieng no-cmp no-ct no-ec2m no-dsa no-async no-ui-console no-autoload-config $COMPILE_FLAGS
make -s -j"$JOBS" build_generated
make -s -j"$JOBS" libcrypto.a libssl.a # build_libs is also that of its programs
cp libcrypto.a libssl.a "$PREFIX/lib/"
cp -r include/openssl "$PREFIX/include/"
