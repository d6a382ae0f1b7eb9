// Plain tables for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gopack::app {

// Columns are as wide as their widest cell, numbers (marked by the caller) flush right. The last column is
// not padded. Where standard output is a terminal, no line is wider than that, apart from words that are:
// what is to the left in the last column goes on below, and other lines are cut.
class Table {
 public:
  enum class Align { left, right };
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  void add(const std::vector<std::string>& row);
  std::string text() const;
  std::string text(std::size_t columns) const;  // at most so many

 private:
  std::vector<std::size_t> widths() const;

  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// The lines of a text that is broken between words, each of at most `columns` apart from longer words.
std::vector<std::string> wrapped(const std::string& text, std::size_t columns);

// "67.1 MB": decimal units, as the Go project and disks are sold.
std::string human_bytes(std::uint64_t bytes);
// "1 file", "15,036 files"
std::string count_of(std::uint64_t number, const std::string& singular);

}  // namespace gopack::app
