#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "gopack/base/windows_name.hpp"
#include "nt.hpp"
#include "remove_directory.hpp"

namespace gopack {

namespace {

namespace fs = std::filesystem;

constexpr ACCESS_MASK kLook = FILE_READ_ATTRIBUTES | SYNCHRONIZE;
constexpr ACCESS_MASK kSetAttributes = kLook | FILE_WRITE_ATTRIBUTES;
constexpr ACCESS_MASK kUseDirectory = kLook | FILE_LIST_DIRECTORY | FILE_TRAVERSE;
constexpr ULONG kOpen = 1;
constexpr ULONG kCreate = 2;
constexpr ULONG kOpenIf = 3;

const nt::Opening kDirectoryToUse{.access = kUseDirectory, .kind = nt::Kind::directory};

bool is_absent(nt::Status status) {
  return status == nt::kNameNotFound || status == nt::kPathNotFound || status == nt::kNotADirectory;
}

bool is_link(const Descriptor& file) {
  return win32::status_of(win32::to_handle(file.get())).type == FileType::symlink;
}

[[noreturn]] void fail(nt::Status status, const Dir& dir, std::string_view verb,
                       const std::string& name = {}) {
  win32::fail(nt::to_errno(status), dir, verb, name);
}

// What somebody names who wants a file or directory made there.
void require_windows_name(const Dir& dir, std::string_view verb, const std::string& name) {
  const auto fault = find_windows_name_fault(name);
  if (!fault) return;
  throw Error(ErrorKind::failed, fmt::format("cannot {} {}: {}", verb, printable(dir.path() / name), *fault))
      .with_hint("choose another name");
}

void require_windows_path(const fs::path& path) {
  for (const auto& component : path.relative_path()) {
    const auto name = component.string();
    if (name.empty() || name == "." || name == "..") continue;
    if (const auto fault = find_windows_name_fault(name)) {
      throw Error(ErrorKind::failed, fmt::format("cannot create directory {}: {}", printable(path), *fault))
          .with_hint("choose another name");
    }
  }
}

void make_directories(const fs::path& path) {
  const auto make = [&] {
    return ::CreateDirectoryW(win32::long_path(path).c_str(), nullptr) ? ERROR_SUCCESS : ::GetLastError();
  };
  auto code = make();
  // Whoever may not write to a drive is told so, though its root is there.
  const auto is_there = [&] {
    const auto attributes = ::GetFileAttributesW(win32::long_path(path).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  };
  if (code == ERROR_SUCCESS || code == ERROR_ALREADY_EXISTS || is_there()) return;
  const auto parent = path.parent_path();
  if (code == ERROR_PATH_NOT_FOUND && !parent.empty() && parent != path) {
    make_directories(parent);
    code = make();
  }
  if (code != ERROR_SUCCESS && code != ERROR_ALREADY_EXISTS)
    throw system_error(win32::to_errno(code), fmt::format("create directory {}", printable(path)));
}

File to_file(nt::Opened opened, const Dir& dir, std::string_view verb, const std::string& name) {
  if (opened.status != nt::kSuccess) fail(opened.status, dir, verb, name);
  return {std::move(opened.file), (dir.path() / name).string()};
}

void remove(const Dir& dir, const std::string& name, nt::Kind kind, std::string_view verb) {
  const nt::Opening opening{.access = kSetAttributes | DELETE, .kind = kind};
  const auto opened = nt::open_patiently(dir.descriptor(), name, opening);
  if (opened.status == nt::kNameNotFound) return;
  if (opened.status != nt::kSuccess) fail(opened.status, dir, verb, name);
  const auto status =
      nt::patiently([&] { return nt::remove(opened.file.get()); },
                    [&](nt::Status said) {
                      // A scanner has it, or one of what was in it, open or mapped.
                      return nt::is_passing(said) || said == nt::kNotEmpty || said == nt::kCannotDelete;
                    });
  if (status != nt::kSuccess && status != nt::kDeletePending) fail(status, dir, verb, name);
}

// Adds all names, and returns what the system said at the end of them.
template <typename Entry>
DWORD list_names(HANDLE directory, FILE_INFO_BY_HANDLE_CLASS kind, std::vector<std::string>& names) {
  alignas(8) std::byte buffer[16 << 10];
  while (::GetFileInformationByHandleEx(directory, kind, buffer, sizeof buffer)) {
    for (const std::byte* at = buffer;;) {
      const auto* entry = reinterpret_cast<const Entry*>(at);
      auto name = win32::narrow({entry->FileName, entry->FileNameLength / sizeof(WCHAR)});
      if (name != "." && name != "..") names.push_back(std::move(name));
      if (entry->NextEntryOffset == 0) break;
      at += entry->NextEntryOffset;
    }
  }
  return ::GetLastError();
}

}  // namespace

Dir Dir::open(const fs::path& path) {
  const auto full = win32::long_path(path);
  Descriptor handle(win32::to_descriptor(
      ::CreateFileW(full.c_str(), kUseDirectory, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr)));
  const auto code = handle ? 0 : win32::last_error();
  if (!handle) throw system_error(code, fmt::format("open directory {}", printable(path)));
  if (win32::status_of(win32::to_handle(handle.get())).type != FileType::directory)
    throw system_error(ENOTDIR, fmt::format("open directory {}", printable(path)));
  return {std::move(handle), path};
}

Dir Dir::ensure(const fs::path& path) {
  require_windows_path(path);
  make_directories(path);
  return open(path);
}

Dir Dir::open_dir(const std::string& name) const {
  auto opened = nt::open(fd_.get(), name, kDirectoryToUse);
  if (opened.status != nt::kSuccess) fail(opened.status, *this, "open directory", name);
  if (is_link(opened.file)) win32::fail(ENOTDIR, *this, "open directory", name);
  return {std::move(opened.file), path_ / name};
}

std::optional<Dir> Dir::try_open_dir(const std::string& name) const {
  auto opened = nt::open(fd_.get(), name, kDirectoryToUse);
  if (is_absent(opened.status)) return std::nullopt;
  if (opened.status != nt::kSuccess) fail(opened.status, *this, "open directory", name);
  if (is_link(opened.file)) return std::nullopt;
  return Dir(std::move(opened.file), path_ / name);
}

Dir Dir::ensure_dir(const std::string& name) const {
  require_windows_name(*this, "create directory", name);
  auto opening = kDirectoryToUse;
  opening.disposition = kOpenIf;
  auto opened = nt::open_patiently(fd_.get(), name, opening);
  if (opened.status != nt::kSuccess) fail(opened.status, *this, "create directory", name);
  if (is_link(opened.file)) win32::fail(ENOTDIR, *this, "open directory", name);
  return {std::move(opened.file), path_ / name};
}

Dir Dir::make_dir(const std::string& name, std::uint32_t) const {
  require_windows_name(*this, "create directory", name);
  auto opening = kDirectoryToUse;
  opening.disposition = kCreate;
  auto opened = nt::open_patiently(fd_.get(), name, opening);
  if (opened.status != nt::kSuccess) fail(opened.status, *this, "create directory", name);
  return {std::move(opened.file), path_ / name};
}

File Dir::open_file(const std::string& name) const {
  auto file = to_file(nt::open_patiently(fd_.get(), name, {.access = GENERIC_READ}), *this, "open", name);
  if (file.status().type == FileType::symlink) win32::fail(ELOOP, *this, "open", name);
  return file;
}

std::optional<File> Dir::try_open_file(const std::string& name) const {
  auto opened = nt::open_patiently(fd_.get(), name, {.access = GENERIC_READ});
  if (is_absent(opened.status)) return std::nullopt;
  auto file = to_file(std::move(opened), *this, "open", name);
  if (file.status().type != FileType::file) return std::nullopt;
  return file;
}

// A file that is to be ReadOnly, or its owner's alone, is so from the start: the handle that makes it may
// write all the same.
File Dir::create_file(const std::string& name, std::uint32_t mode) const {
  require_windows_name(*this, "create", name);
  const DWORD attributes = (mode & 0222) == 0 ? FILE_ATTRIBUTE_READONLY : FILE_ATTRIBUTE_NORMAL;
  std::optional<win32::RightsOfOwner> rights;
  if ((mode & 077) == 0) rights.emplace();
  const nt::Opening opening{.access = GENERIC_WRITE | FILE_READ_ATTRIBUTES,
                            .disposition = kCreate,
                            .kind = nt::Kind::file,
                            .attributes = attributes,
                            .rights = rights ? rights->get() : nullptr};
  return to_file(nt::open_patiently(fd_.get(), name, opening), *this, "create", name);
}

File Dir::open_or_create(const std::string& name) const {
  require_windows_name(*this, "open", name);
  const nt::Opening opening{
      .access = GENERIC_READ | GENERIC_WRITE, .disposition = kOpenIf, .kind = nt::Kind::file};
  auto file = to_file(nt::open_patiently(fd_.get(), name, opening), *this, "open", name);
  if (file.status().type == FileType::symlink) win32::fail(ELOOP, *this, "open", name);
  return file;
}

std::vector<std::string> Dir::names() const {
  const auto own = nt::open(fd_.get(), "", kDirectoryToUse);  // its place in the list is its own
  if (own.status != nt::kSuccess) fail(own.status, *this, "read directory");
  const auto handle = win32::to_handle(own.file.get());
  std::vector<std::string> names;
  auto code = list_names<FILE_ID_BOTH_DIR_INFO>(handle, FileIdBothDirectoryInfo, names);
  // Shares of terminal servers and virtual machines know no numbers of files (golang/go#62044).
  if (code == ERROR_INVALID_PARAMETER || code == ERROR_NOT_SUPPORTED || code == ERROR_INVALID_LEVEL)
    code = list_names<FILE_FULL_DIR_INFO>(handle, FileFullDirectoryInfo, names);
  // Roots without any entry are told as if they were not there (golang/go#61159).
  if (code != ERROR_NO_MORE_FILES && !(code == ERROR_FILE_NOT_FOUND && names.empty()))
    win32::fail(win32::to_errno(code), *this, "read directory");
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<FileStatus> Dir::find(const std::string& name) const {
  const auto opened = nt::open(fd_.get(), name, {.access = kLook});
  if (is_absent(opened.status) || opened.status == nt::kDeletePending) return std::nullopt;
  if (opened.status != nt::kSuccess) fail(opened.status, *this, "examine", name);
  return win32::status_of(win32::to_handle(opened.file.get()));
}

void Dir::rename(const std::string& from, const Dir& to_dir, const std::string& to) const {
  require_windows_name(to_dir, "rename to", to);
  const auto is_directory = [&] {
    const auto there = to_dir.find(to);
    return there && there->type == FileType::directory;
  };
  const auto opened = nt::open_patiently(fd_.get(), from, {.access = kLook | DELETE});
  auto status = opened.status;
  if (status == nt::kSuccess) {
    status = nt::patiently([&] { return nt::rename(opened.file.get(), to_dir.fd_.get(), to, true); },
                           [&](nt::Status said) {
                             // A file that somebody reads cannot be replaced at this moment.
                             return nt::is_passing(said) || (said == nt::kAccessDenied && !is_directory());
                           });
  }
  if (status == nt::kSuccess) return;
  throw system_error(nt::to_errno(status),
                     fmt::format("rename {} to {}", printable(path_ / from), printable(to_dir.path_ / to)));
}

bool Dir::rename_no_replace(const std::string& from, const Dir& to_dir, const std::string& to) const {
  require_windows_name(to_dir, "rename to", to);
  const auto opened = nt::open_patiently(fd_.get(), from, {.access = kLook | DELETE});
  auto status = opened.status;
  if (status == nt::kSuccess) {
    status = nt::patiently([&] { return nt::rename(opened.file.get(), to_dir.fd_.get(), to, false); },
                           [&](nt::Status said) {
                             // Of a directory in which a scanner has a file open.
                             return nt::is_passing(said) || said == nt::kAccessDenied;
                           });
  }
  if (status == nt::kSuccess) return true;
  if (status == nt::kNameCollision) return false;
  throw system_error(nt::to_errno(status),
                     fmt::format("rename {} to {}", printable(path_ / from), printable(to_dir.path_ / to)));
}

void Dir::set_mode(std::uint32_t) const {}  // directories have none there

void Dir::remove_file(const std::string& name) const {
  remove(*this, name, nt::Kind::any, "remove");
}

// FAT and exFAT write nothing for a directory, and all they have for that of the drive.
void Dir::sync() const {
  const auto opened = nt::open(
      fd_.get(), "", {.access = kLook | FILE_ADD_FILE | FILE_ADD_SUBDIRECTORY, .kind = nt::Kind::directory});
  if (opened.status == nt::kSuccess) nt::flush(opened.file.get(), *this);
  if (!win32::has_rights(win32::to_handle(fd_.get()))) nt::flush_root(*this);
}

void touch(const Dir& dir, const std::string& name) {
  FILETIME now{};
  ::GetSystemTimeAsFileTime(&now);
  const auto opened = nt::open_patiently(dir.descriptor(), name, {.access = kSetAttributes});
  if (opened.status != nt::kSuccess) fail(opened.status, dir, "set the time of", name);
  if (!::SetFileTime(win32::to_handle(opened.file.get()), nullptr, nullptr, &now))
    win32::fail(win32::last_error(), dir, "set the time of", name);
}

void set_time(const Dir& dir, const std::string& name, std::int64_t mtime) {
  const auto opened = nt::open_patiently(dir.descriptor(), name, {.access = kSetAttributes});
  if (opened.status != nt::kSuccess) fail(opened.status, dir, "set the time of", name);
  const auto time = win32::to_file_time(mtime);
  ::SetFileTime(win32::to_handle(opened.file.get()), nullptr, nullptr, &time);
}

void remove_directory(const Dir& dir, const std::string& name) {
  remove(dir, name, nt::Kind::directory, "remove directory");
}

}  // namespace gopack
