#include "gopack/base/bytes.hpp"

#include <fmt/format.h>

#include <utility>

#include "gopack/base/error.hpp"

namespace gopack {

ByteView MemorySource::next() {
  return std::exchange(rest_, {});
}

std::uint64_t copy(ByteSource& from, ByteSink& to) {
  std::uint64_t total = 0;
  for (auto block = from.next(); !block.empty(); block = from.next()) {
    to.write(block);
    total += block.size();
  }
  return total;
}

std::string read_all(ByteSource& from, std::uint64_t limit) {
  std::string text;
  for (auto block = from.next(); !block.empty(); block = from.next()) {
    if (text.size() + block.size() > limit) {
      throw Error(ErrorKind::failed, fmt::format("cannot read more than {} bytes here", limit));
    }
    text += as_text(block);
  }
  return text;
}

}  // namespace gopack
