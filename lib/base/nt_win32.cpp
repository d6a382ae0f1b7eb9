#include <winternl.h>

#include <utility>
#include <vector>

#include "gopack/base/mount.hpp"
#include "gopack/base/windows_name.hpp"
#include "nt.hpp"

extern "C" {
NTSTATUS NTAPI NtSetInformationFile(HANDLE, PIO_STATUS_BLOCK, PVOID, ULONG, FILE_INFORMATION_CLASS);
NTSTATUS NTAPI NtFlushBuffersFile(HANDLE, PIO_STATUS_BLOCK);
}

namespace gopack::nt {

namespace {

constexpr ULONG kCreate = 2;
constexpr ULONG kOpenIf = 3;
constexpr ULONG kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
// FILE_OPEN_REPARSE_POINT, FILE_SYNCHRONOUS_IO_NONALERT, FILE_OPEN_FOR_BACKUP_INTENT
constexpr ULONG kOptions = 0x00200000 | 0x20 | 0x4000;
constexpr ULONG kDirectoryFile = 0x1;
constexpr ULONG kNonDirectory = 0x40;
constexpr Status kInvalidName = static_cast<Status>(0xC0000033);

// Classes of information, and their flags (ntifs.h).
constexpr int kRename = 10;
constexpr int kLink = 11;
constexpr int kDisposition = 13;
constexpr int kDispositionEx = 64;
constexpr int kRenameEx = 65;
constexpr int kFsFullSize = 7;
constexpr ULONG kReplace = 0x1;
constexpr ULONG kPosix = 0x2;
constexpr ULONG kIgnoreReadOnly = 0x40;
constexpr ULONG kDelete = 0x1;
constexpr ULONG kDeleteReadOnly = 0x10;

// Older systems and other filesystems do not know the calls that work as POSIX does.
bool is_unknown(Status status) {
  const auto code = static_cast<std::uint32_t>(status);
  return code == 0xC0000002 || code == 0xC0000003 || code == 0xC000000D || code == 0xC00000BB ||
         code == 0xC0000010;
}

Status set(int file, int kind, void* data, std::size_t size) {
  IO_STATUS_BLOCK done{};
  return ::NtSetInformationFile(win32::to_handle(file), &done, data, static_cast<ULONG>(size),
                                static_cast<FILE_INFORMATION_CLASS>(kind));
}

// What renames and links are told: flags or a Boolean, a directory and a name.
std::vector<std::byte> naming(ULONG flags, int dir, const std::string& name) {
  struct Head {
    ULONG flags;
    HANDLE root;
    ULONG length;
    WCHAR name[1];
  };
  const auto text = win32::wide(name);
  std::vector<std::byte> data(sizeof(Head) + text.size() * sizeof(WCHAR));
  auto* head = reinterpret_cast<Head*>(data.data());
  head->flags = flags;
  head->root = win32::to_handle(dir);
  head->length = static_cast<ULONG>(text.size() * sizeof(WCHAR));
  std::copy(text.begin(), text.end(), head->name);
  return data;
}

// Removes the attribute that keeps a file from being removed or replaced, and says what there was.
DWORD clear_read_only(HANDLE file) {
  FILE_BASIC_INFO info{};
  if (!::GetFileInformationByHandleEx(file, FileBasicInfo, &info, sizeof info)) return 0;
  if ((info.FileAttributes & FILE_ATTRIBUTE_READONLY) == 0) return 0;
  win32::set_attributes(file, info.FileAttributes & ~static_cast<DWORD>(FILE_ATTRIBUTE_READONLY));
  return info.FileAttributes;
}

bool may_be_made(const std::string& name) {
  return !find_windows_name_fault(name);
}

// Where the call that replaces as POSIX does is unknown: what is ReadOnly, or open, is not replaced there.
Status replace_by_rename(int file, int to_dir, const std::string& to) {
  const Opening to_change{.access = FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE};
  DWORD attributes = 0;
  if (const auto there = open(to_dir, to, to_change); there.status == kSuccess)
    attributes = clear_read_only(win32::to_handle(there.file.get()));
  auto data = naming(1, to_dir, to);
  const auto status = set(file, kRename, data.data(), data.size());
  if (status != kSuccess && attributes != 0) {
    const auto there = open(to_dir, to, to_change);
    if (there.status == kSuccess) win32::set_attributes(win32::to_handle(there.file.get()), attributes);
  }
  return status;
}

}  // namespace

int to_errno(Status status) {
  if (status == kIsADirectory) return EISDIR;
  if (status == kNotADirectory) return ENOTDIR;
  if (status == kDeletePending) return EBUSY;
  return win32::to_errno(::RtlNtStatusToDosError(status));
}

Opened open(int dir, const std::string& name, const Opening& opening) {
  const bool makes = opening.disposition == kCreate || opening.disposition == kOpenIf;
  if (makes && !may_be_made(name)) return {kInvalidName, {}, false};
  if (name.find_first_of(":\\/") != std::string::npos) return {kNameNotFound, {}, false};
  auto text = name == "." ? std::wstring() : win32::wide(name);  // ntdll knows no dots
  UNICODE_STRING unicode{static_cast<USHORT>(text.size() * sizeof(WCHAR)),
                         static_cast<USHORT>(text.size() * sizeof(WCHAR)), text.data()};
  OBJECT_ATTRIBUTES object{};
  object.Length = sizeof object;
  object.RootDirectory = win32::to_handle(dir);
  object.ObjectName = &unicode;
  object.Attributes = 0x40;  // OBJ_CASE_INSENSITIVE
  object.SecurityDescriptor = opening.rights;
  const ULONG kind = opening.kind == Kind::file        ? kNonDirectory
                     : opening.kind == Kind::directory ? kDirectoryFile
                                                       : 0;
  HANDLE file = INVALID_HANDLE_VALUE;
  IO_STATUS_BLOCK done{};
  const Status status =
      ::NtCreateFile(&file, opening.access | SYNCHRONIZE, &object, &done, nullptr, opening.attributes,
                     kShareAll, opening.disposition, kOptions | kind, nullptr, 0);
  if (status != kSuccess) return {status, {}, false};
  return {kSuccess, Descriptor(win32::to_descriptor(file)), done.Information == kCreate};
}

Opened open_patiently(int dir, const std::string& name, const Opening& opening) {
  return patiently([&] { return open(dir, name, opening); },
                   [](const Opened& opened) { return is_passing(opened.status); });
}

Status rename(int file, int to_dir, const std::string& to, bool replace) {
  if (!may_be_made(to)) return kInvalidName;
  auto data = naming(replace ? kReplace | kPosix | kIgnoreReadOnly : 0, to_dir, to);
  if (replace) {
    const auto status = set(file, kRenameEx, data.data(), data.size());
    if (!is_unknown(status)) return status;
    return replace_by_rename(file, to_dir, to);
  }
  return set(file, kRename, data.data(), data.size());
}

Status link(int file, int to_dir, const std::string& to) {
  if (!may_be_made(to)) return kInvalidName;
  auto data = naming(0, to_dir, to);
  return set(file, kLink, data.data(), data.size());
}

Status remove(int file) {
  ULONG flags = kDelete | kPosix | kDeleteReadOnly;
  const auto status = set(file, kDispositionEx, &flags, sizeof flags);
  if (!is_unknown(status)) return status;
  const auto handle = win32::to_handle(file);
  const auto attributes = clear_read_only(handle);
  BOOLEAN gone = TRUE;
  const auto removed = set(file, kDisposition, &gone, sizeof gone);
  if (attributes != 0) win32::set_attributes(handle, attributes);  // other names of the file have it, too
  return removed;
}

void flush(int file, const Dir& of) {
  IO_STATUS_BLOCK done{};
  const Status status = ::NtFlushBuffersFile(win32::to_handle(file), &done);
  if (status != kSuccess && status != kAccessDenied && !is_unknown(status))
    win32::fail(to_errno(status), of, "flush");
}

void flush_root(const Dir& dir) {
  const auto root = mount_root(dir.path());
  const Descriptor opened(
      win32::to_descriptor(::CreateFileW(win32::long_path(root).c_str(), FILE_ADD_SUBDIRECTORY | SYNCHRONIZE,
                                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                         OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr)));
  if (opened) flush(opened.get(), dir);
}

Status full_size(int file, FullSize& size) {
  IO_STATUS_BLOCK done{};
  return ::NtQueryVolumeInformationFile(win32::to_handle(file), &done, &size, sizeof size,
                                        static_cast<FS_INFORMATION_CLASS>(kFsFullSize));
}

}  // namespace gopack::nt
