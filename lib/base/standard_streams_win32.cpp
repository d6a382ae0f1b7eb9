#include "gopack/base/standard_streams.hpp"

#include <fcntl.h>
#include <io.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "gopack/base/report.hpp"
#include "win32.hpp"

namespace gopack {

namespace {

constexpr int kEndedByReader = 141;  // as shells tell it elsewhere

HANDLE handle_of(Stream stream) {
  return ::GetStdHandle(stream == Stream::input    ? STD_INPUT_HANDLE
                        : stream == Stream::output ? STD_OUTPUT_HANDLE
                                                   : STD_ERROR_HANDLE);
}

// How consoles are set until the program ends. Other programs share them.
class Console {
 public:
  Console() : code_page_(::GetConsoleOutputCP()) {
    ::SetConsoleOutputCP(CP_UTF8);
    for (const auto stream : {Stream::output, Stream::error}) {
      auto& mode = modes_[stream == Stream::error ? 1 : 0];
      if (::GetConsoleMode(handle_of(stream), &mode))
        ::SetConsoleMode(handle_of(stream), mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    }
  }
  ~Console() { restore(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void restore() const {
    if (code_page_ != 0) ::SetConsoleOutputCP(code_page_);
    if (modes_[0] != 0) ::SetConsoleMode(handle_of(Stream::output), modes_[0]);
    if (modes_[1] != 0) ::SetConsoleMode(handle_of(Stream::error), modes_[1]);
  }

 private:
  UINT code_page_;
  DWORD modes_[2] = {};
};

const Console& console() {
  static const Console set;
  return set;
}

void hold(std::FILE* stream, const char* mode) {
  if (::_fileno(stream) < 0) stream = std::freopen("NUL", mode, stream);
  if (stream != nullptr) ::_setmode(::_fileno(stream), _O_BINARY);
}

}  // namespace

void hold_standard_streams() {
  hold(stdin, "r");
  hold(stdout, "r");  // which fails when it is written to
  hold(stderr, "r");
  console();
}

bool is_terminal(Stream stream) {
  DWORD mode = 0;
  return ::GetConsoleMode(handle_of(stream), &mode) != 0;
}

std::optional<std::size_t> columns_of(Stream stream) {
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (!::GetConsoleScreenBufferInfo(handle_of(stream), &info)) return std::nullopt;
  const int columns = info.srWindow.Right - info.srWindow.Left + 1;
  return columns > 0 ? std::optional<std::size_t>(columns) : std::nullopt;
}

File take_stream(Stream stream) {
  return {Descriptor(win32::to_descriptor(handle_of(stream))), stream == Stream::input    ? "standard input"
                                                               : stream == Stream::output ? "standard output"
                                                                                          : "standard error"};
}

// Ctrl-C ends the reading.
std::string read_answer(const std::stop_token& stop) {
  std::string answer;
  std::getline(std::cin, answer);
  throw_if_stopped(stop);
  if (answer.ends_with('\r')) answer.pop_back();
  return answer;
}

// The C library has no number for all that Windows says, and EINVAL for that.
bool is_closed_by_reader(int code) {
  const auto last = ::GetLastError();
  return code == EPIPE || (code == EINVAL && (last == ERROR_NO_DATA || last == ERROR_BROKEN_PIPE));
}

void end_by_broken_pipe() {
  end_at_once(kEndedByReader);
}

void end_at_once(int status) {
  console().restore();
  std::_Exit(status);
}

}  // namespace gopack
