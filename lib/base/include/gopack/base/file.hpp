// Open files and directories. Everything gopack writes goes through these two classes: names are
// resolved beneath an open directory, links are never followed, new files never replace old ones,
// and every write and close is checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "gopack/base/bytes.hpp"

namespace gopack {

// Owns a descriptor, on Windows a HANDLE, whose value has no more bits; closing in the destructor discards
// errors, close() reports them.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

enum class FileType { file, directory, symlink, other };

struct FileStatus {
  FileType type = FileType::other;
  std::uint64_t size = 0;  // bytes
  std::uint32_t mode = 0;  // permission bits
  std::int64_t mtime = 0;  // seconds since 1970
  std::uint64_t inode = 0;
  std::uint64_t names = 1;  // of the file: its hard links
};

// A regular file, open for reading or writing. Used by one thread at a time, but for read_at.
class File {
 public:
  // Opens an existing file for reading (following links: it is the user's own path).
  static File open(const std::filesystem::path& path);
  File(Descriptor descriptor, std::string name) : fd_(std::move(descriptor)), name_(std::move(name)) {}

  // Up to into.size() bytes from the current position; 0 at the end.
  std::size_t read(std::span<std::byte> into);
  // The same from `offset`, without a position of its own: any number of threads may call it.
  std::size_t read_at(std::span<std::byte> into, std::uint64_t offset) const;
  void write(ByteView bytes);
  void seek(std::uint64_t offset);
  void truncate(std::uint64_t size);
  FileStatus status() const;
  void set_mode(std::uint32_t mode);
  // Returns when data and metadata are on stable storage.
  void sync();
  // Advises the system to drop its copy of what has been flushed: the next read asks the medium.
  void forget() const;
  // Must be called after the last write: a full disk may be reported only here.
  void close();

  const std::string& name() const { return name_; }
  int descriptor() const { return fd_.get(); }
  // Gives the descriptor away.
  Descriptor release() { return std::move(fd_); }

 private:
  Descriptor fd_;
  std::string name_;  // for messages
};

// Reads a file from its current position in blocks of 256 KiB.
class FileSource final : public ByteSource {
 public:
  explicit FileSource(File& file) : file_(file), buffer_(256 << 10) {}
  ByteView next() override;

 private:
  File& file_;
  std::vector<std::byte> buffer_;
};

class FileSink final : public ByteSink {
 public:
  explicit FileSink(File& file) : file_(file) {}
  void write(ByteView bytes) override { file_.write(bytes); }

 private:
  File& file_;
};

// An open directory. Names are single components: no separator, not "." or "..".
class Dir {
 public:
  // Opens an existing directory at a path the user gave; links in it are followed.
  static Dir open(const std::filesystem::path& path);
  // Creates it and its parents (mode 0755 as the umask allows, never writable for others) when missing.
  static Dir ensure(const std::filesystem::path& path);

  Dir open_dir(const std::string& name) const;
  // Nothing when there is no directory of that name.
  std::optional<Dir> try_open_dir(const std::string& name) const;
  // Opens `name`, creating it when missing (mode 0755, whatever the umask is).
  Dir ensure_dir(const std::string& name) const;
  // Creates it; an existing one is an Error.
  Dir make_dir(const std::string& name, std::uint32_t mode = 0755) const;
  File open_file(const std::string& name) const;
  // Nothing when there is no regular file of that name.
  std::optional<File> try_open_file(const std::string& name) const;
  // O_EXCL: an existing name is an Error. The mode is exact, whatever the umask is. Of it
  // Windows has whether the file may be written, and, where others have no rights in it, that it is its
  // owner's alone.
  File create_file(const std::string& name, std::uint32_t mode = 0644) const;
  // For reading and writing, kept when it exists, else of mode 0644, whatever the umask is (for downloads in
  // progress and locks).
  File open_or_create(const std::string& name) const;

  // Sorted by name, without "." and "..".
  std::vector<std::string> names() const;
  std::optional<FileStatus> find(const std::string& name) const;  // does not follow links
  std::optional<std::string> find_link(const std::string& name) const;

  void rename(const std::string& from, const Dir& to_dir, const std::string& to) const;
  // False, and nothing done, when `to` exists already.
  bool rename_no_replace(const std::string& from, const Dir& to_dir, const std::string& to) const;
  void set_mode(std::uint32_t mode) const;
  void remove_file(const std::string& name) const;
  // Flushes this directory's entries.
  void sync() const;

  const std::filesystem::path& path() const { return path_; }
  int descriptor() const { return fd_.get(); }

 private:
  Dir(Descriptor descriptor, std::filesystem::path path)
      : fd_(std::move(descriptor)), path_(std::move(path)) {}

  Descriptor fd_;
  std::filesystem::path path_;  // for messages and for the programs we start
};

// The whole of a small file; nothing when there is no regular file of that name.
std::optional<std::string> find_text(const Dir& dir, const std::string& name, std::uint64_t limit);

// Sets the file's time of modification to now.
void touch(const Dir& dir, const std::string& name);
// The same to `mtime`, seconds since 1970; where the filesystem keeps none that old, nothing happens.
void set_time(const Dir& dir, const std::string& name, std::int64_t mtime);

// Removes a whole tree, read-only directories included; a missing one is fine. Throws Error (interrupted)
// between two files once `stop` is requested.
void remove_tree(const Dir& dir, const std::string& name, const std::stop_token& stop = {});

// Whether a file belongs to whom this process works for, or to the system's administrator.
bool is_of_this_user(const std::filesystem::path& path);

// The whole of a small file at a path the user gave.
std::string read_text(const std::filesystem::path& path, std::uint64_t limit);

}  // namespace gopack
