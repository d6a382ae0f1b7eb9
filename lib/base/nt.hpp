// The calls of ntdll that Win32 has no counterpart for: they take names relative to an open directory.
// Private to base.
#pragma once

#include "win32.hpp"

namespace gopack::nt {

using Status = std::int32_t;
constexpr Status kSuccess = 0;
constexpr Status kNameNotFound = static_cast<Status>(0xC0000034);
constexpr Status kPathNotFound = static_cast<Status>(0xC000003A);
constexpr Status kNameCollision = static_cast<Status>(0xC0000035);
constexpr Status kNotADirectory = static_cast<Status>(0xC0000103);
constexpr Status kIsADirectory = static_cast<Status>(0xC00000BA);
constexpr Status kAccessDenied = static_cast<Status>(0xC0000022);
constexpr Status kSharingViolation = static_cast<Status>(0xC0000043);
constexpr Status kDeletePending = static_cast<Status>(0xC0000056);
constexpr Status kNotEmpty = static_cast<Status>(0xC0000101);
constexpr Status kCannotDelete = static_cast<Status>(0xC0000121);

int to_errno(Status status);

enum class Kind { any, file, directory };

struct Opening {
  ACCESS_MASK access = 0;
  ULONG disposition = 1;  // FILE_OPEN; 2 FILE_CREATE, 3 FILE_OPEN_IF
  Kind kind = Kind::any;
  DWORD attributes = FILE_ATTRIBUTE_NORMAL;
  PSECURITY_DESCRIPTOR rights = nullptr;  // of what is made; none: those that the directory passes on
};

struct Opened {
  Status status = kSuccess;
  Descriptor file;
  bool is_new = false;
};

// `name` in the directory; an empty one is the directory itself. Links are not followed. Names that Windows
// takes for something else than a file (streams) do not exist, and none is made that it would not take.
Opened open(int dir, const std::string& name, const Opening& opening);
// The same, again for ten seconds while a scanner or the like has it open.
Opened open_patiently(int dir, const std::string& name, const Opening& opening);

Status rename(int file, int to_dir, const std::string& to, bool replace);
Status link(int file, int to_dir, const std::string& to);
// Marks it: it is gone once it is closed, at the latest by everyone.
Status remove(int file);
// Throws Error for what was lost. A filesystem that cannot flush it, or a user who may not, loses nothing.
void flush(int file, const Dir& of);
// Windows lets administrators alone flush a volume, but whoever may make a directory in its root can flush
// that, with which FAT, exFAT and NTFS write all they have. Else what gopack flushes by name has to do.
// Throws Error as flush() does.
void flush_root(const Dir& dir);

struct FullSize {
  std::int64_t units = 0;
  std::int64_t available_to_caller = 0;
  std::int64_t available = 0;
  ULONG sectors = 1;  // a unit
  ULONG bytes = 1;    // a sector
};
Status full_size(int file, FullSize& size);

// Runs `call` until it says something else than that others have the file open, for ten seconds.
template <typename Call, typename Passes>
auto patiently(Call call, Passes passes) {
  constexpr int kTries = 100;
  constexpr DWORD kPause = 100;  // ms
  auto result = call();
  for (int i = 0; i < kTries && passes(result); ++i) {
    ::Sleep(kPause);
    result = call();
  }
  return result;
}

inline bool is_passing(Status status) {
  return status == kSharingViolation || status == kDeletePending;
}

}  // namespace gopack::nt
