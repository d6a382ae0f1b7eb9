#include "gopack/base/mount.hpp"

#include <gtest/gtest.h>

#include "mount_table.hpp"

namespace gopack {
namespace {

TEST(MountTest, KnowsWhatWindowsReads) {
  for (const auto* type :
       {"vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "fuse", "fuse.ntfs-3g", "fuse.exfat",
        "fuse.vmhgfs-fuse", "cifs", "smb3", "smbfs", "9p", "vboxsf", "macfuse", "ufsd_NTFS"}) {
    EXPECT_TRUE(is_read_by_windows(type)) << type;
  }
  for (const auto* type :
       {"", "ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "nfs", "nfs4", "apfs", "hfs", "f2fs"})
    EXPECT_FALSE(is_read_by_windows(type)) << type;
}

TEST(MountTest, KnowsNamesOfDevices) {
  for (const auto* path : {"/dev", "/dev/sdzz1", "/dev/no/such/place", "/tmp/../dev/x"})
    EXPECT_TRUE(stands_for_device(path)) << path;
  for (const auto* path : {"/", "/device", "/dev/shm", "/dev/shm/x", "/dev/no/../shm/x", "dev/x"})
    EXPECT_FALSE(stands_for_device(path)) << path;
}

TEST(MountTest, FindsAMountByItsNumber) {
  constexpr std::string_view table =
      "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
      "2 27 0:39 / /mnt/a\\040b\\134040 rw,nosuid shared:1 master:2 - fuseblk /dev/sd\\011b1 rw,user_id=0\n"
      "33 27 0:40 /below /mnt/c rw - cifs //server/share rw\n"
      "34 27 0:41 / /mnt/short rw - tmpfs\n"
      "35 27\n";
  const auto stick = find_in_mount_table(table, "2");
  ASSERT_TRUE(stick);
  EXPECT_EQ(stick->mount.type, "fuseblk");
  EXPECT_EQ(stick->device, "0:39");
  EXPECT_EQ(stick->mount.source, "/dev/sd\tb1");
  EXPECT_EQ(stick->mount.directory, "/mnt/a b\\040");
  EXPECT_EQ(find_in_mount_table(table, "27")->mount.directory, "/");
  EXPECT_EQ(find_in_mount_table(table, "33")->mount.source, "//server/share");
  for (const auto* number : {"", "7", "34", "35", "36"})
    EXPECT_FALSE(find_in_mount_table(table, number)) << number;
}

}  // namespace
}  // namespace gopack
