#include "gopack/store/catalog.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/launch/lacking.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::store {

namespace {

constexpr release::SelectorOptions kEveryPatch{.all_patches = true, .prereleases = false};

std::vector<Tree> by_name(const Store& store, const std::vector<Tree>& trees, const std::string& text) {
  const auto id = find_tree(store, text);
  const auto found =
      std::find_if(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == id; });
  // The store says what is wrong with one that has not been loaded.
  return {found != trees.end() ? *found : Tree{id, store.trees().manifest(id)}};
}

// A selector of trees: a selector of releases, then "+PROFILE", then "/PLATFORM", each of which may be
// missing.
struct TreeSelector {
  std::string release;
  std::string profile;                        // empty: any
  std::optional<release::Platform> platform;  // nothing: any

  // Whether profile and platform do.
  bool admits(const Tree& tree) const {
    return (profile.empty() || tree.manifest.profile == profile) && (!platform || tree.serves(*platform));
  }
};

// "windows-amd64" or "windows/amd64" behind a slash.
std::optional<std::size_t> find_platform(std::string_view text) {
  auto slash = text.rfind('/');
  for (int components = 1; components <= 2 && slash != std::string_view::npos && slash > 0; ++components) {
    if (release::Platform::try_parse(text.substr(slash + 1))) return slash;
    slash = text.rfind('/', slash - 1);
  }
  return std::nullopt;
}

TreeSelector parse_tree_selector(const std::string& text) {
  TreeSelector selector{text, {}, {}};
  if (const auto slash = find_platform(text)) {
    selector.platform = release::Platform::try_parse(text.substr(*slash + 1));
    selector.release.resize(*slash);
  }
  // The way to a project's file may have a + in it.
  const auto plus = selector.release.find('+', selector.release.rfind('/') + 1);
  if (plus == std::string::npos) return selector;
  selector.profile = selector.release.substr(plus + 1);
  selector.release.resize(plus);
  if (!selector.profile.empty()) return selector;
  throw Error(ErrorKind::usage, fmt::format("\"{}\" names no profile behind the +", printable(text)))
      .with_hint("name one, as in 1.26+minimal, or leave the + out");
}

// Where no tree matches: a release that is fetched only has to be laid out.
Error no_tree_matches(const Store& store, const TreeSelector& selector, const std::string& text) {
  std::vector<release::Version> fetched;
  const auto downloads = store.has_downloads() ? store.downloads().list() : std::vector<Archive>();
  for (const auto& archive : downloads) {
    if (!selector.platform || archive.platform == *selector.platform) fetched.push_back(archive.version);
  }
  const auto releases = release::parse_selector(selector.release);
  const auto chosen = releases.choose(fetched, kEveryPatch);
  SilentReporter silent;
  std::vector<release::Version> laid_out;  // and perhaps not among those that are chosen from
  for (const auto& tree : load_trees(store, silent)) {
    if (selector.admits(tree)) laid_out.push_back(tree.version());
  }
  if (chosen.empty() || !releases.choose(laid_out, kEveryPatch).empty()) {
    return Error(ErrorKind::unreachable, fmt::format("no tree matches \"{}\"", printable(text)))
        .with_hint(
            fmt::format("{} shows the trees with their profiles and platforms", store.command("list")));
  }
  const auto profile =
      selector.profile.empty() ? "" : " --profile " + shell_word(launch::profile_word(selector.profile));
  return Error(ErrorKind::failed,
               fmt::format("no tree matches \"{}\": {} is fetched, but not laid out{}", printable(text),
                           chosen.back().name(), profile.empty() ? "" : " in that way"))
      .with_hint(
          fmt::format("lay it out: {}", store.command("trim " + shell_word(selector.release) + profile)));
}

// What is not there has to be fetched and laid out, which a bundle cannot.
std::vector<release::Version> resolve(const Store& store, const release::Selector& selector,
                                      const std::vector<release::Version>& available) {
  try {
    return selector.resolve(available, kEveryPatch);
  } catch (Error& error) {
    if (!store.has_downloads()) throw;
    const auto word = shell_word(selector.text());
    error.with_hint(fmt::format("{}; for another one run {}, then {}", error.hint(),
                                store.command("fetch " + word), store.command("trim " + word)));
    throw;
  }
}

std::vector<Tree> admitted_by(const TreeSelector& selector, std::vector<Tree> trees) {
  std::erase_if(trees, [&](const Tree& tree) { return !selector.admits(tree); });
  return trees;
}

std::vector<release::Version> versions_of(const std::vector<Tree>& trees) {
  std::vector<release::Version> versions;
  for (const auto& tree : trees) versions.push_back(tree.version());
  return versions;
}

