#include "gopack/base/file.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"

namespace gopack {

ByteView FileSource::next() {
  return {buffer_.data(), file_.read(buffer_)};
}

std::string read_text(const std::filesystem::path& path, std::uint64_t limit) {
  auto file = File::open(path);
  FileSource source(file);
  return in_context(fmt::format("reading {}", printable(path)), [&] { return read_all(source, limit); });
}

std::optional<std::string> find_text(const Dir& dir, const std::string& name, std::uint64_t limit) {
  auto file = dir.try_open_file(name);
  if (!file) return std::nullopt;
  FileSource source(*file);
  return in_context(fmt::format("reading {}", printable(dir.path() / name)),
                    [&] { return read_all(source, limit); });
}

}  // namespace gopack
