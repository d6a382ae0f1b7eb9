#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <limits>

#include "gopack/base/process.hpp"
#include "render/terminal_width.hpp"

namespace gopack::app {

namespace {

std::size_t width_at(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const auto text = environment_variable("COLUMNS").value_or("");
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns > 0 ? columns : 80;
}

}  // namespace

std::size_t terminal_width() {
  return width_at(STDERR_FILENO);
}

std::size_t output_width() {
  return ::isatty(STDOUT_FILENO) == 1 ? width_at(STDOUT_FILENO) : std::numeric_limits<std::size_t>::max();
}

}  // namespace gopack::app
