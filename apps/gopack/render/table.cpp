#include "render/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "gopack/base/error.hpp"
#include "gopack/tree/columns.hpp"
#include "render/terminal_width.hpp"

namespace gopack::app {

namespace {

constexpr std::size_t kNarrowest = 14;  // columns in which text is broken into lines

}  // namespace

void Table::add(const std::vector<std::string>& row) {
  std::vector<std::string> cells;
  for (const auto& cell : row) cells.push_back(printable(cell));
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], tree::columns_of(row[i]));
  }
  return widths;
}

std::string Table::text() const {
  return text(output_width());
}

std::string Table::text(std::size_t columns) const {
  const auto all = widths();
  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      const std::string padding(all[i] - tree::columns_of(row[i]), ' ');
      line += columns_[i] == Align::right ? padding + row[i] : row[i] + padding;
      line += "  ";
    }
    const auto used = tree::columns_of(line);
    const auto& last = row.back();
    if (columns_.back() == Align::left && used + tree::columns_of(last) > columns &&
        used + kNarrowest <= columns) {
      for (const auto& part : wrapped(last, columns - used)) {
        text += line + part + "\n";
        line.assign(used, ' ');
      }
      continue;
    }
    line +=
        columns_.back() == Align::right ? std::string(all.back() - tree::columns_of(last), ' ') + last : last;
    line.erase(line.find_last_not_of(' ') + 1);
    text += tree::shortened(line, columns) + "\n";
  }
  return text;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (lines.empty() || tree::columns_of(lines.back()) + 1 + tree::columns_of(word) > columns) {
      lines.push_back(word);
    } else {
      lines.back() += " " + word;
    }
  }
  return lines;
}

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  const auto value = static_cast<double>(bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", value / 1e3);
  if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", value / 1e6);
  return fmt::format("{:.2f} GB", value / 1e9);
}

std::string count_of(std::uint64_t number, const std::string& singular) {
  auto digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return fmt::format("{} {}{}", digits, singular, number == 1 ? "" : "s");
}

}  // namespace gopack::app
