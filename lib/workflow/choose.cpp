#include "gopack/workflow/choose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/release/platform_names.hpp"

namespace gopack::workflow {

namespace {

release::Version version_of(const Tree& tree) {
  return release::Version::try_parse(tree.manifest.release).value();  // the store has seen to that
}

std::vector<Tree> by_name(const store::Store& store, const std::vector<Tree>& trees,
                          const std::string& text) {
  const auto id = find_tree(store, text);
  const auto found =
      std::find_if(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == id; });
  // The store says what is wrong with one that has not been loaded.
  return {found != trees.end() ? *found : Tree{id, store.manifest(id)}};
}

std::vector<Tree> by_selector(const std::vector<Tree>& trees, const std::string& text) {
  std::vector<release::Version> available;
  for (const auto& tree : trees) available.push_back(version_of(tree));
  const auto chosen = parse_selector(text).resolve(available, {.all_patches = true, .prereleases = false});
  std::vector<Tree> found;
  for (const auto& tree : trees) {
    if (std::find(chosen.begin(), chosen.end(), version_of(tree)) != chosen.end()) found.push_back(tree);
  }
  return found;
}

std::vector<Tree> matching(const store::Store& store, const std::vector<Tree>& trees,
                           const std::string& text) {
  return is_tree_name(text) ? by_name(store, trees, text) : by_selector(trees, text);
}

}  // namespace

release::Selector parse_selector(const std::string& text) {
  if (auto selector = release::selector_from_project_file(text)) return *selector;
  return release::Selector::parse(text);
}

bool PlatformChoice::contains(const release::Platform& platform) const {
  return all || std::find(named.begin(), named.end(), platform) != named.end();
}

std::string PlatformChoice::text() const {
  return all ? "all platforms" : release::join(named);
}

std::vector<std::string> split_commas(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const auto& text : texts) {
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) words.push_back(part);
  }
  return words;
}

PlatformChoice parse_platforms(const std::vector<std::string>& texts) {
  PlatformChoice choice;
  for (const auto& word : split_commas(texts)) {
    const auto platform = word == "host" ? release::Platform::host() : release::Platform::try_parse(word);
    if (word == "all") {
      choice.all = true;
    } else if (!platform) {
      throw release::unknown_platform(word, "platform", release::known_platforms());
    } else if (!choice.contains(*platform)) {
      choice.named.push_back(*platform);
    }
  }
  if (!choice.all && choice.named.empty()) choice.named.push_back(release::Platform::host());
  return choice;
}

std::vector<release::Platform> Tree::platforms() const {
  std::vector<release::Platform> platforms;
  for (const auto& text : manifest.platforms) {
    if (auto platform = release::Platform::try_parse(text)) platforms.push_back(*platform);
  }
  return platforms;
}

std::optional<Tree> load_tree(const store::Store& store, const tree::StoreId& id, Reporter& reporter) {
  try {
    if (auto manifest = store.find_manifest(id)) return Tree{id, std::move(*manifest)};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::integrity) throw;
    reporter.warning(fmt::format("{}; {}", error.text(), error.hint()));
  }
  return std::nullopt;
}

std::vector<Tree> load_trees(const store::Store& store, Reporter& reporter) {
  std::vector<Tree> trees;
  for (const auto& id : store.ids()) {
    if (auto tree = load_tree(store, id, reporter)) trees.push_back(std::move(*tree));
  }
  std::sort(trees.begin(), trees.end(), [](const Tree& a, const Tree& b) {
    return std::make_tuple(version_of(a), a.manifest.profile, a.id) <
           std::make_tuple(version_of(b), b.manifest.profile, b.id);
  });
  return trees;
}

bool is_tree_name(std::string_view text) {
  return text.starts_with("v_");
}

tree::StoreId find_tree(const store::Store& store, const std::string& prefix) {
  auto ids = store.known();
  std::erase_if(ids, [&](const tree::StoreId& id) { return !id.text().starts_with(prefix); });
  if (ids.size() == 1) return ids.front();
  throw Error(ErrorKind::usage, ids.empty() ? fmt::format("there is no tree {}", printable(prefix))
                                            : fmt::format("{} means {} trees", printable(prefix), ids.size()))
      .with_hint("`gopack list` shows the trees");
}

std::vector<Tree> choose_trees(const store::Store& store, const std::vector<std::string>& texts,
                               Reporter& reporter) {
  auto trees = load_trees(store, reporter);
  if (texts.empty()) return trees;
  std::vector<tree::StoreId> chosen;
  for (const auto& text : texts) {
    for (const auto& tree : matching(store, trees, text)) chosen.push_back(tree.id);
  }
  std::vector<Tree> found;
  for (const auto& tree : trees) {
    if (std::find(chosen.begin(), chosen.end(), tree.id) != chosen.end()) found.push_back(tree);
  }
  return found;
}

Tree current_tree(const store::Store& store) {
  const auto id = store.require_current();
  return {id, store.manifest(id)};
}

Tree choose_tree(const store::Store& store, const std::string& text, Reporter& reporter) {
  if (text.empty()) return current_tree(store);
  auto found = matching(store, load_trees(store, reporter), text);
  const auto newest = version_of(found.back());
  std::erase_if(found, [&](const Tree& tree) { return version_of(tree) != newest; });
  if (found.size() == 1) return found.front();
  std::string names;
  for (const auto& tree : found) {
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", tree.id.text(), tree.manifest.profile);
  }
  throw Error(ErrorKind::usage,
              fmt::format("\"{}\" means {} trees: {}", printable(text), found.size(), names))
      .with_hint("name the tree by its v_ hash");
}

LeasedTree lease_tree(const Session& session, const std::string& text) {
  for (;;) {
    auto tree = choose_tree(session.store, text, session.reporter);
    if (auto lease = session.store.lease(tree.id, session.lock_patience, session.stop))
      return {std::move(tree), std::move(*lease)};
    // Another gopack has just removed it: choose again.
  }
}

}  // namespace gopack::workflow
