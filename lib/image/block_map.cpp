#include "block_map.hpp"

#include <fmt/format.h>

namespace gopack::image {

std::string block_map(const Outline& outline, const std::vector<digest::Sha256>& digests) {
  std::string ranges;
  for (std::size_t i = 0; i < outline.mapped.size(); ++i) {
    const auto first = outline.mapped[i].begin / kMapBlock;
    const auto last = first + outline.mapped[i].bytes / kMapBlock - 1;
    ranges += fmt::format("        <Range chksum=\"{}\"> {}-{} </Range>\n", digests[i].hex(), first, last);
  }
  const auto text_with = [&](const std::string& checksum) {
    return fmt::format(
        "<?xml version=\"1.0\" ?>\n"
        "<bmap version=\"2.0\">\n"
        "    <ImageSize> {} </ImageSize>\n"
        "    <BlockSize> {} </BlockSize>\n"
        "    <BlocksCount> {} </BlocksCount>\n"
        "    <MappedBlocksCount> {} </MappedBlocksCount>\n"
        "    <ChecksumType> sha256 </ChecksumType>\n"
        "    <BmapFileChecksum> {} </BmapFileChecksum>\n"
        "    <BlockMap>\n{}    </BlockMap>\n"
        "</bmap>\n",
        outline.bytes, kMapBlock, outline.bytes / kMapBlock, outline.mapped_bytes() / kMapBlock, checksum,
        ranges);
  };
  // The checksum is that of the text with zeros in its place.
  return text_with(digest::hash(text_with(std::string(2 * digest::Sha256::kSize, '0'))).hex());
}

}  // namespace gopack::image
