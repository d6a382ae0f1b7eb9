#include "gopack/base/file.hpp"

namespace gopack {

ByteView FileSource::next() {
  return {buffer_.data(), file_.read(buffer_)};
}

std::string read_text(const std::filesystem::path& path, std::uint64_t limit) {
  auto file = File::open(path);
  FileSource source(file);
  return read_all(source, limit);
}

}  // namespace gopack
