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
constexpr std::size_t kGap = 2;         // between cells
constexpr std::size_t kIndent = 6;      // of what does not fit beside the first cells

std::string padded(const std::string& cell, std::size_t width, Table::Align align) {
  const std::string padding(width - tree::columns_of(cell), ' ');
  return align == Table::Align::right ? padding + cell : cell + padding;
}

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

// Of the last column.
std::size_t Table::longest_word() const {
  std::size_t longest = 0;
  for (const auto& row : rows_)
    for (const auto& word : wrapped(row.back(), 1)) longest = std::max(longest, tree::columns_of(word));
  return longest;
}

std::string Table::text() const {
  return text(output_width());
}

std::vector<Table::Line> Table::lines(const std::vector<std::size_t>& widths, std::size_t columns) const {
  std::vector<Line> lines = {{}};
  std::size_t used = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const bool can_break = i + 1 == widths.size() && columns_[i] == Align::left;
    const auto least = can_break ? std::min(widths[i], std::max(kNarrowest, longest_word())) : widths[i];
    if (i > 0 && used + least > columns) {
      lines.push_back({.begin = i, .end = i, .indent = kIndent});
      used = kIndent;
    }
    lines.back().end = i + 1;
    used += widths[i] + kGap;
  }
  return lines;
}

std::string Table::text(std::size_t columns) const {
  const auto all = widths();
  const auto lines = this->lines(all, columns);
  std::string text;
  for (const auto& row : rows_) {
    for (const auto& line : lines) text += text_of(row, line, all, columns);
  }
  return text;
}

std::string Table::text_of(const std::vector<std::string>& row, const Line& line,
                           const std::vector<std::size_t>& widths, std::size_t columns) const {
  std::string out(line.indent, ' ');
  for (auto i = line.begin; i + 1 < line.end; ++i)
    out += padded(row[i], widths[i], columns_[i]) + std::string(kGap, ' ');
  const auto last = line.end - 1;
  const auto used = tree::columns_of(out);
  std::string text;
  if (columns_[last] == Align::left && used < columns && used + tree::columns_of(row[last]) > columns) {
    for (const auto& part : wrapped(row[last], columns - used)) {
      text += tree::shortened(out + part, columns) + "\n";
      out.assign(used, ' ');
    }
    return text;
  }
  out += padded(row[last], widths[last], columns_[last]);
  out.erase(out.find_last_not_of(' ') + 1);
  const bool is_empty = out.empty() && line.begin > 0;
  return is_empty ? std::string() : tree::shortened(out, columns) + "\n";
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

std::string count_of(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

std::string count_of(std::uint64_t number, const std::string& singular) {
  return fmt::format("{} {}{}", count_of(number), singular, number == 1 ? "" : "s");
}

}  // namespace gopack::app
