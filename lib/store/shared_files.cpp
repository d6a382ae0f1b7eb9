#include "gopack/store/shared_files.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/file_linker.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/tree/dir_chain.hpp"

namespace gopack::store {

namespace {

using tree::ManifestFile;

struct Key {
  digest::Sha256 sha256;
  bool executable = false;
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    std::size_t start = 0;
    std::memcpy(&start, key.sha256.bytes().data(), sizeof start);
    return start;
  }
};

// A file that is wanted, and where a tree may have it.
struct Candidate {
  const ManifestFile* wanted;
  const tree::RelPath* place;
};

// What has not been found yet.
class Wanted {
 public:
  explicit Wanted(const std::vector<ManifestFile>& files) {
    for (const auto& file : files) files_[{file.sha256, file.executable}].push_back(&file);
  }

  bool is_empty() const { return files_.empty(); }

  // In the order of the tree's paths.
  std::vector<Candidate> find_in(const tree::Manifest& manifest) const {
    std::vector<Candidate> found;
    for (const auto& file : manifest.files) {
      const auto same = files_.find({file.sha256, file.executable});
      if (same == files_.end()) continue;
      for (const auto* wanted : same->second) found.push_back({wanted, &file.path});
    }
    return found;
  }

  bool has(const ManifestFile& file) const {
    const auto same = files_.find({file.sha256, file.executable});
    return same != files_.end() &&
           std::find(same->second.begin(), same->second.end(), &file) != same->second.end();
  }

  void remove(const ManifestFile& file) {
    const auto same = files_.find({file.sha256, file.executable});
    std::erase(same->second, &file);
    if (same->second.empty()) files_.erase(same);
  }

  std::vector<ManifestFile> sorted() const {
    std::vector<ManifestFile> sorted;
    for (const auto& [key, files] : files_) {
      for (const auto* file : files) sorted.push_back(*file);
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return sorted;
  }

 private:
  std::unordered_map<Key, std::vector<const ManifestFile*>, KeyHash> files_;
};

bool is_as_wanted(tree::DirChain& directories, const Candidate& candidate) {
  const auto& [wanted, place] = candidate;
  try {
    const auto* directory = directories.find(place->parent());
    const auto content =
        directory != nullptr ? directory->try_open_file(std::string(place->name())) : std::nullopt;
    return content && content->status().size == wanted->size && digest::hash(*content) == wanted->sha256;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    return false;  // it cannot be read
  }
}

// Takes from one tree after another.
class Sharer {
 public:
  Sharer(const std::vector<ManifestFile>& wanted, const ShareSource& source, tree::DirWriter& writer,
         const Run& run)
      : wanted_(wanted),
        source_(source),
        writer_(writer),
        run_(run),
        links_(source.store.writing().linking != Linking::never) {}

  std::vector<ManifestFile> share() {
    if (source_.only != nullptr) {
      share_with(*source_.only);
    } else {
      share_with_all();
    }
    return wanted_.sorted();
  }

 private:
  bool may_work() const { return (links_ && linker_.may_work()) || source_.may_copy; }

  void share_with_all() {
    SilentReporter silent;  // damaged manifests have nothing
    for (const auto& id : source_.store.trees().published()) {
      if (wanted_.is_empty() || !may_work()) return;
      const auto tree = id != source_.except ? load_tree(source_.store, id, silent) : std::nullopt;
      if (!tree) continue;
      if (source_.seen) source_.seen(*tree);
      share_with(*tree);
    }
  }

  // Contents are read by all threads, some of them first: what cannot be shared need not be read.
  void share_with(const Tree& source) {
    const auto candidates = wanted_.find_in(source.manifest);
    if (candidates.empty() || !may_work()) return;
    const auto tree = source_.store.trees().open(source.id);
    tree::DirChain directories(tree.open_dir("."));
    std::size_t size = 1;
    for (std::size_t start = 0; start < candidates.size() && may_work();
         start += std::exchange(size, kBatch)) {
      throw_if_stopped(run_.stop);
      const auto batch = std::span(candidates).subspan(start, std::min(size, candidates.size() - start));
      const auto is_good = check(batch, tree);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto& [wanted, place] = batch[i];
        if (is_good[i] != 0 && wanted_.has(*wanted) &&
            take(*wanted, directories.open(place->parent()), *place))
          wanted_.remove(*wanted);
      }
    }
  }

  bool take(const ManifestFile& file, const Dir& directory, const tree::RelPath& place) {
    const std::string name(place.name());
    if (links_ && linker_.may_work() && writer_.share(file, directory, name, linker_)) return true;
    if (!source_.may_copy) return false;
    auto content = directory.open_file(name);
    FileSource bytes(content);
    writer_.add({file.path, file.executable, file.size}, bytes);
    return true;
  }

  // Which of them are there and have the right content.
  std::vector<char> check(std::span<const Candidate> batch, const Dir& tree) const {
    std::vector<char> is_good(batch.size());
    run_in_ranges(batch.size(), run_.jobs, [&](std::size_t first, std::size_t last) {
      tree::DirChain directories(tree.open_dir("."));
      for (auto i = first; i < last; ++i) is_good[i] = is_as_wanted(directories, batch[i]) ? 1 : 0;
    });
    return is_good;
  }

  static constexpr std::size_t kBatch = 256;  // files

  Wanted wanted_;
  const ShareSource& source_;
  tree::DirWriter& writer_;
  const Run& run_;
  bool links_;
  FileLinker linker_;
};

}  // namespace

std::vector<ManifestFile> share_files(const std::vector<ManifestFile>& wanted, const ShareSource& source,
                                      tree::DirWriter& writer, const Run& run) {
  return Sharer(wanted, source, writer, run).share();
}

}  // namespace gopack::store
