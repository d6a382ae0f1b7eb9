#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "gopack/base/replace_all.hpp"
#include "gopack/cache/layer.hpp"
#include "gopack/offline/warm.hpp"
#include "warm_cache.hpp"

namespace gopack::offline {

namespace {

constexpr std::string_view kArchive = "!<arch>\n";  // a compiled package; all else are short texts
constexpr std::uint64_t kLargestText = 1 << 20;     // bytes
// What Go notes of a directory and of a C compiler: it finds them by absolute paths and times.
constexpr std::string_view kDirectoryIndex = "go index v";
constexpr std::string_view kCompiler{"\0stat ", 6};
constexpr std::string_view kGoRoot = "$GOROOT";

bool is_package(const File& body) {
  std::array<std::byte, kArchive.size()> begin{};
  return body.read_at(begin, 0) == kArchive.size() && std::ranges::equal(begin, as_bytes(kArchive));
}

// The build cache as it is to be wherever it goes.
class PortableCache {
 public:
  // `roots` are the directories of the trees that it was filled with.
  PortableCache(const std::filesystem::path& path, std::vector<std::string> roots)
      : layer_(path), roots_(std::move(roots)) {}

  const cache::Layer& layer() const { return layer_; }

  // Texts name the trees as $GOROOT. Nothing of what is of use on this machine alone.
  void add(const digest::Sha256& action) {
    auto entry = layer_.find(action);
    if (!entry) return;
    const auto body = layer_.open_body(*entry);
    if (!body || body->status().size != entry->size) return;
    if (is_package(*body)) {
      packages[entry->output] = entry->size;
    } else if (entry->size <= kLargestText) {
      std::string text(entry->size, '\0');
      text.resize(body->read_at(std::as_writable_bytes(std::span(text)), 0));
      if (text.starts_with(kDirectoryIndex) || text.find(kCompiler) != std::string::npos) return;
      for (const auto& root : roots_) text = replace_all(std::move(text), root, kGoRoot);
      entry->output = digest::hash(text);
      entry->size = text.size();
      texts[entry->output] = std::move(text);
    } else {
      return;
    }
    entries[action] = *entry;
  }

  std::map<digest::Sha256, cache::Entry> entries;    // by their action
  std::map<digest::Sha256, std::uint64_t> packages;  // sizes
  std::map<digest::Sha256, std::string> texts;

 private:
  cache::Layer layer_;
  std::vector<std::string> roots_;
};

tree::RelPath path_of(const std::string& place, const digest::Sha256& id, std::string_view ending) {
  const auto hex = id.hex();
  return tree::RelPath(fmt::format("{}{}/{}{}", place, hex.substr(0, 2), hex, ending));
}

}  // namespace

void list_warm(const Context& context, const std::vector<store::Tree>& trees, tree::FileList& files,
               std::int64_t time) {
  std::vector<std::string> roots;
  for (const auto& tree : trees)
    roots.push_back((std::filesystem::absolute(context.store.path()) / tree.id.text()).string());
  PortableCache cache(context.bundle.path() / kCache, std::move(roots));
  for (const auto shard : cache.layer().shards()) {
    throw_if_stopped(context.run.stop);
    for (const auto& action : cache.layer().list(shard).actions) cache.add(action);
  }
  const auto place = fmt::format("{}/", kCache);
  digest::Hasher mark;
  for (auto& [action, entry] : cache.entries) {
    entry.time = std::chrono::seconds(time);
    auto text = cache::to_text(entry);
    mark.write(as_bytes(text));
    files.add_text(path_of(place, action, "-a"), std::move(text), time);
  }
  for (auto& [output, text] : cache.texts)
    files.add_text(path_of(place, output, "-d"), std::move(text), time);
  std::vector<tree::ManifestFile> packages;
  for (const auto& [output, size] : cache.packages)
    packages.push_back({path_of("", output, "-d"), false, size, output});  // the name is the digest
  files.add_below(Dir::open(cache.layer().path()), kCache, packages, time);
  files.add_text(tree::RelPath(place + kLastTrim), fmt::format("{}\n", time), time);
  files.add_text(tree::RelPath(place + kWarmMark), mark.finish().hex() + "\n", time);
}

}  // namespace gopack::offline
