# The reader of tar alone, with the configuration that the source has for the hosts of Android: no 300 checks.
# shellcheck shell=bash disable=SC2164 source=third_party/static/recipe.sh
. "${BASH_SOURCE[0]%/*}/../recipe.sh"

cd "$SOURCE/libarchive"
more=(filter_fork_posix.c)
case $SYSTEM in
Windows) config=windows_host more=(archive_windows.c filter_fork_windows.c archive_entry_copy_bhfi.c) ;;
*) config=linux_host ;;
esac
# Without every library, what musl lacks, and the Windows of long ago.
sed -E '/HAVE_SYS_CDEFS_H|_WIN32_WINNT/d; /HAVE_(ZLIB|BZLIB|LIBZ|LIBBZ2|LIBLZMA|LZMA|LIBXML|LIBEXPAT|EXPAT|LIBSSL|OPENSSL|LIBCRYPTO|LIBACL|ACL_|SYS_ACL|ATTR_)/d
    /HAVE_(SYS_XATTR|EXTATTR|LGETXATTR|ICONV|LIBICONV|LIBCHARSET|LOCALCHARSET|PCRE|LIBPCRE|LIBCNG|BCRYPT|LIBB2|LIBLZ4|LIBLZO2|LIBZSTD|LZ4|ZSTD)/d
    /ARCHIVE_CRYPTO_|ARCHIVE_ACL_|ARCHIVE_XATTR_/d' "../contrib/android/config/$config.h" >gopack_config.h
[ "$SYSTEM" != Darwin ] || sed -i -E '/HAVE_LINUX_|HAVE_SYS_(VFS|STATFS)_H/d; s/ST_MTIM_TV_NSEC/ST_MTIMESPEC_TV_NSEC/' gopack_config.h
FLAGS='-DPLATFORM_CONFIG_H="gopack_config.h" -DLIBARCHIVE_STATIC' archive_of archive \
    archive_{acl,check_magic,cmdline,entry,entry_sparse,entry_stat,entry_strmode,entry_xattr,options,pack_dev,pathmatch,rb,string}.c \
    archive_{string_sprintf,util,version_details,virtual,ppmd7}.c \
    archive_read{,_append_filter,_open_memory,_set_options,_support_filter_none,_support_filter_program,_support_format_tar}.c "${more[@]}"
cp archive.h archive_entry.h "$PREFIX/include/"
config_file LibArchive 3.6.2 LibArchive::LibArchive archive LIBARCHIVE_STATIC ''
