#include <windows.h>

#include <algorithm>
#include <memory>

#include "failure.hpp"
#include "gopack/launch/machine.hpp"
#include "system.hpp"
#include "windows_text.hpp"

namespace gopack::launcher::system {

namespace {

struct CloseHandle_ {
  using pointer = HANDLE;
  void operator()(HANDLE handle) const { ::CloseHandle(handle); }
};
using Handle = std::unique_ptr<HANDLE, CloseHandle_>;

Handle owned(HANDLE handle) {
  return Handle(handle == INVALID_HANDLE_VALUE ? nullptr : handle);
}

std::wstring wide(std::string_view text) {
  const auto units = to_utf16(text);
  return {units.begin(), units.end()};
}
// For every call that takes a path.
std::wstring wide_path(std::string_view path) {
  return wide(extended_path(path));
}

std::string narrow(std::wstring_view text) {
  return to_utf8(std::u16string(text.begin(), text.end()));
}

// For calls that fill a buffer and return the length, or the size that they need.
template <typename Fill>
std::wstring filled(Fill fill) {
  std::wstring text(MAX_PATH, L'\0');
  while (true) {
    const DWORD length = fill(text.data(), static_cast<DWORD>(text.size()));
    if (length < text.size()) {
      text.resize(length);
      return text;
    }
    text.resize(std::max<std::size_t>(length, text.size() * 2));
  }
}

std::string reason() {
  wchar_t text[512];
  const auto error = ::GetLastError();
  const auto length = ::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
                                       error, 0, text, static_cast<DWORD>(std::size(text)), nullptr);
  auto message = narrow({text, length});
  while (message.ends_with('\n') || message.ends_with('\r')) message.pop_back();
  return message.empty() ? "error " + std::to_string(error) : message;
}

Handle open_path(const std::string& path, DWORD access, DWORD disposition,
                 DWORD flags = FILE_ATTRIBUTE_NORMAL) {
  constexpr DWORD kShare = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  return owned(::CreateFileW(wide_path(path).c_str(), access, kShare, nullptr, disposition, flags, nullptr));
}

std::optional<std::string> final_path(const std::string& path) {
  const auto file = open_path(path, 0, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
  if (!file) return std::nullopt;
  return plain_path(narrow(filled([&](wchar_t* text, DWORD size) {
    return ::GetFinalPathNameByHandleW(file.get(), text, size, VOLUME_NAME_DOS);
  })));
}

bool is_link(const std::string& path) {
  const auto attributes = ::GetFileAttributesW(wide_path(path).c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

bool write_all(HANDLE file, std::string_view bytes) {
  while (!bytes.empty()) {
    DWORD written = 0;
    const auto part = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1 << 20));
    if (!::WriteFile(file, bytes.data(), part, &written, nullptr)) return false;
    bytes.remove_prefix(written);
  }
  return true;
}

template <typename See>
void for_each_entry(const std::string& directory, See see) {
  WIN32_FIND_DATAW found{};
  HANDLE search = ::FindFirstFileW(wide_path(directory + "\\*").c_str(), &found);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    const auto name = narrow(found.cFileName);
    if (name != "." && name != "..") see(name, found);
  } while (::FindNextFileW(search, &found));
  ::FindClose(search);
}

std::string command_line() {
  return narrow(::GetCommandLineW());
}

// The processor, whatever this program is emulated on; IsWow64Process2 came with Windows 10.
std::vector<std::string> architectures() {
  using IsWow64Process2 = BOOL(WINAPI*)(HANDLE, USHORT*, USHORT*);
  SYSTEM_INFO info{};
  ::GetNativeSystemInfo(&info);
  bool arm64 = info.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_ARM64;
  const auto address = ::GetProcAddress(::GetModuleHandleW(L"kernel32.dll"), "IsWow64Process2");
  if (const auto ask = reinterpret_cast<IsWow64Process2>(reinterpret_cast<void*>(address))) {
    USHORT process = 0, machine = 0;
    if (ask(::GetCurrentProcess(), &process, &machine)) arm64 = machine == IMAGE_FILE_MACHINE_ARM64;
  }
  return launch::runnable_architectures("windows", arm64 ? "arm64" : "amd64");
}

// Ctrl-C goes to every process of the console: the program decides what it means, and the launcher waits for
// it.
BOOL WINAPI leave_to_program(DWORD event) {
  return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

// The program ends when the launcher is ended; what it has started itself is its own affair.
Handle make_job() {
  auto job = owned(::CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags =
      JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
  ::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof(limits));
  return job;
}

// The form without limits only where it is needed: wine starts nothing from more than 259 characters,
// \\?\ included.
std::wstring program_path(const std::string& program) {
  auto plain = wide(program);
  return plain.size() < MAX_PATH ? plain : wide_path(program);
}

// What may be the reason why a program that is there was not started.
std::string long_paths(const std::string& program) {
  const auto says = [](std::size_t length, std::size_t limit) {
    return " has " + std::to_string(length) + " characters, where more than " + std::to_string(limit) +
           " may be too many";
  };
  const auto directory =
      filled([](wchar_t* text, DWORD size) { return ::GetCurrentDirectoryW(size, text); }).size();
  if (directory > MAX_PATH - 2) return "; the path of the working directory" + says(directory, MAX_PATH - 2);
  const auto own = wide(program).size();
  return own < MAX_PATH ? std::string() : "; its path" + says(own, MAX_PATH - 1);
}

}  // namespace

Host host() {
  return {.os = "windows",
          .architectures = architectures(),
          .separator = '\\',
          .list_separator = ';',
          .suffix = ".exe",
          .settings = SettingsFormat::ini,
          .links = false};
}

std::vector<std::string> arguments(int, char**) {
  std::vector<std::string> words;
  const auto line = command_line();
  for (const auto& argument : split_command_line(line)) words.push_back(argument.text);
  return words;
}

std::string own_path() {
  const auto path = plain_path(
      narrow(filled([](wchar_t* text, DWORD size) { return ::GetModuleFileNameW(nullptr, text, size); })));
  if (is_link(path)) {
    if (const auto target = final_path(path)) return *target;
  }
  return path;
}

std::string called_name(char**) {
  const auto path =
      narrow(filled([](wchar_t* text, DWORD size) { return ::GetModuleFileNameW(nullptr, text, size); }));
  return path.substr(path.rfind('\\') + 1);
}

std::optional<std::string> variable(const std::string& name) {
  ::SetLastError(ERROR_SUCCESS);
  const auto value = filled([name = wide(name)](wchar_t* text, DWORD size) {
    return ::GetEnvironmentVariableW(name.c_str(), text, size);
  });
  if (value.empty() && ::GetLastError() == ERROR_ENVVAR_NOT_FOUND) return std::nullopt;
  return narrow(value);
}

void set_variable(const std::string& name, const std::optional<std::string>& value) {
  ::SetEnvironmentVariableW(wide(name).c_str(), value ? wide(*value).c_str() : nullptr);
}

Kind kind(const std::string& path) {
  const auto attributes = ::GetFileAttributesW(wide_path(path).c_str());
  if (attributes == INVALID_FILE_ATTRIBUTES) return Kind::none;
  return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? Kind::directory : Kind::file;
}

bool is_same(const std::string& a, const std::string& b) {
  const auto first = open_path(a, 0, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
  const auto second = open_path(b, 0, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
  BY_HANDLE_FILE_INFORMATION one{}, other{};
  return first && second && ::GetFileInformationByHandle(first.get(), &one) &&
         ::GetFileInformationByHandle(second.get(), &other) &&
         one.dwVolumeSerialNumber == other.dwVolumeSerialNumber &&
         one.nFileIndexHigh == other.nFileIndexHigh && one.nFileIndexLow == other.nFileIndexLow;
}

bool can_execute(const std::string& program) {
  return kind(program) == Kind::file;
}

bool can_write(const std::string& directory) {
  const auto probe = directory + "\\gopack." + unique();
  return open_path(probe, GENERIC_WRITE, CREATE_ALWAYS,
                   FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE) != nullptr;
}

bool has_program(const std::string& name, const std::string& path) {
  if (name.find_first_of("\\/:") != std::string::npos)
    return kind(name) == Kind::file || kind(name + ".exe") == Kind::file;
  for (const wchar_t* ending : {L".exe", L".cmd", L".bat"})
    if (::SearchPathW(wide(path).c_str(), wide(name).c_str(), ending, 0, nullptr, nullptr) > 0) return true;
  return false;
}
bool can_read(const std::string& file) {
  return open_path(file, GENERIC_READ, OPEN_EXISTING) != nullptr;
}

ReadableForAll::ReadableForAll() : umask_(0) {}
ReadableForAll::~ReadableForAll() = default;

std::optional<std::string> link_target(const std::string& path) {
  if (!is_link(path)) return std::nullopt;
  const auto target = final_path(path).value_or("");
  return target.substr(target.rfind('\\') + 1);
}

std::vector<std::string> list(const std::string& directory) {
  std::vector<std::string> names;
  for_each_entry(directory, [&](const std::string& name, const WIN32_FIND_DATAW&) { names.push_back(name); });
  return names;
}

Total total(const std::string& directory) {
  Total sum;
  for_each_entry(directory, [&](const std::string& name, const WIN32_FIND_DATAW& found) {
    const bool below = (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    const auto size = static_cast<std::uint64_t>(found.nFileSizeHigh) << 32 | found.nFileSizeLow;
    const auto part = below ? total(directory + "\\" + name) : Total{1, size};
    sum.files += part.files;
    sum.bytes += part.bytes;
  });
  return sum;
}

std::string full_path(const std::string& path) {
  return plain_path(narrow(filled([path = wide(path)](wchar_t* text, DWORD size) {
    return ::GetFullPathNameW(path.c_str(), size, text, nullptr);
  })));
}

bool make_directories(const std::string& path) {
  if (kind(path) == Kind::none && !::CreateDirectoryW(wide_path(path).c_str(), nullptr)) {
    const auto end = path.rfind('\\');
    if (end == std::string::npos || !make_directories(path.substr(0, end))) return false;
    ::CreateDirectoryW(wide_path(path).c_str(), nullptr);
  }
  return kind(path) == Kind::directory;
}

void remove_all(const std::string& path) {
  if (kind(path) != Kind::directory) {
    ::DeleteFileW(wide_path(path).c_str());
    return;
  }
  if (!is_link(path))
    for (const auto& name : list(path)) remove_all(path + "\\" + name);
  ::RemoveDirectoryW(wide_path(path).c_str());
}

// A virus scanner that looks at what is new, or at what was there, holds it for a moment: up to 10 s.
bool rename(const std::string& from, const std::string& to) {
  constexpr DWORD kPause = 100, kAttempts = 100;
  const auto wide_from = wide_path(from), wide_to = wide_path(to);
  for (DWORD attempt = 1;; ++attempt) {
    if (::MoveFileExW(wide_from.c_str(), wide_to.c_str(), MOVEFILE_REPLACE_EXISTING)) return true;
    const auto code = ::GetLastError();
    if (attempt == kAttempts || (code != ERROR_ACCESS_DENIED && code != ERROR_SHARING_VIOLATION))
      return false;
    ::Sleep(kPause);
  }
}

bool read_path(const std::string& path, const std::function<bool(std::string_view)>& take) {
  const auto file = open_path(path, GENERIC_READ, OPEN_EXISTING);
  if (!file) return false;
  std::string buffer(1 << 16, '\0');
  while (true) {
    DWORD size = 0;
    if (!::ReadFile(file.get(), buffer.data(), static_cast<DWORD>(buffer.size()), &size, nullptr))
      return false;
    if (size == 0) return true;
    if (!take({buffer.data(), size})) return false;
  }
}

bool write_file(const std::string& path, std::string_view text) {
  const auto part = path + "." + unique();
  auto file = open_path(part, GENERIC_WRITE, CREATE_ALWAYS);
  const bool written = file && write_all(file.get(), text);
  file.reset();
  if (written && rename(part, path)) return true;
  remove_all(part);
  return false;
}

bool link_or_copy(const std::string& from, const std::string& to) {
  const auto part = to + "." + unique();
  if (::CopyFileW(wide_path(from).c_str(), wide_path(part).c_str(), FALSE) && rename(part, to)) return true;
  remove_all(part);
  return false;
}

bool copy_file(const std::string& from, const std::string& to, bool,
               const std::function<void(std::string_view)>& see) {
  const auto file = open_path(to, GENERIC_WRITE, CREATE_NEW);
  return file &&
         read_path(from,
                   [&](std::string_view bytes) {
                     see(bytes);
                     return write_all(file.get(), bytes);
                   }) &&
         ::FlushFileBuffers(file.get());
}

void flush(const std::string&) {}  // copy_file does it, file by file

std::int64_t now() {
  constexpr std::int64_t kUnixEpoch = 11'644'473'600, kTicks = 10'000'000;
  FILETIME time{};
  ::GetSystemTimeAsFileTime(&time);
  return (static_cast<std::int64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime) / kTicks - kUnixEpoch;
}

std::string unique() {
  return std::to_string(::GetCurrentProcessId());
}

void print_error(const std::string& line) {
  const HANDLE error = ::GetStdHandle(STD_ERROR_HANDLE);
  DWORD mode = 0;
  if (::GetConsoleMode(error, &mode)) {
    const auto text = wide(line + "\r\n");
    ::WriteConsoleW(error, text.data(), static_cast<DWORD>(text.size()), &mode, nullptr);
  } else {
    write_all(error, line + "\r\n");
  }
}

int run(const std::string& program, char**, std::size_t skip, const std::string& lacks) {
  const auto line = command_line();
  auto words = wide("\"" + program + "\" " + std::string(rest_of_command_line(line, skip)));
  STARTUPINFOW startup{};
  startup.cb = sizeof(startup);
  ::GetStartupInfoW(&startup);
  ::SetConsoleCtrlHandler(leave_to_program, TRUE);
  const auto job = make_job();
  PROCESS_INFORMATION started{};
  if (!::CreateProcessW(program_path(program).c_str(), words.data(), nullptr, nullptr, TRUE, CREATE_SUSPENDED,
                        nullptr, nullptr, &startup, &started)) {
    const auto why = reason();
    throw Failure{"cannot run " + program + ": " + why + long_paths(program), 126};
  }
  const auto process = owned(started.hProcess), thread = owned(started.hThread);
  ::AssignProcessToJobObject(job.get(), process.get());
  ::ResumeThread(thread.get());
  ::WaitForSingleObject(process.get(), INFINITE);
  DWORD status = 1;
  ::GetExitCodeProcess(process.get(), &status);
  if (status != 0 && !lacks.empty()) print_error("gopack: " + lacks);
  ::ExitProcess(status);
}

}  // namespace gopack::launcher::system
