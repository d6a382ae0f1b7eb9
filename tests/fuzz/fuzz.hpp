// What the fuzz targets share. Each is one file that defines LLVMFuzzerTestOneInput; with libFuzzer it looks
// for inputs, with standalone.cpp it runs those of its corpus.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace gopack::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the run: what was found is a bug.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "this does not hold: %s\n", property);
  std::abort();
}

// Whether `action` went well. Refusing by an Error is as good; everything else it throws is a bug.
template <typename Action>
bool accepts(Action action) {
  try {
    action();
    return true;
  } catch (const Error&) {
    return false;
  }
}

// An open file in memory.
inline File memory_file(std::string_view bytes) {
  File file(Descriptor(::memfd_create("input", MFD_CLOEXEC)), "input");
  file.write(as_bytes(bytes));
  file.seek(0);
  return file;
}

// A directory in memory for this process, emptied.
inline Dir scratch_dir() {
  static const auto path = std::filesystem::path("/dev/shm") / ("gopack-fuzz-" + std::to_string(::getpid()));
  static const auto parent = Dir::ensure(path.parent_path());
  static const auto clean_up = std::atexit([] { remove_tree(parent, path.filename().string()); });
  require(clean_up == 0, "atexit works");
  remove_tree(parent, path.filename().string());
  return parent.make_dir(path.filename().string());
}

inline std::filesystem::path write(const Dir& dir, const std::string& name, std::string_view text) {
  auto file = dir.create_file(name);
  file.write(as_bytes(text));
  file.close();
  return dir.path() / name;
}

}  // namespace gopack::fuzz
