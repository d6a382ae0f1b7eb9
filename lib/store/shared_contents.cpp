#include "gopack/store/shared_contents.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/tree/dir_chain.hpp"

namespace gopack::store {

namespace {

// So many files are read before they are shared; where that cannot be, no more are read.
constexpr std::size_t kBatch = 256;

// Whether the file has the content that its tree's manifest says.
bool has_content(const Dir* directory, const std::string& path, const tree::ManifestFile& file) {
  if (directory == nullptr) return false;
  try {
    const auto content = directory->try_open_file(path.substr(path.rfind('/') + 1));
    return content && content->status().size == file.size && digest::hash(*content) == file.sha256;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    return false;  // it cannot be read
  }
}

}  // namespace

std::size_t SharedContents::KeyHash::operator()(const Key& key) const {
  std::size_t start = 0;
  std::memcpy(&start, key.sha256.bytes().data(), sizeof start);
  return start;
}

SharedContents::SharedContents(std::vector<tree::ManifestFile> wanted) : wanted_(std::move(wanted)) {
  for (const auto& file : wanted_) places_.emplace(Key{file.sha256, file.executable}, Place{});
  missing_ = places_.size();
}

void SharedContents::look_in(const Store& store, const std::optional<tree::StoreId>& except) {
  if (store.linking() == Linking::never) return;
  const auto trees = store.trees();
  for (const auto& id : trees.known()) {
    if (missing_ == 0) return;
    if (id == except || !trees.is_complete(id)) continue;
    try {
      if (const auto manifest = trees.find_manifest(id)) look_in(store, id, *manifest);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::integrity) throw;
    }
  }
}

void SharedContents::look_in(const Store& store, const tree::StoreId& id, const tree::Manifest& manifest) {
  if (store.linking() == Linking::never) return;
  for (const auto& file : manifest.files) {
    const auto place = places_.find({file.sha256, file.executable});
    if (place == places_.end() || place->second.store != nullptr) continue;
    place->second = {&store, id, file.path.text()};
    --missing_;
  }
}

// Of one tree each, in the order of its paths; what no tree has joins `rest`.
std::vector<std::vector<SharedContents::Candidate>> SharedContents::batches(
    std::vector<tree::ManifestFile>& rest) const {
  std::vector<Candidate> found;
  for (const auto& file : wanted_) {
    const auto& place = places_.at({file.sha256, file.executable});
    if (place.store != nullptr) {
      found.push_back({&file, &place});
    } else {
      rest.push_back(file);
    }
  }
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.place->store, a.place->tree, a.place->path) <
           std::tie(b.place->store, b.place->tree, b.place->path);
  });
  std::vector<std::vector<Candidate>> batches;
  for (const auto& candidate : found) {
    const bool goes_on = !batches.empty() && batches.back().size() < kBatch &&
                         batches.back().front().place->store == candidate.place->store &&
                         batches.back().front().place->tree == candidate.place->tree;
    if (!goes_on) batches.emplace_back();
    batches.back().push_back(candidate);
  }
  return batches;
}

std::vector<tree::ManifestFile> SharedContents::share(tree::DirWriter& writer, const Run& run) {
  std::vector<tree::ManifestFile> rest;
  std::map<const Store*, FileLinker> linkers;
  const auto directory_of = [](const Place& place) { return tree::parent_of(place.path); };
  for (const auto& batch : batches(rest)) {
    throw_if_stopped(run.stop);
    const auto& place = *batch.front().place;
    auto& linker = linkers[place.store];
    std::vector<char> is_good(batch.size());
    if (linker.may_work()) {
      const auto tree = place.store->trees().open(*place.tree);
      run_parallel(run.jobs, run.jobs, [&](std::size_t part) {
        tree::DirChain directories(tree.open_dir("."));
        for (auto i = batch.size() * part / run.jobs; i < batch.size() * (part + 1) / run.jobs; ++i) {
          const auto& [file, at] = batch[i];
          is_good[i] = has_content(directories.find(directory_of(*at)), at->path, *file) ? 1 : 0;
        }
      });
    }
    tree::DirChain directories(place.store->trees().open(*place.tree));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto& [file, at] = batch[i];
      const auto name = at->path.substr(at->path.rfind('/') + 1);
      const bool is_shared = is_good[i] != 0 && linker.may_work() &&
                             writer.share(*file, directories.open(directory_of(*at)), name, linker);
      if (!is_shared) rest.push_back(*file);
    }
  }
  std::sort(rest.begin(), rest.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return rest;
}

}  // namespace gopack::store
