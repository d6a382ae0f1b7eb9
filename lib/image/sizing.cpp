#include "sizing.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"

namespace gopack::image {

namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

[[noreturn]] void refuse(const std::string& reason, const std::string& hint) {
  throw Error(ErrorKind::noroom, fmt::format("cannot make the image: {}", reason)).with_hint(hint);
}

class Sizing {
 public:
  Sizing(const Volume& volume, const Parameters& parameters, std::uint64_t clusters)
      : volume_(volume), limits_(volume.limits()), parameters_(parameters), clusters_(clusters) {}

  Geometry choose(std::uint64_t around) const {
    const auto& size = parameters_.size;
    auto bytes = least();
    if (size.kind == Size::Kind::room) bytes = round_up(bytes + size.bytes, kMebibyte);
    if (size.kind == Size::Kind::whole) {
      const auto whole = size.bytes / kMebibyte * kMebibyte;
      if (whole < around + bytes) {
        refuse(fmt::format("{} are needed (clusters of {} bytes), the size is {}", megabytes(around + bytes),
                           parameters_.cluster_size, megabytes(size.bytes)),
               "choose a larger --size, smaller clusters, fewer releases, or a smaller profile");
      }
      bytes = whole - around;
    }
    const auto geometry = geometry_of(bytes);
    if ((bytes - geometry.heap_offset) / geometry.cluster_size > limits_.clusters) refuse_cluster_size();
    if (bytes > limits_.volume_bytes) {
      refuse(fmt::format("{} has volumes of at most {}", to_string(parameters_.filesystem),
                         megabytes(limits_.volume_bytes)),
             "choose a smaller --size, or --fs exfat");
    }
    return geometry;
  }

 private:
  Geometry geometry_of(std::uint64_t bytes) const {
    return volume_.geometry(bytes, parameters_.cluster_size);
  }

  [[noreturn]] void refuse_cluster_size() const {
    refuse(fmt::format("clusters of {} bytes cannot address a volume of this size", parameters_.cluster_size),
           "choose a larger --cluster, or a smaller --size");
  }

  std::uint64_t least() const {
    if (clusters_ > limits_.clusters) refuse_cluster_size();
    auto bytes = round_up(clusters_ * parameters_.cluster_size, kMebibyte);
    while (true) {
      const auto geometry = geometry_of(bytes);
      const auto count = geometry.cluster_count;
      if (count > 0 && clusters_ + volume_.own_clusters(geometry) <= count) return bytes;
      if (count == limits_.clusters) refuse_cluster_size();
      bytes += kMebibyte;
    }
  }

  const Volume& volume_;
  Limits limits_;
  const Parameters& parameters_;
  std::uint64_t clusters_;
};

// Throws Error where a file or directory is larger than the filesystem has any.
void require_within(const Limits& limits, const Parameters& parameters, const Node& node) {
  if (node.bytes <= (node.file ? limits.file_bytes : limits.directory_bytes)) return;
  refuse(
      fmt::format("{} has {} of at most {} bytes, {} has {}", to_string(parameters.filesystem),
                  node.file ? "files" : "directories", node.file ? limits.file_bytes : limits.directory_bytes,
                  printable(node.path.empty() ? "the top directory" : node.path), node.bytes),
      "choose --fs exfat");
}

}  // namespace

Geometry choose_geometry(const Volume& volume, const Parameters& parameters, const Nodes& nodes,
                         std::uint64_t around) {
  const auto limits = volume.limits();
  if (parameters.cluster_size > limits.cluster_size) {
    refuse(fmt::format("{} has clusters of at most {} bytes", to_string(parameters.filesystem),
                       limits.cluster_size),
           "choose a smaller --cluster, or --fs exfat");
  }
  std::uint64_t clusters = 0;
  for (const auto& node : nodes) {
    require_within(limits, parameters, node);
    clusters += quotient_up(node.bytes, parameters.cluster_size);
  }
  return Sizing(volume, parameters, clusters).choose(around);
}

}  // namespace gopack::image
