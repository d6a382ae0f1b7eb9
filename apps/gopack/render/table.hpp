// Plain tables for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gopack::app {

// Columns are as wide as their widest cell, numbers (marked by the caller) flush right. Where standard output
// is a terminal, no line is wider than the terminal: columns that do not fit beside the others stand below
// them, indented and in line with each other, and text in the last column is broken between words. Only a
// word or number that is itself wider is cut. Every row has a cell for each column.
class Table {
 public:
  enum class Align { left, right };
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  void add(const std::vector<std::string>& row);
  std::string text() const;
  std::string text(std::size_t columns) const;  // at most so many

 private:
  // A line of each row: the columns that stand there.
  struct Line {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t indent = 0;
  };
  std::vector<std::size_t> widths() const;
  std::size_t longest_word() const;
  std::vector<Line> lines(const std::vector<std::size_t>& widths, std::size_t columns) const;
  std::string text_of(const std::vector<std::string>& row, const Line& line,
                      const std::vector<std::size_t>& widths, std::size_t columns) const;

  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// The lines of a text that is broken between words, each of at most `columns` apart from longer words.
std::vector<std::string> wrapped(const std::string& text, std::size_t columns);

// "67.1 MB": decimal units, as the Go project and disks are sold.
std::string human_bytes(std::uint64_t bytes);
// "15,036"
std::string count_of(std::uint64_t number);
// "1 file", "15,036 files"
std::string count_of(std::uint64_t number, const std::string& singular);

}  // namespace gopack::app
