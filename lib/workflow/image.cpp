#include "gopack/workflow/image.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "chosen_trees.hpp"
#include "gopack/bundle/bundle_target.hpp"

namespace gopack::workflow {

namespace {

using Json = nlohmann::ordered_json;

tree::FileList list_files(const Session& session, const ImageOptions& options, const std::vector<Tree>& trees,
                          const tree::StoreId& current) {
  const auto files = bundle::new_files(trees, options.go_env);
  return bundle::list_bundle(
      session.store, {.trees = trees, .files = files, .bring = [] {}, .current = current}, options.time);
}

}  // namespace

std::string describe(const ImageOptions& options, const Imaged& imaged) {
  const auto& [parameters, outline] = std::tie(options.parameters, imaged.outline);
  Json trees = Json::array();
  for (const auto& [id, manifest] : imaged.trees) {
    trees.push_back({{"id", id.text()},
                     {"release", manifest.release},
                     {"platforms", manifest.platforms},
                     {"profile", manifest.profile},
                     {"files", manifest.files.size()},
                     {"bytes", manifest.bytes()}});
  }
  const Json document = {{"schema", 1},
                         {"image", options.out.filename().string()},
                         {"bytes", outline.bytes},
                         {"mapped_bytes", outline.mapped_bytes()},
                         {"sha256", imaged.digests.whole.hex()},
                         {"filesystem", image::to_string(parameters.filesystem)},
                         {"partition_table", image::to_string(parameters.partition_table)},
                         {"cluster_size", parameters.cluster_size},
                         {"clusters", outline.cluster_count},
                         {"used_clusters", outline.used_clusters},
                         {"label", parameters.label},
                         {"volume_serial", fmt::format("{:08x}", outline.volume_serial)},
                         {"disk_id", fmt::format("{:08x}", outline.disk_id)},
                         {"current", imaged.current.id.text()},
                         {"trees", trees},
                         {"files", imaged.files},
                         {"file_bytes", imaged.bytes}};
  return document.dump(1) + "\n";
}

Imaged image(const Session& session, const ImageOptions& options) {
  if (options.pipe == nullptr) image::check_image_path(options.out);
  std::optional lock(session.store.lock(session.lock_patience, session.stop));
  auto chosen = choose(session, options);
  const auto leases = store::lease_all(session.store, chosen.trees, session.wait());
  lock.reset();
  auto start = choose_start(session, options, chosen, {}).tree;
  image::Image image(options.parameters, list_files(session, options, chosen.trees, start.id));
  Imaged imaged{.trees = std::move(chosen.trees),
                .current = std::move(start),
                .outline = image.outline(),
                .digests = {},
                .files = image.files().files().size(),
                .bytes = image.files().bytes()};
  const auto describe_with = [&](const image::ImageDigests& digests) {
    imaged.digests = digests;
    return describe(options, imaged);
  };
  if (options.pipe != nullptr) {
    image::write_image(image, *options.pipe, "image", session.run());
  } else {
    image::write_image_file(
        image, options.out,
        {.describe = describe_with, .is_compressed = options.is_compressed, .sync = session.store.durable()},
        session.run());
  }
  return imaged;
}

}  // namespace gopack::workflow