void keep_versions(std::vector<Tree>& trees, const std::vector<release::Version>& kept) {
  std::erase_if(trees, [&](const Tree& tree) {
    return std::find(kept.begin(), kept.end(), tree.version()) == kept.end();
  });
}

std::vector<Tree> by_selector(const Store& store, const std::vector<Tree>& trees, const std::string& text) {
  const auto selector = parse_tree_selector(text);
  const auto releases = release::parse_selector(selector.release);
  auto found = admitted_by(selector, trees);
  const auto available = versions_of(found);
  if (releases.choose(available, kEveryPatch).empty()) {
    auto error = no_tree_matches(store, selector, text);
    if (selector.release != text || error.kind() == ErrorKind::failed) throw error;
  }
  keep_versions(found, resolve(store, releases, available));
  return found;
}

std::vector<Tree> offered_for(const std::vector<Tree>& trees, const std::string& text) {
  if (!is_tree_name(text)) {
    const auto selector = parse_tree_selector(text);
    auto found = admitted_by(selector, trees);
    keep_versions(found, release::parse_selector(selector.release).resolve(versions_of(found), kEveryPatch));
    return found;
  }
  auto found = trees;
  std::erase_if(found, [&](const Tree& tree) { return !tree.id.text().starts_with(text); });
  if (found.empty()) throw Error(ErrorKind::unreachable, fmt::format("there is no tree {}", printable(text)));
  return found;
}

std::vector<Tree> matching(const Store& store, const std::vector<Tree>& trees, const std::string& text) {
  return is_tree_name(text) ? by_name(store, trees, text) : by_selector(store, trees, text);
}

}  // namespace

release::Version Tree::version() const {
  return release::Version::parse(manifest.release);  // the store has seen to that
}

std::vector<release::Platform> Tree::platforms() const {
  std::vector<release::Platform> platforms;
  for (const auto& text : manifest.platforms) {
    if (auto platform = release::Platform::try_parse(text)) platforms.push_back(*platform);
  }
  return platforms;
}

bool Tree::serves(const release::Platform& platform) const {
  const auto all = platforms();
  return std::find(all.begin(), all.end(), platform) != all.end();
}

bool Tree::serves(std::string_view os) const {
  const auto all = platforms();
  return std::any_of(all.begin(), all.end(), [&](const auto& platform) { return platform.os == os; });
}

std::string profile_of(const tree::Manifest& manifest) {
  return manifest.profile + (manifest.stripped ? ", stripped" : "");
}

std::optional<Tree> load_tree(const Store& store, const tree::StoreId& id, Reporter& reporter) {
  try {
    if (auto manifest = store.trees().find_manifest(id)) return Tree{id, std::move(*manifest)};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::integrity) throw;
    reporter.warning(error.text(), error.hint());
  }
  return std::nullopt;
}

void for_each_tree(const Store& store, Reporter& reporter, const std::function<void(Tree)>& visit) {
  for (const auto& id : store.trees().published()) {
    if (auto tree = load_tree(store, id, reporter)) visit(std::move(*tree));
  }
}

bool is_listed_before(const Tree& a, const Tree& b) {
  return std::make_tuple(a.version(), a.manifest.profile, a.id) <
         std::make_tuple(b.version(), b.manifest.profile, b.id);
}

std::vector<Tree> load_trees(const Store& store, Reporter& reporter) {
  std::vector<Tree> trees;
  for_each_tree(store, reporter, [&](Tree tree) { trees.push_back(std::move(tree)); });
  std::sort(trees.begin(), trees.end(), is_listed_before);
  return trees;
}

bool is_tree_name(std::string_view text) {
  return text.starts_with("v_");
}

bool says_which_tree(std::string_view text) {
  if (is_tree_name(text)) return true;
  const auto selector = parse_tree_selector(std::string(text));
  const auto release = selector.release.substr(selector.release.starts_with("go") ? 2 : 0);
  const bool is_release = !release.empty() && release.front() >= '0' && release.front() <= '9';
  return is_release && (!selector.profile.empty() || selector.platform);
}

bool supersedes(const Tree& wider, const Tree& narrower) {
  const auto& [its, theirs] = std::tie(wider.manifest, narrower.manifest);
  const auto includes = [](std::vector<std::string> all, std::vector<std::string> some) {
    std::sort(all.begin(), all.end());
    std::sort(some.begin(), some.end());
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
  };
  const bool is_same_kind = std::tie(its.release, its.profile, its.stripped) ==
                            std::tie(theirs.release, theirs.profile, theirs.stripped);
  const bool builds_as_much =
      its.targets.empty() || (!theirs.targets.empty() && includes(its.targets, theirs.targets));
  return is_same_kind && builds_as_much && its.platforms.size() > theirs.platforms.size() &&
         includes(its.platforms, theirs.platforms);
}

