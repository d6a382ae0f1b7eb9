#include "system_codes.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>

#include "win32.hpp"

namespace gopack {

namespace {

struct Meaning {
  DWORD code;
  int number;
};

constexpr Meaning kMeanings[] = {
    {ERROR_FILE_NOT_FOUND, ENOENT},
    {ERROR_PATH_NOT_FOUND, ENOENT},
    {ERROR_BAD_NETPATH, ENOENT},
    {ERROR_BAD_NET_NAME, ENOENT},
    {ERROR_INVALID_DRIVE, ENOENT},
    {ERROR_NOT_READY, ENXIO},
    {ERROR_NO_MEDIA_IN_DRIVE, ENXIO},
    {ERROR_ACCESS_DENIED, EACCES},
    {ERROR_CANNOT_MAKE, EACCES},
    {ERROR_PRIVILEGE_NOT_HELD, EPERM},
    {ERROR_SHARING_VIOLATION, EBUSY},
    {ERROR_LOCK_VIOLATION, EBUSY},
    {ERROR_DELETE_PENDING, EBUSY},
    {ERROR_USER_MAPPED_FILE, EBUSY},
    {ERROR_BUSY, EBUSY},
    {ERROR_FILE_EXISTS, EEXIST},
    {ERROR_ALREADY_EXISTS, EEXIST},
    {ERROR_DIRECTORY, ENOTDIR},
    {ERROR_DIR_NOT_EMPTY, ENOTEMPTY},
    {ERROR_DISK_FULL, ENOSPC},
    {ERROR_HANDLE_DISK_FULL, ENOSPC},
    {ERROR_DISK_QUOTA_EXCEEDED, ENOSPC},
    {ERROR_FILE_TOO_LARGE, EFBIG},
    {ERROR_WRITE_PROTECT, EROFS},
    {ERROR_NOT_SAME_DEVICE, EXDEV},
    {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
    {ERROR_BUFFER_OVERFLOW, ENAMETOOLONG},
    {ERROR_INVALID_NAME, EINVAL},
    {ERROR_BAD_PATHNAME, EINVAL},
    {ERROR_INVALID_PARAMETER, EINVAL},
    {ERROR_INVALID_FUNCTION, ENOSYS},
    {ERROR_NOT_SUPPORTED, ENOSYS},
    {ERROR_CALL_NOT_IMPLEMENTED, ENOSYS},
    {ERROR_TOO_MANY_LINKS, EMLINK},
    {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
    {ERROR_NO_SYSTEM_RESOURCES, EMFILE},
    {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
    {ERROR_OUTOFMEMORY, ENOMEM},
    {ERROR_BROKEN_PIPE, EPIPE},
    {ERROR_NO_DATA, EPIPE},
    {ERROR_INVALID_HANDLE, EBADF},
    {ERROR_CRC, EIO},
    {ERROR_IO_DEVICE, EIO},
    {ERROR_GEN_FAILURE, EIO},
    {ERROR_FILE_CORRUPT, EIO},
    {ERROR_DISK_CORRUPT, EIO},
    {ERROR_CANCELLED, ECANCELED},
    {ERROR_OPERATION_ABORTED, ECANCELED},
    {ERROR_BAD_EXE_FORMAT, ENOEXEC},
};

}  // namespace

int win32::to_errno(DWORD code) {
  const auto known = std::find_if(std::begin(kMeanings), std::end(kMeanings),
                                  [&](const Meaning& meaning) { return meaning.code == code; });
  return known != std::end(kMeanings) ? known->number : kForeign + static_cast<int>(code);
}

std::string reason_of(int code) {
  if (code == EBUSY) return "Another program has it open";
  if (code == EXDEV) return "It is on another drive";
  if (code == ENXIO) return "The drive is empty";
  if (code < win32::kForeign) return std::generic_category().message(code);
  auto text = std::system_category().message(code - win32::kForeign);
  while (!text.empty() && std::string_view(". \r\n").find(text.back()) != std::string_view::npos)
    text.pop_back();
  return fmt::format("{} (Windows' error {})", text, code - win32::kForeign);
}

bool is_quota(int) {
  return false;  // its code is one of those that become ENOSPC
}

}  // namespace gopack
