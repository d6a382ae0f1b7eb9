// A file system with one file, "disk", that behaves as a bad stick does.
//   faulty_disk BACKING FAULT NUMBER MOUNTPOINT [FUSE OPTION…]
// BACKING is a file of the size that the stick claims. Faults, from byte NUMBER on or at it:
//   none         keeps everything
//   wrap         addresses begin again: it has NUMBER bytes
//   lose         writes are lost, and zeros are read
//   lose-middle  the same, but for its last MiB
//   flip         a bit of that byte is another one when it is read
//   end          reads end
//   gone-write   writes fail with EIO; so do all reads and writes afterwards
//   gone-read    reads fail with EIO
//   stall-write  a write of that byte ends when somebody opens the pipe "answer" beside BACKING
//   stall-read   so does a read of it
//   keep-head    the first NUMBER bytes never change
// The file "offsets" beside BACKING gets a line "w OFFSET SIZE" or "s" (flush) for each thing that was done.
#define FUSE_USE_VERSION 31
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace {

int backing = -1;
int log_file = -1;
std::string fault;
std::string answer;  // a pipe
off_t number = 0;
off_t claimed = 0;
std::atomic<bool> is_gone = false;

constexpr const char* kDisk = "/disk";

void tell(const std::string& line) {
  if (::write(log_file, line.data(), line.size()) < 0) std::perror("log");
}

void wait_for_answer() {
  const int fd = ::open(answer.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
}

bool covers(off_t offset, std::size_t size) {
  return offset <= number && number < offset + static_cast<off_t>(size);
}

bool reaches(off_t offset, std::size_t size) {
  return offset + static_cast<off_t>(size) > number;
}

int describe(const char* path, struct stat* status, fuse_file_info*) {
  const bool is_disk = std::strcmp(path, kDisk) == 0;
  if (!is_disk && std::strcmp(path, "/") != 0) return -ENOENT;
  status->st_mode = is_disk ? S_IFREG | 0600 : S_IFDIR | 0700;
  status->st_nlink = 1;
  status->st_size = is_disk ? claimed : 0;
  return 0;
}

int done(ssize_t result) {
  return result < 0 ? -errno : static_cast<int>(result);
}

// Piece by piece, so that a request may reach over the end of what there is.
template <typename Transfer>
int wrapped(off_t offset, std::size_t size, Transfer transfer) {
  std::size_t moved = 0;
  while (moved < size) {
    const off_t place = (offset + static_cast<off_t>(moved)) % number;
    const auto part = std::min<std::size_t>(size - moved, static_cast<std::size_t>(number - place));
    if (transfer(moved, part, place) != static_cast<ssize_t>(part)) return -EIO;
    moved += part;
  }
  return static_cast<int>(size);
}

int read_disk(const char*, char* buffer, std::size_t size, off_t offset, fuse_file_info*) {
  size = static_cast<std::size_t>(
      std::min<off_t>(static_cast<off_t>(size), std::max<off_t>(claimed - offset, 0)));
  const bool is_reached = reaches(offset, size);
  if (is_gone || (fault == "gone-read" && is_reached)) return -EIO;
  if (fault == "stall-read" && covers(offset, size)) wait_for_answer();
  if (fault == "wrap") {
    return wrapped(offset, size, [&](std::size_t at, std::size_t part, off_t place) {
      return ::pread(backing, buffer + at, part, place);
    });
  }
  if (fault == "end" && is_reached) size = static_cast<std::size_t>(std::max<off_t>(number - offset, 0));
  const auto count = ::pread(backing, buffer, size, offset);
  if (fault == "flip" && offset <= number && number < offset + count) buffer[number - offset] ^= 0x10;
  return done(count);
}

int write_disk(const char*, const char* buffer, std::size_t size, off_t offset, fuse_file_info*) {
  tell("w " + std::to_string(offset) + " " + std::to_string(size) + "\n");
  const bool is_reached = reaches(offset, size);
  if (fault == "gone-write" && is_reached) is_gone = true;
  if (is_gone) return -EIO;
  if (fault == "stall-write" && covers(offset, size)) wait_for_answer();
  if (fault == "wrap") {
    return wrapped(offset, size, [&](std::size_t at, std::size_t part, off_t place) {
      return ::pwrite(backing, buffer + at, part, place);
    });
  }
  std::size_t first = 0;
  std::size_t kept = size;
  const bool is_lost = fault == "lose" || (fault == "lose-middle" && offset < claimed - (1 << 20));
  if (is_lost && is_reached) kept = static_cast<std::size_t>(std::max<off_t>(number - offset, 0));
  if (fault == "keep-head" && offset < number)
    first = std::min(size, static_cast<std::size_t>(number - offset));
  const auto count =
      kept > first ? ::pwrite(backing, buffer + first, kept - first, offset + static_cast<off_t>(first)) : 0;
  return count < 0 ? -errno : static_cast<int>(size);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: faulty_disk BACKING FAULT NUMBER MOUNTPOINT [FUSE OPTION...]\n");
    return 2;
  }
  backing = ::open(argv[1], O_RDWR | O_CLOEXEC);
  const auto beside = std::filesystem::path(argv[1]).parent_path();
  answer = beside / "answer";
  const auto log = beside / "offsets";
  log_file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (backing < 0 || log_file < 0) {
    std::perror(argv[1]);
    return 1;
  }
  fault = argv[2];
  number = std::stoll(argv[3]);
  claimed = ::lseek(backing, 0, SEEK_END);
  fuse_operations ops{};
  ops.getattr = describe;
  ops.open = [](const char*, fuse_file_info* info) {
    info->direct_io = 1;  // no cache of the system between
    return 0;
  };
  ops.read = read_disk;
  ops.write = write_disk;
  ops.fsync = [](const char*, int, fuse_file_info*) {
    tell("s\n");
    return is_gone ? -EIO : 0;
  };
  std::vector<char*> rest{argv[0]};
  rest.insert(rest.end(), argv + 4, argv + argc);
  return fuse_main(static_cast<int>(rest.size()), rest.data(), &ops, nullptr);
}
