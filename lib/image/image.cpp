#include "gopack/image/image.hpp"

#include <fmt/format.h>

#include "image_source.hpp"
#include "partition_table.hpp"
#include "sizing.hpp"
#include "volume.hpp"

namespace gopack::image {

namespace {

// Gives clusters to all directories, then to all files; returns the first one that is free.
std::uint64_t allocate(Nodes& nodes, const Geometry& geometry, std::uint64_t next) {
  for (const auto index : in_order(nodes)) {
    nodes[index].first_cluster = next;
    next += geometry.clusters_for(nodes[index].bytes);
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
    content_.begin = bytes_before(parameters.partition_table);
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
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!nodes[i].file) nodes[i].bytes = volume_->directory_bytes(nodes, i);
    }
    const auto behind = bytes_behind(parameters.partition_table);
    auto& geometry = content_.geometry;
    geometry = choose_geometry(*volume_, parameters, nodes, content_.begin + behind);
    outline.bytes = content_.begin + geometry.bytes + behind;
    outline.cluster_count = geometry.cluster_count;
    content_.used_clusters =
        allocate(nodes, geometry, kFirstCluster + volume_->own_clusters(geometry)) - kFirstCluster;
    outline.used_clusters = content_.used_clusters;
    seed_ = seed_of(parameters, outline.bytes, files);
    outline.volume_serial = content_.serial = id_from(seed_, 0);
    outline.disk_id = id_from(seed_, sizeof outline.volume_serial);
  }

  void add_parts() {
    const auto& nodes = content_.nodes;
    const Disk disk{.table = parameters.partition_table,
                    .bytes = outline.bytes,
                    .partition_begin = content_.begin,
                    .partition_bytes = content_.geometry.bytes,
                    .partition_type = volume_->partition_type(),
                    .id = outline.disk_id,
                    .seed = seed_};
    parts.reserve(4 * nodes.size());
    parts.add(disk_head(disk));
    parts.fill_to(content_.begin);
    volume_->add_head(parts, content_);
    for (const auto index : in_order(nodes)) {
      const auto& node = nodes[index];
      if (node.file) {
        parts.add(node.bytes, FileContent{*node.file});
      } else {
        parts.add(node.bytes, [this, index] { return volume_->directory(content_, index); });
      }
      parts.fill_to(parts.end() + round_up(node.bytes, parameters.cluster_size) - node.bytes);
    }
    parts.fill_to(round_up(parts.end(), kMapBlock));
    if (auto tail = disk_tail(disk); !tail.empty()) {
      const auto begin = outline.bytes - tail.size();
      parts.skip_to(begin / kMapBlock * kMapBlock);
      parts.fill_to(begin);
      parts.add(std::move(tail));
    }
    parts.skip_to(outline.bytes);
    outline.mapped = parts.ranges();
  }

  std::unique_ptr<Volume> volume_;
  VolumeContent content_;
  digest::Sha256 seed_;
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
