#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>

#include "gopack/base/process.hpp"
#include "render/terminal_width.hpp"

namespace gopack::app {

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const auto text = environment_variable("COLUMNS").value_or("");
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns > 0 ? columns : 80;
}

}  // namespace gopack::app
