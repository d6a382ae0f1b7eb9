#include "win32.hpp"

#include <aclapi.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace gopack::win32 {

namespace {

constexpr std::int64_t kTicks = 10'000'000;                // a second of Windows' clock
constexpr std::int64_t kEpoch = 11'644'473'600;            // seconds from 1601 to 1970
constexpr ULONG kIsNameSurrogate = 0x20000000;             // of a reparse tag: it stands for another name
constexpr std::wstring_view kLong = L"\\\\?\\";            // no limit, and no parsing
constexpr std::wstring_view kLongShare = L"\\\\?\\UNC\\";  // the same of a share
constexpr std::wstring_view kDevice = L"\\\\.\\";          // "nul", where somebody asks for it

bool is_link(HANDLE file) {
  FILE_ATTRIBUTE_TAG_INFO tag{};
  return ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &tag, sizeof tag) != 0 &&
         (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 && (tag.ReparseTag & kIsNameSurrogate) != 0;
}

// A TOKEN_USER, which names the user as whom this process runs; empty where Windows does not tell.
std::vector<std::byte> this_user() {
  HANDLE token = nullptr;
  if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token)) return {};
  const Descriptor closing(to_descriptor(token));
  DWORD size = 0;
  ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
  std::vector<std::byte> data(size);
  if (!::GetTokenInformation(token, TokenUser, data.data(), size, &size)) return {};
  return data;
}

PSID sid_of(const std::vector<std::byte>& user) {
  return reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid;
}

bool is_user(PSID owner) {
  const auto user = this_user();
  return !user.empty() && ::EqualSid(owner, sid_of(user)) != 0;
}

}  // namespace

std::wstring wide(std::string_view text) {
  const auto size = static_cast<int>(text.size());
  const int length = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0);
  std::wstring result(static_cast<std::size_t>(length), L'\0');
  ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, result.data(), length);
  return result;
}

std::string narrow(std::wstring_view text) {
  const auto size = static_cast<int>(text.size());
  const int length = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, nullptr, 0, nullptr, nullptr);
  std::string result(static_cast<std::size_t>(length), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, result.data(), length, nullptr, nullptr);
  return result;
}

std::wstring long_path(const std::filesystem::path& path) {
  std::wstring text = path.native();
  std::replace(text.begin(), text.end(), L'/', L'\\');
  if (text.starts_with(kLong)) return text;
  if (text.size() == 2 && text[1] == L':') text += L'\\';
  std::wstring full(::GetFullPathNameW(text.c_str(), 0, nullptr, nullptr), L'\0');
  full.resize(::GetFullPathNameW(text.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
  if (full.starts_with(kDevice)) return full;
  if (full.starts_with(L"\\\\")) return std::wstring(kLongShare) + full.substr(2);
  return std::wstring(kLong) + full;
}

std::wstring without_prefix(std::wstring path) {
  if (path.starts_with(kLongShare)) return L"\\\\" + path.substr(kLongShare.size());
  const bool has_drive = path.size() > kLong.size() + 1 && path[kLong.size() + 1] == L':';
  if (path.starts_with(kLong) && has_drive) return path.substr(kLong.size());
  return path;
}

FileStatus status_of(HANDLE file) {
  BY_HANDLE_FILE_INFORMATION info{};
  if (!::GetFileInformationByHandle(file, &info)) throw system_error(last_error(), "examine a file");
  const auto join = [](DWORD high, DWORD low) { return std::uint64_t{high} << 32 | low; };
  FileStatus status;
  const bool is_directory = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  const bool is_read_only = !is_directory && (info.dwFileAttributes & FILE_ATTRIBUTE_READONLY) != 0;
  status.type = is_link(file) ? FileType::symlink : is_directory ? FileType::directory : FileType::file;
  status.size = join(info.nFileSizeHigh, info.nFileSizeLow);
  status.mode = is_read_only ? 0555 : 0755;
  const auto ticks = join(info.ftLastWriteTime.dwHighDateTime, info.ftLastWriteTime.dwLowDateTime);
  status.mtime = static_cast<std::int64_t>(ticks) / kTicks - kEpoch;
  status.inode = join(info.nFileIndexHigh, info.nFileIndexLow);
  status.names = info.nNumberOfLinks;
  return status;
}

FILETIME to_file_time(std::int64_t seconds) {
  const auto ticks = static_cast<std::uint64_t>((seconds + kEpoch) * kTicks);
  return {static_cast<DWORD>(ticks), static_cast<DWORD>(ticks >> 32)};
}

bool set_attributes(HANDLE file, DWORD attributes) {
  FILE_BASIC_INFO info{};
  info.FileAttributes = attributes != 0 ? attributes : FILE_ATTRIBUTE_NORMAL;
  return ::SetFileInformationByHandle(file, FileBasicInfo, &info, sizeof info) != 0;
}

bool change_mode(HANDLE file, std::uint32_t mode) {
  FILE_BASIC_INFO info{};
  if (!::GetFileInformationByHandleEx(file, FileBasicInfo, &info, sizeof info)) return false;
  if ((info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return true;
  constexpr DWORD kReadOnly = FILE_ATTRIBUTE_READONLY;
  const bool is_read_only = (mode & 0222) == 0;
  if (is_read_only == ((info.FileAttributes & kReadOnly) != 0)) return true;
  return set_attributes(file, info.FileAttributes ^ kReadOnly);
}

bool has_rights(HANDLE file) {
  DWORD flags = 0;
  return ::GetVolumeInformationByHandleW(file, nullptr, 0, nullptr, nullptr, &flags, nullptr, 0) == 0 ||
         (flags & FILE_PERSISTENT_ACLS) != 0;
}

// (FAT's files would be told to be everyone's.)
bool is_owned_by_this_user(HANDLE file) {
  if (!has_rights(file)) return true;
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (::GetSecurityInfo(file, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr, nullptr,
                        &descriptor) != ERROR_SUCCESS)
    return false;
  const std::unique_ptr<void, decltype([](void* memory) { ::LocalFree(memory); })> freeing(descriptor);
  return owner == nullptr || is_user(owner) || ::IsWellKnownSid(owner, WinBuiltinAdministratorsSid) != 0 ||
         ::IsWellKnownSid(owner, WinLocalSystemSid) != 0;
}

RightsOfOwner::RightsOfOwner() : user_(this_user()) {
  constexpr DWORD kRights = FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE | WRITE_DAC;
  if (user_.empty()) throw system_error(last_error(), "find out as whom gopack runs");
  list_.resize(sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) + ::GetLengthSid(sid_of(user_)));
  auto* list = reinterpret_cast<ACL*>(list_.data());
  // Protected: what the directory allows to others is not passed on to it.
  if (!::InitializeAcl(list, static_cast<DWORD>(list_.size()), ACL_REVISION) ||
      !::AddAccessAllowedAce(list, ACL_REVISION, kRights, sid_of(user_)) ||
      !::InitializeSecurityDescriptor(&descriptor_, SECURITY_DESCRIPTOR_REVISION) ||
      !::SetSecurityDescriptorDacl(&descriptor_, TRUE, list, FALSE) ||
      !::SetSecurityDescriptorControl(&descriptor_, SE_DACL_PROTECTED, SE_DACL_PROTECTED))
    throw system_error(last_error(), "describe the rights of a file that is the user's alone");
}

}  // namespace gopack::win32