tree::StoreId find_tree(const Store& store, const std::string& prefix) {
  auto ids = store.trees().known();
  std::erase_if(ids, [&](const tree::StoreId& id) { return !id.text().starts_with(prefix); });
  if (ids.size() == 1) return ids.front();
  throw Error(ErrorKind::usage, ids.empty() ? fmt::format("there is no tree {}", printable(prefix))
                                            : fmt::format("{} means {} trees", printable(prefix), ids.size()))
      .with_hint(fmt::format("{} shows the trees", store.command("list")));
}

std::vector<Tree> choose_trees(const Store& store, const std::vector<std::string>& texts,
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

std::vector<Tree> choose_offered(const std::vector<Tree>& offered, const std::vector<std::string>& texts) {
  if (texts.empty()) return offered;
  std::vector<Tree> chosen;
  for (const auto& text : texts) {
    for (auto& tree : offered_for(offered, text)) {
      const bool is_new =
          std::none_of(chosen.begin(), chosen.end(), [&](const Tree& one) { return one.id == tree.id; });
      if (is_new) chosen.push_back(std::move(tree));
    }
  }
  return chosen;
}

Tree current_tree(const Store& store) {
  if (const auto current = store.pointer().current()) return {*current, store.trees().manifest(*current)};
  throw Error(ErrorKind::failed, fmt::format("no tree is current in {}", printable(store.path())))
      .with_hint(fmt::format("lay one out with {}, or choose one with {}", store.command("trim"),
                             store.command("use")));
}

Error means_several(const std::string& text, const std::vector<Tree>& trees, const std::string& more) {
  std::set<std::string> releases;
  for (const auto& tree : trees) releases.insert(tree.manifest.release);
  std::string names;
  for (const auto& tree : trees) {
    names += fmt::format("{}{} ({}{} for {})", names.empty() ? "" : ", ", tree.id.text(),
                         releases.size() > 1 ? tree.manifest.release + " " : "", profile_of(tree.manifest),
                         fmt::join(tree.manifest.platforms, ", "));
  }
  return Error(ErrorKind::usage,
               fmt::format("\"{}\" means {} trees: {}", printable(text), trees.size(), names))
      .with_hint(
          "name its profile or platform, such as 1.26+minimal or 1.26/windows-amd64, or the tree by its "
          "v_ hash" +
          more);
}

namespace {

// The trees in which a project of that go.mod or go.work runs: its lines name the least release, as to Go.
std::vector<Tree> sufficient_for(const std::vector<Tree>& trees, const std::string& text) {
  const auto selector = parse_tree_selector(text);
  if (!release::asks_for_at_least(selector.release)) return {};
  auto found = admitted_by(selector, trees);
  keep_versions(found,
                release::parse_selector(selector.release).choose_sufficient(versions_of(found), kEveryPatch));
  return found;
}

}  // namespace

Tree pick_tree(const Store& store, const std::vector<Tree>& trees, const std::string& text) {
  auto found = is_tree_name(text) ? std::vector<Tree>() : sufficient_for(trees, text);
  if (found.empty()) found = matching(store, trees, text);
  const auto newest = found.back().version();
  std::erase_if(found, [&](const Tree& tree) { return tree.version() != newest; });
  const bool is_among =
      std::any_of(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == found.front().id; });
  if (!is_among) {
    throw Error(ErrorKind::usage, fmt::format("{} is not among the chosen trees", found.front().id.text()))
        .with_hint("choose it as well");
  }
  const auto all = found;
  std::erase_if(found, [&](const Tree& tree) {
    return std::any_of(all.begin(), all.end(), [&](const Tree& other) { return supersedes(other, tree); });
  });
  if (found.size() == 1) return found.front();
  throw means_several(text, found);
}

Tree choose_tree(const Store& store, const std::string& text, Reporter& reporter) {
  if (text.empty()) return current_tree(store);
  return pick_tree(store, load_trees(store, reporter), text);
}

LeasedTree lease_tree(const Store& store, const std::string& text, const Wait& wait, Reporter& reporter) {
  for (;;) {
    auto tree = choose_tree(store, text, reporter);
    if (auto lease = store.lease(tree.id, wait.limit, wait.stop)) return {std::move(tree), std::move(*lease)};
    // Another gopack has just removed it: choose again.
  }
}

std::vector<Lease> lease_all(const Store& store, const std::vector<Tree>& trees, const Wait& wait) {
  std::vector<Lease> leases;
  for (const auto& tree : trees) {
    if (auto lease = store.lease(tree.id, wait.limit, wait.stop)) leases.push_back(std::move(*lease));
  }
  return leases;
}

}  // namespace gopack::store
