// A directory of a test's own that goes with it, and files in it or nowhere.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"

namespace gopack::test {

// The directories it lies in are made when missing.
inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  if (!stream.flush()) throw std::runtime_error("cannot write " + path.string());
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class TempDir {
 public:
  TempDir() {
    path_ =
        std::filesystem::temp_directory_path() / ("gopack-test-" + std::to_string(std::random_device()()));
    if (!std::filesystem::create_directory(path_)) throw std::runtime_error("no temporary directory");
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  // Read-only directories go, too.
  ~TempDir() {
    try {
      remove_tree(Dir::open(path_.parent_path()), path_.filename().string());
    } catch (const Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }

  const std::filesystem::path& path() const { return path_; }
  // Writes a file and returns its path.
  std::string write(const std::string& name, std::string_view text) const {
    write_file(path_ / name, text);
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

// An open file with given bytes that leaves nothing behind.
inline File scratch_file(std::string_view bytes, std::string name) {
  const auto directory = Dir::open(std::filesystem::temp_directory_path());
  const auto unnamed = "gopack-test-" + std::to_string(std::random_device()());
  File file(directory.open_or_create(unnamed).release(), std::move(name));
  directory.remove_file(unnamed);
  file.write(as_bytes(bytes));
  file.seek(0);
  return file;
}

}  // namespace gopack::test
