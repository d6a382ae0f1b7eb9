#include "render/help.hpp"

#include <algorithm>
#include <sstream>

#include "gopack/tree/columns.hpp"
#include "render/table.hpp"
#include "render/terminal_width.hpp"

namespace gopack::app {

namespace {

constexpr std::size_t kWidest = 80;
constexpr std::size_t kDescriptions = 30;  // columns before them in what CLI11 writes

// How much of a line stays as it is: the names of options, with the blanks behind them.
std::size_t head_of(const std::string& line) {
  if (!line.starts_with("  ")) return 0;
  if (line.size() <= kDescriptions || line[kDescriptions - 1] != ' ') return line.size();
  return kDescriptions;
}

}  // namespace

std::string fitted_help(const std::string& text) {
  const auto width = std::max<std::size_t>(std::min(kWidest, output_width()), kDescriptions + 20);
  std::string fitted;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto head = head_of(line);
    if (tree::columns_of(line) <= width || head == line.size()) {
      fitted += line + "\n";
      continue;
    }
    auto before = line.substr(0, head);
    for (const auto& part : wrapped(line.substr(head), width - head)) {
      fitted += before + part + "\n";
      before.assign(head, ' ');
    }
  }
  return fitted;
}

}  // namespace gopack::app
