// An open file with given bytes that leaves nothing behind.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "gopack/base/file.hpp"

namespace gopack::test {

inline File scratch_file(std::string_view bytes, std::string name) {
  std::FILE* stream = std::tmpfile();
  if (stream == nullptr) throw std::runtime_error("no temporary file");
  File file(Descriptor(::dup(::fileno(stream))), std::move(name));
  std::fclose(stream);
  file.write(as_bytes(bytes));
  file.seek(0);
  return file;
}

}  // namespace gopack::test
