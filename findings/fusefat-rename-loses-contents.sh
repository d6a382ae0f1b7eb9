#!/bin/sh
# fusefat 0.1a-3 (Debian 12): renaming a directory on FAT32 empties it.
#
# A directory with a file and a subdirectory is renamed. The rename ends with success. Afterwards the directory has its
# new name and nothing in it: the file and the subdirectory are gone, and fsck.fat finds their clusters unused.
# A program that writes into a temporary directory and renames it when it is complete loses everything on such a mount.
# Files that are renamed keep their contents.
#
# Output seen:
#     before: a/file a/sub/file
#     after mv a b: (nothing)
#     fsck.fat: Reclaimed 3 unused clusters
#
# Needs root, /dev/fuse and network access to Debian's packages. Ends with 0 while the behaviour is as described.
set -eu

work=$(mktemp -d)
trap 'fusermount -u "$work/stick" 2>/dev/null || :; rm -rf "$work"' EXIT
cd "$work"
chmod 755 . # apt's own user downloads
# The last two are libraries that fusefat links, in whatever version there is.
apt-get download -qq fusefat=0.1a-3 libfuse2=2.9.9-6+b1 fuse3=3.14.0-4 dosfstools=4.2-1 libglib2.0-0 libpcre2-8-0 2>/dev/null
for package in *.deb; do dpkg -x "$package" system; done
PATH=$work/system/usr/bin:$work/system/sbin:$work/system/usr/sbin:$work/system/bin:$PATH
LD_LIBRARY_PATH=$(find "$work/system" -name '*.so.*' -exec dirname {} + | sort -u | xargs | tr ' ' :)
export LD_LIBRARY_PATH

truncate -s 64M image
mkfs.fat -F 32 image >/dev/null
mkdir stick
fusefat -o rw+ image stick >/dev/null

mkdir -p stick/a/sub
echo one >stick/a/file
echo two >stick/a/sub/file
echo three >stick/file
mv stick/file stick/renamed
before=$(cd stick && find a -type f | sort | xargs)
echo "before: $before"
mv stick/a stick/b
after=$(cd stick && find b -type f | sort | xargs)
echo "after mv a b: ${after:-(nothing)}"
kept=$(cat stick/renamed)
fusermount -u stick
lost=$(fsck.fat -n image | grep -o 'Reclaimed [0-9]* unused clusters')
echo "fsck.fat: $lost"

[ "$before" = 'a/file a/sub/file' ] && [ -z "$after" ] && [ "$kept" = three ] && [ -n "$lost" ]
