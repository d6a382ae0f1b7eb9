#include "gopack/base/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>

#include "gopack/base/report.hpp"
#include "pipe.hpp"

namespace gopack {

namespace {

int descriptor_of(Stream stream) {
  return static_cast<int>(stream);
}

}  // namespace

void hold_standard_streams() {
  for (int fd = 0; fd >= 0 && fd <= STDERR_FILENO;) {
    if (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC); fd > STDERR_FILENO) ::close(fd);
  }
}

bool is_terminal(Stream stream) {
  return ::isatty(descriptor_of(stream)) == 1;
}

std::optional<std::size_t> columns_of(Stream stream) {
  winsize size{};
  if (::ioctl(descriptor_of(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

File take_stream(Stream stream) {
  return {Descriptor(descriptor_of(stream)), stream == Stream::input    ? "standard input"
                                             : stream == Stream::output ? "standard output"
                                                                        : "standard error"};
}

std::string read_answer(const std::stop_token& stop) {
  Pipe stopping;
  const std::stop_callback tell(stop, [&] { stopping.write_end = Descriptor(); });
  pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {stopping.read_end.get(), POLLIN, 0}};
  while (::poll(fds, 2, -1) < 0 && errno == EINTR) {
  }
  throw_if_stopped(stop);
  std::string answer;
  std::getline(std::cin, answer);
  return answer;
}

bool is_closed_by_reader(int code) {
  return code == EPIPE;
}

void end_by_broken_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  ::raise(SIGPIPE);
  ::_exit(128 + SIGPIPE);
}

void end_at_once(int status) {
  ::_exit(status);
}

}  // namespace gopack
