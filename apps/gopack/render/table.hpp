// Plain tables for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gopack::app {

// Columns are as wide as their widest cell, numbers (marked by the caller) flush right. The last column is
// not padded.
class Table {
 public:
  enum class Align { left, right };
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  void add(const std::vector<std::string>& row);
  std::string text() const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "67.1 MB": decimal units, as the Go project and disks are sold.
std::string human_bytes(std::uint64_t bytes);
// "1 file", "15,036 files"
std::string count_of(std::uint64_t number, const std::string& singular);

}  // namespace gopack::app
