#include "gopack/image/image.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "image_source.hpp"
#include "partition_table.hpp"
#include "volume.hpp"

namespace gopack::image {

namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

[[noreturn]] void refuse(const std::string& reason, const std::string& hint) {
  throw Error(ErrorKind::noroom, fmt::format("cannot make the image: {}", reason)).with_hint(hint);
}

// How large a volume is to be so that it holds directories and files of `clusters`.
class Sizing {
 public:
  Sizing(const Volume& volume, const Parameters& parameters, std::uint64_t clusters)
      : volume_(volume), parameters_(parameters), clusters_(clusters) {}

  // Of an image whose partition table takes `begin` bytes at its start.
  Geometry choose(std::uint64_t begin) const {
    const auto& size = parameters_.size;
    auto bytes = least();
    if (size.kind == Size::Kind::room) bytes = round_up(bytes + size.bytes, kMebibyte);
    if (size.kind == Size::Kind::whole) {
      const auto whole = size.bytes / kMebibyte * kMebibyte;
      if (whole < begin + bytes) {
        refuse(fmt::format("{} are needed (clusters of {} bytes), the size is {}", megabytes(begin + bytes),
                           parameters_.cluster_size, megabytes(size.bytes)),
               "choose a larger --size, smaller clusters, fewer releases, or a smaller profile");
      }
      bytes = whole - begin;
    }
    const auto geometry = geometry_of(bytes);
    if ((bytes - geometry.heap_offset) / geometry.cluster_size > volume_.most_clusters())
      refuse_cluster_size();
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
    if (clusters_ > volume_.most_clusters()) refuse_cluster_size();
    auto bytes = round_up(clusters_ * parameters_.cluster_size, kMebibyte);
    const auto fits = [&] {
      const auto geometry = geometry_of(bytes);
      return geometry.cluster_count > 0 &&
             clusters_ + volume_.own_clusters(geometry) <= geometry.cluster_count;
    };
    while (!fits()) bytes += kMebibyte;
    return bytes;
  }

  const Volume& volume_;
  const Parameters& parameters_;
  std::uint64_t clusters_;
};

// Gives clusters to all directories, then to all files, in order; returns the first one that is free.
std::uint64_t allocate(Nodes& nodes, const Geometry& geometry, std::uint64_t next) {
  for (const bool is_file : {false, true}) {
    for (auto& node : nodes) {
      if (node.file.has_value() != is_file || node.bytes == 0) continue;
      node.first_cluster = next;
      next += geometry.clusters_for(node.bytes);
    }
  }
  return next;
}

digest::Sha256 seed_of(const Parameters& parameters, std::uint64_t bytes, const tree::FileList& files) {
  digest::Hasher hasher;
  hasher.write(as_bytes(fmt::format("gopack-image 1 {} {} {} {} \"{}\"\n", to_string(parameters.filesystem),
                                    to_string(parameters.partition_table), parameters.cluster_size, bytes,
                                    parameters.label)));
  for (const auto& file : files.files()) {
    hasher.write(
        as_bytes(fmt::format("{} {} {} {}\n", file.size, file.time, file.sha256.hex(), file.path.text())));
  }
  return hasher.finish();
}

std::uint32_t id_from(const digest::Sha256& seed, std::size_t offset) {
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < sizeof id; ++i) id = id << 8 | seed.bytes().at(offset + i);
  return id;
}

}  // namespace

std::uint64_t Outline::mapped_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& range : mapped) sum += range.bytes;
  return sum;
}

// All of an image but the bytes of its files.
class ImageStructure {
 public:
  ImageStructure(Parameters parameters_, tree::FileList files_)
      : parameters(std::move(parameters_)),
        files(std::move(files_)),
        volume_(make_volume(parameters.filesystem)) {
    files.sort();
    content_.nodes = make_nodes(files.files());
    content_.label = parameters.label;
    content_.begin = partition_offset(parameters.partition_table);
    lay_out();
    add_parts();
  }
  ImageStructure(const ImageStructure&) = delete;  // the parts refer to it
  ImageStructure& operator=(const ImageStructure&) = delete;

  const Parameters parameters;
  tree::FileList files;
  Outline outline;
  Parts parts;

 private:
  void lay_out() {
    auto& nodes = content_.nodes;
    std::uint64_t clusters = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!nodes[i].file) nodes[i].bytes = volume_->directory_bytes(nodes, i);
      clusters += quotient_up(nodes[i].bytes, parameters.cluster_size);
    }
    auto& geometry = content_.geometry;
    geometry = Sizing(*volume_, parameters, clusters).choose(content_.begin);
    outline.bytes = content_.begin + geometry.bytes;
    outline.cluster_count = geometry.cluster_count;
    content_.used_clusters =
        allocate(nodes, geometry, kFirstCluster + volume_->own_clusters(geometry)) - kFirstCluster;
    outline.used_clusters = content_.used_clusters;
    const auto seed = seed_of(parameters, outline.bytes, files);
    outline.volume_serial = content_.serial = id_from(seed, 0);
    outline.disk_id = id_from(seed, sizeof outline.volume_serial);
  }

  void add_parts() {
    const auto& nodes = content_.nodes;
    const auto& geometry = content_.geometry;
    if (parameters.partition_table == PartitionTable::mbr) {
      parts.add(
          master_boot_record({outline.disk_id, volume_->partition_type(), content_.begin, geometry.bytes}));
      parts.fill_to(content_.begin);
    }
    volume_->add_head(parts, content_);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!nodes[i].file) add_clusters(nodes[i], [this, i] { return volume_->directory(content_, i); });
    }
    for (const auto& node : nodes) {
      if (node.file) add_clusters(node, FileContent{*node.file});
    }
    parts.fill_to(round_up(parts.end(), kMapBlock));
    outline.mapped = {{0, parts.end()}};
  }

  template <typename Bytes>
  void add_clusters(const Node& node, Bytes bytes) {
    parts.add(node.bytes, std::move(bytes));
    parts.fill_to(parts.end() + round_up(node.bytes, parameters.cluster_size) - node.bytes);
  }

  std::unique_ptr<Volume> volume_;
  VolumeContent content_;
};

Image::Image(Parameters parameters, tree::FileList files)
    : structure_(std::make_unique<ImageStructure>(std::move(parameters), std::move(files))) {}
Image::~Image() = default;
Image::Image(Image&&) noexcept = default;

const Parameters& Image::parameters() const {
  return structure_->parameters;
}
const Outline& Image::outline() const {
  return structure_->outline;
}
const tree::FileList& Image::files() const {
  return structure_->files;
}

std::unique_ptr<ByteSource> Image::open(std::stop_token stop) {
  return std::make_unique<ImageSource>(structure_->parts, structure_->files, std::move(stop));
}

}  // namespace gopack::image
