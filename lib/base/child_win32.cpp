#include "child.hpp"

#include <algorithm>

namespace gopack::win32 {

namespace {

namespace fs = std::filesystem;

constexpr UINT kKilled = 137;  // as shells tell it elsewhere
constexpr DWORD kEndedByKey = 0xC000013A;
constexpr int kInterrupted = 130;

bool is_batch(const fs::path& program) {
  auto ending = program.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return ending == ".bat" || ending == ".cmd";
}

// As the C runtime and CommandLineToArgvW take it apart: backslashes count before a quote alone.
std::wstring quote_argument(std::string_view argument) {
  if (!argument.empty() && argument.find_first_of(" \t\"") == std::string_view::npos) return wide(argument);
  std::string text = "\"";
  std::size_t backslashes = 0;
  for (const char c : argument) {
    if (c == '"') text.append(backslashes + 1, '\\');
    backslashes = c == '\\' ? backslashes + 1 : 0;
    text += c;
  }
  text.append(backslashes, '\\');
  return wide(text + "\"");
}

bool is_shell_line(const std::vector<std::string>& command) {
  return command == shell_command(command.back());
}

fs::path shell() {
  return shell_command({}).front();
}

// (CreateProcess itself would look into the working directory first.)
fs::path find(const std::string& name) {
  fs::path path(name);
  path.make_preferred();
  if (!path.has_parent_path()) {
    if (auto found = find_program(name, environment_variable("PATH").value_or(""))) return *found;
  }
  for (const auto* ending : {"", ".exe"}) {
    auto candidate = path;
    candidate += ending;
    if (path.has_parent_path() && can_execute(candidate)) return candidate;
  }
  throw system_error(ENOENT, fmt::format("run {}", printable(name)));
}

// No program can open a connection, or draw random numbers, without SystemRoot.
std::wstring environment_block(Environment environment) {
  constexpr const char* kSystemRoot = "SystemRoot";
  if (const auto root = environment_variable(kSystemRoot)) environment.try_emplace(kSystemRoot, *root);
  std::wstring block;
  for (const auto& [name, value] : environment) block += wide(name + "=" + value) + L'\0';
  return block + L'\0';
}

Descriptor make_job() {
  const auto job = ::CreateJobObjectW(nullptr, nullptr);
  if (job == nullptr) throw system_error(last_error(), "make a job for a program");
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  ::SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  return Descriptor(to_descriptor(job));
}

// Hands the streams, and nothing else, to a program.
class Inheritance {
 public:
  explicit Inheritance(const Streams& streams) {
    for (const auto handle : {streams.in, streams.out, streams.err}) {
      if (handle == nullptr || handle == INVALID_HANDLE_VALUE) continue;
      ::SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
      if (std::find(handles_.begin(), handles_.end(), handle) == handles_.end()) handles_.push_back(handle);
    }
    SIZE_T size = 0;
    ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    storage_.resize(size);
    ::InitializeProcThreadAttributeList(list(), 1, 0, &size);
    ::UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                handles_.size() * sizeof(HANDLE), nullptr, nullptr);
  }
  ~Inheritance() { ::DeleteProcThreadAttributeList(list()); }
  Inheritance(const Inheritance&) = delete;
  Inheritance& operator=(const Inheritance&) = delete;

  LPPROC_THREAD_ATTRIBUTE_LIST list() {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(storage_.data());
  }
  bool any() const { return !handles_.empty(); }

 private:
  std::vector<HANDLE> handles_;
  std::vector<std::byte> storage_;
};

// Without "\\?\" where that is not needed: not every program understands such a directory.
std::wstring plain_or_long(const fs::path& path) {
  constexpr std::size_t kShort = 240;
  return path.native().size() < kShort ? fs::path(path).make_preferred().native() : long_path(path);
}

}  // namespace

std::wstring command_line(const std::vector<std::string>& command, const fs::path& program) {
  std::wstring line = is_batch(program) ? L'"' + program.native() + L'"' : quote_argument(program.string());
  if (is_shell_line(command)) return line + L" /d /s /c \"" + wide(command.back()) + L"\"";
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (is_batch(program) && command[i].find_first_of("\"%\r\n") != std::string::npos) {
      throw Error(ErrorKind::failed, fmt::format("cannot run {}: cmd would misread the argument {}",
                                                 printable(program), printable(command[i])));
    }
    line += L' ' + (is_batch(program) ? L'"' + wide(command[i]) + L'"' : quote_argument(command[i]));
  }
  return is_batch(program) ? quote_argument(shell().string()) + L" /d /s /c \"" + line + L"\"" : line;
}

Child::Child(const std::vector<std::string>& command, const Environment& environment, const Start& start)
    : job_(make_job()) {
  const auto program = find(command.front());
  auto line = command_line(command, program);
  auto block = environment_block(environment);
  Inheritance inheritance(start.streams);
  STARTUPINFOEXW info{};
  info.StartupInfo.cb = sizeof info;
  info.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  info.StartupInfo.hStdInput = start.streams.in;
  info.StartupInfo.hStdOutput = start.streams.out;
  info.StartupInfo.hStdError = start.streams.err;
  info.lpAttributeList = inheritance.any() ? inheritance.list() : nullptr;
  const DWORD flags = CREATE_SUSPENDED | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT |
                      (start.is_group ? CREATE_NEW_PROCESS_GROUP : 0);
  const auto application = plain_or_long(is_batch(program) ? shell() : program);
  const auto directory = start.directory.empty() ? L"" : plain_or_long(start.directory);
  PROCESS_INFORMATION made{};
  if (!::CreateProcessW(application.c_str(), line.data(), nullptr, nullptr, inheritance.any(), flags,
                        block.data(), directory.empty() ? nullptr : directory.c_str(), &info.StartupInfo,
                        &made))
    throw system_error(last_error(), fmt::format("run {}", printable(command.front())));
  process_ = Descriptor(to_descriptor(made.hProcess));
  number_ = made.dwProcessId;
  const Descriptor thread(to_descriptor(made.hThread));
  ::AssignProcessToJobObject(to_handle(job_.get()), made.hProcess);
  ::ResumeThread(made.hThread);
}

bool Child::ask_to_end() const {
  return ::GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, number_) != 0;
}

void Child::kill() const {
  ::TerminateJobObject(to_handle(job_.get()), kKilled);
  ::TerminateProcess(process(), kKilled);  // where a job around this program's own has kept it out of ours
}

int Child::wait() {
  ::WaitForSingleObject(process(), INFINITE);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  ::SetInformationJobObject(to_handle(job_.get()), JobObjectExtendedLimitInformation, &limits, sizeof limits);
  DWORD status = 0;
  ::GetExitCodeProcess(process(), &status);
  return status == kEndedByKey ? kInterrupted : static_cast<int>(status);
}

}  // namespace gopack::win32
