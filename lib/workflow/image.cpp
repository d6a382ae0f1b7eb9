#include "gopack/workflow/image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chosen_trees.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/bundle/bundle_target.hpp"
#include "gopack/offline/modules.hpp"
#include "gopack/target/fit.hpp"

namespace gopack::workflow {

namespace {

namespace fs = std::filesystem;

using Json = nlohmann::ordered_json;

// Modules and build cache of an image, brought into a bundle of their own without trees, which is as
// temporary as this object.
class StagedData {
 public:
  // The arguments outlive this object.
  StagedData(const Session& session, const ImageOptions& options, const Tree& start,
             const std::vector<bundle::BundleFile>& files)
      : options_(options),
        staging_(session.store.stage()),
        bundle_(store::Store::open(staging_.directory().path())),
        go_env_(bundle::go_env_of(files)),
        context_{session.store, bundle_, session.run(), !session.transport.is_offline()},
        modules_(context_, start, options.modules, go_env_.text) {}

  StagedData(const StagedData&) = delete;  // its members refer to each other
  StagedData& operator=(const StagedData&) = delete;

  // Adds what it makes, with the time of the newest of `files`. Returns what was compiled.
  std::vector<std::string> bring_into(tree::FileList& files, const std::vector<Tree>& trees) const {
    const auto place = Dir::ensure(bundle_.path() / fs::path(go_env_.path.text()).parent_path());
    replace_text(place, std::string(go_env_.path.name()), go_env_.text, false);
    modules_.bring();
    std::int64_t time = 0;
    for (const auto& file : files.files()) time = std::max(time, file.time);
    modules_.list(files, time);
    auto warmed = offline::warm(context_, trees, options_.warm);
    if (!warmed.empty()) offline::list_warm(context_, trees, files, time);
    return warmed;
  }

 private:
  const ImageOptions& options_;
  store::Staging staging_;
  store::Store bundle_;
  const bundle::BundleFile& go_env_;
  offline::Context context_;
  offline::Modules modules_;
};

void check_place(Reporter& reporter, const fs::path& out) {
  image::check_image_path(out);
  const auto directory = fs::absolute(out).parent_path();
  target::warn_of_empty_mount_point(reporter, directory, mount_of(Dir::open(directory)), "the image");
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
  Json go_env = Json::object();
  for (const auto& [name, value] : options.go_env) go_env[name] = value;
  Json programs = Json::array();
  for (const auto& program : imaged.programs)
    programs.push_back({{"name", program.path.text()}, {"sha256", program.sha256.hex()}});
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
                         {"go_env", go_env},
                         {"has_modules", !options.modules.empty()},
                         {"warmed", imaged.warmed},
                         {"programs", programs},
                         {"files", imaged.files},
                         {"file_bytes", imaged.bytes}};
  return document.dump(1) + "\n";
}

Imaged image(const Session& session, const ImageOptions& options) {
  if (options.pipe == nullptr) check_place(session.reporter, options.out);
  const bool needs_data = !options.modules.empty() || !options.warm.packages.empty();
  offline::check_projects(options.modules);
  std::optional lock(session.store.lock(session.lock_patience, session.stop));
  auto chosen = choose(session, options);
  const auto leases = store::lease_all(session.store, chosen.trees, session.wait());
  // What is made in the store's staging is safe from others only under the lock.
  if (!needs_data) lock.reset();
  offline::check_warm({session.store, session.store, session.run()}, chosen.trees, options.warm);
  const auto start = choose_start(session, options, chosen, {}).tree;
  const auto files = bundle::new_files(chosen.trees, options.go_env);
  std::optional<StagedData> data;
  if (needs_data) data.emplace(session, options, start, files);
  auto list = bundle::list_bundle(session.store,
                                  {.trees = chosen.trees,
                                   .files = files,
                                   .programs = options.programs,
                                   .bring = [] {},
                                   .current = start.id},
                                  options.time);
  std::vector<std::string> warmed;
  if (data) warmed = data->bring_into(list, chosen.trees);
  image::Image image(options.parameters, std::move(list));
  Imaged imaged{.trees = std::move(chosen.trees),
                .current = start,
                .outline = image.outline(),
                .digests = {},
                .programs = {},
                .warmed = std::move(warmed),
                .files = image.files().files().size(),
                .bytes = image.files().bytes()};
  for (const auto& file : image.files().files()) {
    if (bundle::is_program_name(file.path.text())) imaged.programs.push_back(file);
  }
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
