#include "render/terminal_width.hpp"

#include <charconv>
#include <limits>

#include "gopack/base/process.hpp"
#include "gopack/base/standard_streams.hpp"

namespace gopack::app {

namespace {

std::size_t width_at(Stream stream) {
  if (const auto columns = columns_of(stream)) return *columns;
  const auto text = environment_variable("COLUMNS").value_or("");
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns > 0 ? columns : 80;
}

}  // namespace

std::size_t terminal_width() {
  return width_at(Stream::error);
}

std::size_t output_width() {
  return is_terminal(Stream::output) ? width_at(Stream::output) : std::numeric_limits<std::size_t>::max();
}

}  // namespace gopack::app
