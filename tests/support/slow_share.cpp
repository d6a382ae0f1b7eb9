// A file system that shows a directory as a slow server would: every operation takes that much longer. File
// locks are the machine's own ("local"), or the server never answers ("hang").
//   slow_share DIRECTORY MICROSECONDS local|hang MOUNTPOINT [FUSE OPTION…]
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace {

std::string root;
std::chrono::microseconds delay;

std::string below(const char* path) {
  return root + path;
}

// The result of a system call as FUSE wants it, after the delay.
template <typename Call>
int slow(Call call) {
  std::this_thread::sleep_for(delay);
  const auto result = call();
  return result < 0 ? -errno : static_cast<int>(result);
}

int to_handle(int fd, fuse_file_info* info) {
  if (fd >= 0) info->fh = static_cast<std::uint64_t>(fd);
  return fd < 0 ? fd : 0;
}

int handle(const fuse_file_info* info) {
  return static_cast<int>(info->fh);
}

int read_directory(const char* path, void* buffer, fuse_fill_dir_t fill, off_t, fuse_file_info*,
                   fuse_readdir_flags) {
  return slow([&] {
    DIR* const dir = ::opendir(below(path).c_str());
    if (dir == nullptr) return -1;
    while (const dirent* entry = ::readdir(dir)) fill(buffer, entry->d_name, nullptr, 0, {});
    return ::closedir(dir);
  });
}

fuse_operations operations(bool locks_hang) {
  fuse_operations ops{};
  ops.init = [](fuse_conn_info* connection, fuse_config*) -> void* {
    connection->want |= connection->capable & FUSE_CAP_PARALLEL_DIROPS;  // as clients of real shares look up
    return nullptr;
  };
  ops.getattr = [](const char* path, struct stat* status, fuse_file_info*) {
    return slow([&] { return ::lstat(below(path).c_str(), status); });
  };
  ops.mkdir = [](const char* path, mode_t mode) {
    return slow([&] { return ::mkdir(below(path).c_str(), mode); });
  };
  ops.unlink = [](const char* path) { return slow([&] { return ::unlink(below(path).c_str()); }); };
  ops.rmdir = [](const char* path) { return slow([&] { return ::rmdir(below(path).c_str()); }); };
  ops.rename = [](const char* from, const char* to, unsigned flags) {
    if (flags != 0) return -EINVAL;
    return slow([&] { return ::rename(below(from).c_str(), below(to).c_str()); });
  };
  ops.chmod = [](const char* path, mode_t mode, fuse_file_info*) {
    return slow([&] { return ::chmod(below(path).c_str(), mode); });
  };
  ops.truncate = [](const char* path, off_t size, fuse_file_info*) {
    return slow([&] { return ::truncate(below(path).c_str(), size); });
  };
  ops.utimens = [](const char* path, const timespec times[2], fuse_file_info*) {
    return slow([&] { return ::utimensat(AT_FDCWD, below(path).c_str(), times, AT_SYMLINK_NOFOLLOW); });
  };
  ops.open = [](const char* path, fuse_file_info* info) {
    return to_handle(slow([&] { return ::open(below(path).c_str(), info->flags); }), info);
  };
  ops.create = [](const char* path, mode_t mode, fuse_file_info* info) {
    return to_handle(slow([&] { return ::open(below(path).c_str(), info->flags, mode); }), info);
  };
  ops.read = [](const char*, char* buffer, std::size_t size, off_t offset, fuse_file_info* info) {
    return slow([&] { return ::pread(handle(info), buffer, size, offset); });
  };
  ops.write = [](const char*, const char* buffer, std::size_t size, off_t offset, fuse_file_info* info) {
    return slow([&] { return ::pwrite(handle(info), buffer, size, offset); });
  };
  ops.flush = [](const char*, fuse_file_info*) { return slow([] { return 0; }); };
  ops.fsync = [](const char*, int, fuse_file_info* info) {
    return slow([&] { return ::fsync(handle(info)); });
  };
  ops.release = [](const char*, fuse_file_info* info) { return slow([&] { return ::close(handle(info)); }); };
  ops.statfs = [](const char* path, struct statvfs* status) {
    return slow([&] { return ::statvfs(below(path).c_str(), status); });
  };
  ops.readdir = read_directory;
  if (locks_hang) {
    ops.flock = [](const char*, fuse_file_info*, int) {
      for (;;) ::pause();
      return 0;
    };
  }
  return ops;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: slow_share DIRECTORY MICROSECONDS local|hang MOUNTPOINT [FUSE OPTION...]\n");
    return 2;
  }
  root = argv[1];
  delay = std::chrono::microseconds(std::stol(argv[2]));
  std::vector<char*> rest{argv[0]};
  rest.insert(rest.end(), argv + 4, argv + argc);
  const auto ops = operations(argv[3] == std::string("hang"));
  return fuse_main(static_cast<int>(rest.size()), rest.data(), &ops, nullptr);
}
