#include "pulled_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "gopack/base/confine.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/pack/packs.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/store/shared_files.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/store/verify.hpp"
#include "gopack/target/space_estimate.hpp"
#include "release_time.hpp"

namespace gopack::workflow {

namespace {

namespace type = pack::media_type;

constexpr std::uint64_t kLargestManifestText = 64 << 20;  // bytes of its text
constexpr std::uint64_t kLargestSignature = 4096;         // bytes

using Files = std::vector<tree::ManifestFile>;

class TreePull {
 public:
  TreePull(const Session& session, const PullOptions& options, const ArtifactSource& source,
           const PullPlan& plan)
      : session_(session), options_(options), source_(source), plan_(plan) {}

  Pulled run() {
    const auto& id = plan_.offer.id;
    pulled_.tree.id = id;
    if (auto manifest = session_.store.trees().find_whole(id)) {
      pulled_.tree.manifest = std::move(*manifest);
      pulled_.was_there = true;
      return std::move(pulled_);
    }
    const auto& head = plan_.offer.head;
    in_context(fmt::format("pulling {} {} ({})", printable(head.release), printable(head.profile), id.text()),
               [&] {
                 if (plan_.delta == nullptr || !try_delta()) make_from_packs();
               });
    return std::move(pulled_);
  }

 private:
  pack::Artifact artifact_of(const pack::Descriptor& descriptor) const {
    return pack::Artifact::from_json(source_.manifest(descriptor));
  }

  // Throws Error (integrity) unless `text` is the manifest of the tree, signed by whom it has to be.
  tree::Manifest accept(const std::string& text, const pack::Artifact& artifact) {
    const auto& id = plan_.offer.id;
    std::vector<std::string> signatures;
    for (const auto& layer : artifact.layers_of(type::kSignature))
      signatures.push_back(source_.text(layer, kLargestSignature));
    pack::require_trusted(text, signatures, options_.trust);
    auto manifest = store::parse_manifest(text, id);
    require_possible(manifest.files);
    const auto& head = plan_.offer.head;
    const auto of = [](const tree::Manifest& one) {
      return fmt::format("{} {} for {}", one.release, store::profile_of(one), fmt::join(one.platforms, ", "));
    };
    if (of(manifest) != of(head)) {
      throw Error(ErrorKind::integrity, fmt::format("the index says {}, the tree is {}", printable(of(head)),
                                                    printable(of(manifest))));
    }
    return manifest;
  }

  // Throws Error (integrity) where a file would be a directory as well.
  static void require_possible(const Files& files) {
    std::set<std::string_view> paths;
    for (const auto& file : files) paths.insert(file.path.text());
    for (const auto& file : files) {
      for (auto above = file.path.parent(); !above.empty(); above = tree::parent_of(above)) {
        if (paths.contains(above))
          throw Error(ErrorKind::integrity,
                      fmt::format("{} is a file and a directory in its manifest", above));
      }
    }
  }

  // What no other tree of the store has: `get` opens what has it, `give` writes it.
  struct Content {
    std::function<void(const Files&)> get;
    std::function<void(const Files&, tree::TreeSink&)> give;
  };

  void make(const tree::Manifest& manifest, const Content& content) {
    auto staging = session_.store.stage();
    const auto rest =
        store::share_files(manifest.files, {.store = session_.store}, staging.writer(), session_.run());
    if (!rest.empty()) {
      require_room(rest);
      content.get(rest);
      run_confined(&staging.directory(), [&] { content.give(rest, staging.writer()); });
    }
    require_equal(staging.writer().files(), manifest.files);
    const auto created = plan_.offer.artifact.annotations.find("org.opencontainers.image.created");
    set_release_time(staging, created == plan_.offer.artifact.annotations.end()
                                  ? std::nullopt
                                  : release::parse_release_time("\ntime " + created->second));
    pulled_.tree.manifest = manifest;
    std::move(staging).commit(pulled_.tree.manifest);
  }

  void require_room(const Files& files) const {
    target::SpaceEstimate need(space_of(session_.store.home()));
    auto room = need.for_tree();
    for (const auto& file : files) room.add(file.path, file.size);
    need.add(room);
    need.require(fmt::format("pull {} into {}", plan_.offer.id.text(), printable(session_.store.path())));
  }

  void require_equal(const Files& found, const Files& expected) const {
    const auto [a, b] = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
    if (a == found.end() && b == expected.end()) return;
    const auto& path = b != expected.end() ? b->path : a->path;
    throw Error(ErrorKind::integrity, fmt::format("{} is not what the tree's manifest says", path.text()));
  }

  // False where it does not fit what is here.
  bool try_delta() {
    try {
      make_from_delta();
      return true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::integrity && error.kind() != ErrorKind::failed) throw;
      session_.reporter.warning(
          fmt::format("the delta from {} cannot be used, so the whole tree is pulled: {}",
                      plan_.delta->from.text(), error.text()));
      return false;
    }
  }

  void make_from_delta() {
    const auto& trees = session_.store.trees();
    const auto artifact = artifact_of(plan_.delta->artifact);
    const auto delta =
        pack::Delta::from_json(source_.text(artifact.layer_of(type::kOperations), pack::kLargestDocument));
    const auto from = trees.manifest(plan_.delta->from);
    const auto directory = trees.open(plan_.delta->from);
    auto file = source_.open(artifact.layer_of(type::kDeltaData));
    FileSource data(file);
    pack::DeltaReader reader(delta, {from, directory}, data);
    const auto manifest = accept(reader.read_manifest(), artifact);
    make(manifest, {[](const Files&) {},
                    [&](const Files& wanted, tree::TreeSink& sink) { reader.read_files(wanted, sink); }});
    pulled_.delta_from = plan_.delta->from;
    pulled_.bytes = plan_.delta->bytes;
  }

  void make_from_packs() {
    const auto artifact = artifact_of(plan_.offer.artifact);
    const auto compressed = source_.text(artifact.layer_of(type::kTreeManifest), kLargestManifestText);
    const auto manifest = accept(pack::decompress_text(compressed, kLargestManifestText), artifact);
    pack::PackReader packs(manifest.files, artifact.layers_of(type::kPack));
    const auto open = [&](const pack::Descriptor& blob) { return source_.open(blob); };
    make(manifest, {[&](const Files& wanted) { pulled_.bytes = packs.open(wanted, open, session_.run()); },
                    [&](const Files& wanted, tree::TreeSink& sink) { packs.read(wanted, sink); }});
  }

  const Session& session_;
  const PullOptions& options_;
  const ArtifactSource& source_;
  const PullPlan& plan_;
  Pulled pulled_{.tree = {plan_.offer.id, {}}, .delta_from = {}};
};

}  // namespace

PullPlan plan_pull(const store::Store& store, const pack::Offers& offers, const pack::TreeOffer& offer) {
  return {offer, offers.find_delta(store.trees().published(), offer.id, offer.bytes)};
}

Pulled pull_tree(const Session& session, const PullOptions& options, const ArtifactSource& source,
                 const PullPlan& plan) {
  return TreePull(session, options, source, plan).run();
}

}  // namespace gopack::workflow
