# Sourced by quickstart, check and cross: the Debian and Ubuntu packages, and how to install them.
# shellcheck shell=sh disable=SC2034
BUILD_PACKAGES='ca-certificates cmake g++ g++-mingw-w64-x86-64-win32 ninja-build pkg-config libarchive-dev libcli11-dev
    libcurl4-openssl-dev libdivsufsort-dev libfmt-dev libisal-dev libssl-dev libutf8proc-dev libyaml-cpp-dev libzstd-dev nlohmann-json3-dev'
CROSS_PACKAGES='ca-certificates cmake dpkg-dev g++-mingw-w64-x86-64-win32 make nasm ninja-build patch perl pkg-config python3-venv python3-wheel
    xz-utils'
TEST_PACKAGES='binutils bmap-tools busybox chromium clang-14 clang-format-14 clang-tidy-15 dash docker-registry dosfstools exfat-fuse exfatprogs faketime fish fuse3
    fusefat gdisk git gnupg gpgv groff-base libclang-rt-14-dev libfuse3-dev libgtest-dev lintian make minisign mtools nginx-light ntfs-3g procps python3 python3-jsonschema python3-pytest python3-venv
    qemu-user shellcheck strace zstd
    wine wine64 zip zsh'

# Installs what is missing of the packages named; asks for nothing when all are there.
install_packages() {
    missing=
    for package in "$@"; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *' installed') ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
