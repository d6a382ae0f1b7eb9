# HTTP/1.1 alone. On Windows by its own config-win32.h, with Schannel and OpenSSL to choose from; elsewhere with OpenSSL.
# requires: openssl
# shellcheck shell=bash disable=SC2035,SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

version=7.88.1
system_libraries='ws2_32;crypt32;bcrypt;secur32;advapi32;wldap32'
if [ "$SYSTEM" = Windows ]; then
    cd "$SOURCE/lib"
    # Without CURL_WITH_MULTI_SSL both are compiled, and one is there.
    FLAGS="-DBUILDING_LIBCURL -DCURL_STATICLIB -DHTTP_ONLY -DCURL_DISABLE_ALTSVC -DCURL_DISABLE_HSTS -DUSE_IPV6 -DUSE_SCHANNEL -DUSE_WINDOWS_SSPI
        -DUNICODE -D_UNICODE -DUSE_OPENSSL -DCURL_WITH_MULTI_SSL -DCURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG -I. -I../include -I$REQUIRED/include" \
        archive_of curl *.c vtls/*.c vauth/*.c vquic/*.c vssh/*.c
    cp -r ../include/curl "$PREFIX/include/"
    config_file CURL $version CURL::libcurl curl CURL_STATICLIB "OpenSSL::SSL;$system_libraries" OpenSSL
    exit
fi
# Without SystemConfiguration, which only Apple has: proxies are those of the environment.
if [ "$SYSTEM" = Darwin ]; then
    sed -i '/find_library(SYSTEMCONFIGURATION_FRAMEWORK/,/framework SystemConfiguration/d; s/set(use_core_foundation ON)//' "$SOURCE/CMakeLists.txt"
    sed -i '/define CURL_OSX_CALL_COPYPROXIES/d' "$SOURCE/lib/curl_setup.h"
fi
CHECKS=EXECUTABLE with_cmake -DCURL_USE_OPENSSL=ON -DHTTP_ONLY=ON -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DCURL_ZLIB=OFF -DCURL_ZSTD=OFF -DCURL_BROTLI=OFF \
    -DUSE_NGHTTP2=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_HSTS=ON \
    -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG=ON -DPICKY_COMPILER=OFF -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none \
    -DENABLE_MANUAL=OFF -DENABLE_THREADED_RESOLVER=ON
