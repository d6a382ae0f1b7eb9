#include <gtest/gtest.h>

#include "gopack/base/mount.hpp"

namespace gopack {
namespace {

TEST(MountTest, FindsTheMountOfADirectory) {
  const auto proc = mount_of(Dir::open("/proc/self"));
  EXPECT_EQ(proc.type, "proc");
  EXPECT_EQ(proc.directory, "/proc");
  EXPECT_FALSE(proc.is_system);
  const auto root = mount_of(Dir::open("/"));
  EXPECT_EQ(root.directory, "/");
  EXPECT_TRUE(root.is_system);
}

TEST(MountTest, NoticesAMountPointWhereNothingIsMounted) {
  struct Row {
    const char* directory;
    const char* mounted;
    bool is_empty;
  };
  for (const auto& [directory, mounted, is_empty] : {
           Row{"/mnt/stick", "/", true},
           Row{"/mnt/stick/go", "/mnt/stick", false},
           Row{"/mnt/stick", "/mnt", false},
           Row{"/mnt", "/", false},
           Row{"/media/me/STICK", "/", true},
           Row{"/media/me/STICK", "/media/me/STICK", false},
           Row{"/run/media/me/STICK", "/run", true},
           Row{"/run/user/1000", "/run", false},
           Row{"/mntx/stick", "/", false},
           Row{"/home/me/mnt/stick", "/home", false},
       }) {
    EXPECT_EQ(is_empty_mount_point(directory, mounted), is_empty) << directory << " " << mounted;
  }
}

}  // namespace
}  // namespace gopack
