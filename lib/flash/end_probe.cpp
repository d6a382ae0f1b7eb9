#include "end_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "chunk.hpp"

namespace gopack::flash {

namespace {

constexpr std::uint64_t kProbed = 4096;  // bytes
constexpr std::uint64_t kSmallest = 1 << 20;

Block random_block() {
  Block block(kProbed);
  std::random_device random;
  std::generate(block.bytes().begin(), block.bytes().end(), [&] { return static_cast<std::byte>(random()); });
  return block;
}

bool is_at(BlockDevice& device, const Block& mark, std::uint64_t offset) {
  Block found(kProbed);
  device.read_at(found.bytes(), offset);
  return std::ranges::equal(std::as_const(found).bytes(), mark.bytes());
}

}  // namespace

std::vector<std::uint64_t> possible_sizes(std::uint64_t bytes) {
  std::vector<std::uint64_t> sizes;
  for (auto size = kSmallest; size < bytes && size != 0; size *= 2) sizes.push_back(size);
  for (auto size = bytes; size % (2 * kProbed) == 0 && size / 2 >= kSmallest; size /= 2)
    sizes.push_back(size / 2);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

std::optional<std::string> probe_end(BlockDevice& device) {
  const auto end = device.bytes() / kProbed * kProbed;
  if (end < 2 * kSmallest) return std::nullopt;
  const auto last = end - kProbed;
  Block before(kProbed);
  device.read_at(before.bytes(), last);
  const auto mark = random_block();
  device.write_at(mark.bytes(), last);
  device.sync();
  const bool is_kept = is_at(device, mark, last);
  const auto sizes = possible_sizes(end);
  const auto size = std::find_if(sizes.begin(), sizes.end(),
                                 [&](std::uint64_t each) { return is_at(device, mark, last % each); });
  device.write_at(before.bytes(), last);
  device.sync();
  if (size != sizes.end()) {
    return fmt::format("it has less room than it claims: its last {} bytes are also those at byte {}",
                       kProbed, last % *size);
  }
  if (is_kept) return std::nullopt;
  return fmt::format("it has less room than it claims: its last {} bytes do not keep what is written",
                     kProbed);
}

}  // namespace gopack::flash
