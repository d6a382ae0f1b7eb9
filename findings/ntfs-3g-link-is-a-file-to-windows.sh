#!/bin/sh
# ntfs-3g 1:2022.10.3-1+deb12u4 (Debian 12): a symbolic link that Linux makes on NTFS is a plain file to Windows.
#
# By default ntfs-3g stores a link as a system file that begins with "IntxLNK", as Microsoft's Interix did. Windows has no
# Interix any more: it shows a file of some bytes and follows nothing. symlink(2) succeeds, readlink(2) on Linux gives the
# target back, and no option of the mount shows that the link is for Linux alone. What is to be read on both systems, such
# as the name of the release that is in use, must be a text.
#
# Output seen:
#     on Linux: current -> v_0123
#     on the medium: a file of 20 bytes that begins with IntxLNK, attributes SYSTEM ARCHIVE
#
# Needs root, /dev/fuse and network access to Debian's packages. Ends with 0 while the behaviour is as described.
set -eu

work=$(mktemp -d)
trap 'umount "$work/stick" 2>/dev/null || :; rm -rf "$work"' EXIT
cd "$work"
chmod 755 . # apt's own user downloads
apt-get download -qq ntfs-3g=1:2022.10.3-1+deb12u4 libntfs-3g89=1:2022.10.3-1+deb12u4 2>/dev/null
for package in *.deb; do dpkg -x "$package" system; done
PATH=$work/system/bin:$work/system/sbin:$work/system/usr/bin:$work/system/usr/sbin:$PATH
LD_LIBRARY_PATH=$(find "$work/system" -name '*.so.*' -exec dirname {} + | sort -u | xargs | tr ' ' :)
export LD_LIBRARY_PATH

truncate -s 20M image
mkntfs -F -f -q image >/dev/null 2>&1
mkdir stick
ntfs-3g image stick </dev/null
ln -s v_0123 stick/current
seen=$(readlink stick/current)
echo "on Linux: current -> $seen"
umount stick

content=$(ntfscat image current | tr -d '\000')
attributes=$(ntfsinfo -f -F current image 2>/dev/null | sed -n 's/^[[:space:]]*File attributes:[[:space:]]*\(.*\) (0x.*/\1/p' | head -n 1)
size=$(ntfscat image current | wc -c)
echo "on the medium: a file of $size bytes that begins with $(printf '%.7s' "$content"), attributes $attributes"
case $seen,$content in v_0123,IntxLNK*) exit 0 ;; esac
exit 1
