// A block map. Its own checksum is made right, so that mutations get past it.
#include "block_map_file.hpp"
#include "fuzz.hpp"

namespace {

std::string with_its_checksum(std::string text) {
  constexpr std::string_view kBegin = "<BmapFileChecksum> ";
  constexpr std::size_t kHex = 64;
  const auto found = text.find(kBegin);
  if (found == std::string::npos || text.size() < found + kBegin.size() + kHex) return text;
  const auto at = found + kBegin.size();
  text.replace(at, kHex, kHex, '0');
  return text.replace(at, kHex, gopack::digest::hash(text).hex());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto map = flash::parse_block_map(with_its_checksum(std::string(fuzz::text_of(data, size))));
  if (!map) return 0;
  std::uint64_t end = 0;
  for (const auto& range : map->ranges) {
    fuzz::require(range.begin >= end && range.bytes > 0, "ranges are in order");
    end = range.begin + range.bytes;
    fuzz::require(end <= map->bytes, "ranges are within the image");
  }
  return 0;
}
