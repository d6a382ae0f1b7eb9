#include "gopack/workflow/pack.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/attest/attest.hpp"
#include "gopack/base/error.hpp"
#include "gopack/pack/layout.hpp"
#include "gopack/pack/offer.hpp"
#include "gopack/pack/packs.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/workflow/attest.hpp"

namespace gopack::workflow {

namespace {

namespace type = pack::media_type;

std::uint64_t bytes_of(const std::vector<pack::Descriptor>& layers) {
  std::uint64_t bytes = 0;
  for (const auto& layer : layers) bytes += layer.size;
  return bytes;
}

class Packer {
 public:
  Packer(const Session& session, const PackOptions& options)
      : session_(session), options_(options), layout_(pack::Layout::ensure(options.out)) {}

  void add_tree(const Tree& tree) {
    const auto text = tree.manifest.to_json();
    pack::Artifact artifact{.type = type::kTree, .layers = {}, .annotations = {}};
    artifact.layers.push_back(
        layout_.put(type::kTreeManifest, tree.id.text() + ".json.zst", pack::compress_text(text)));
    const auto packs =
        pack::put_packs(tree.manifest.files, session_.store.trees().open(tree.id), layout_, session_.run());
    artifact.layers.insert(artifact.layers.end(), packs.begin(), packs.end());
    const auto bytes = bytes_of(artifact.layers);
    const auto facts = attest(session_, tree.id.text(), options_.gopack_version);
    artifact.layers.push_back(layout_.put(type::kSbom, "sbom.cdx.json", attest::to_sbom(facts)));
    artifact.layers.push_back(put_provenance(attest::to_provenance(facts)));
    add_signature(tree, text, artifact);
    artifact.annotations =
        pack::annotate(tree.manifest, bytes, facts.time ? facts.time : time_of_version(tree));
    layout_.add(artifact.to_json(), tree.id.text());
    packed_.trees.push_back({tree, bytes, packs.size()});
  }

  void add_delta(const Tree& from, const PackedTree& to) {
    if (from.id == to.tree.id) return;
    const auto from_dir = session_.store.trees().open(from.id);
    const auto to_dir = session_.store.trees().open(to.tree.id);
    std::string data;
    const auto delta =
        pack::make_delta({from.manifest, from_dir}, {to.tree.manifest, to_dir}, data,
                         {pack::most_of_delta(to.bytes),
                          fmt::format("delta {} to {}", from.manifest.release, to.tree.manifest.release)},
                         session_.run());
    packed_.deltas.push_back({from, to.tree, 0, delta.has_value()});
    if (!delta) return;
    pack::Artifact artifact{.type = type::kDelta, .layers = {}, .annotations = {}};
    artifact.layers.push_back(layout_.put(type::kOperations, "operations.json", delta->to_json()));
    artifact.layers.push_back(layout_.put(type::kDeltaData, "data", data));
    const auto bytes = bytes_of(artifact.layers);
    packed_.deltas.back().bytes = bytes;
    add_signature(to.tree, to.tree.manifest.to_json(), artifact);
    artifact.annotations = pack::annotate(*delta, bytes);
    layout_.add(artifact.to_json(), pack::ref_of(*delta));
  }

  const std::vector<PackedTree>& trees() const { return packed_.trees; }

  Packed finish() && {
    layout_.commit();
    return std::move(packed_);
  }

 private:
  pack::Descriptor put_provenance(const std::string& statement) {
    if (options_.key == nullptr) return layout_.put(type::kProvenance, "provenance.intoto.json", statement);
    return layout_.put(type::kSigstoreBundle, "provenance.sigstore.json",
                       attest::sign_provenance(statement, *options_.key));
  }

  // Before 1.21 VERSION says nothing of it.
  std::optional<std::int64_t> time_of_version(const Tree& tree) const {
    const auto status = session_.store.trees().open(tree.id).find("VERSION");
    return status ? std::optional(status->mtime) : std::nullopt;
  }

  void add_signature(const Tree& tree, const std::string& text, pack::Artifact& artifact) {
    if (options_.key == nullptr) return;
    const auto& id = tree.id.text();
    artifact.layers.push_back(layout_.put(type::kSignature, id + ".json.minisig",
                                          options_.key->sign_text(text, fmt::format("gopack tree={}", id))));
  }

  const Session& session_;
  const PackOptions& options_;
  pack::Layout layout_;
  Packed packed_;
};

}  // namespace

Packed pack(const Session& session, const PackOptions& options) {
  const auto choose = [&](const std::vector<std::string>& selectors) {
    return store::choose_trees(session.store, selectors, session.reporter);
  };
  const auto trees = choose(options.selectors);
  const auto bases = options.delta_from.empty() ? std::vector<Tree>() : choose(options.delta_from);
  if (trees.empty()) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot pack: {} has no tree", printable(session.store.path())))
        .with_hint(fmt::format("lay one out with {}", session.store.command("trim")));
  }
  const auto kept = store::lease_all(session.store, trees, session.wait());
  const auto kept_bases = store::lease_all(session.store, bases, session.wait());
  Packer packer(session, options);
  for (const auto& tree : trees) packer.add_tree(tree);
  for (const auto& to : packer.trees()) {
    for (const auto& from : bases) packer.add_delta(from, to);
  }
  return std::move(packer).finish();
}

}  // namespace gopack::workflow
