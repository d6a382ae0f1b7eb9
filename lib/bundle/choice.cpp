#include "gopack/bundle/choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/base/similar.hpp"
#include "gopack/trim/profile.hpp"

namespace gopack::bundle {

namespace {

using store::Tree;

const Tree* find(const std::vector<Tree>& trees, const std::optional<tree::StoreId>& id) {
  const auto found =
      std::find_if(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == id; });
  return found == trees.end() ? nullptr : &*found;
}

// failed for a built-in one, else usage with what was meant among `profiles`, which are those of the trees.
Error no_tree_of_profile(const store::Store& store, const std::string& profile,
                         std::vector<std::string> profiles) {
  const auto built_in = trim::built_in_profiles();
  const auto base = profile.substr(0, profile.find('+'));
  const bool is_built_in =
      std::any_of(built_in.begin(), built_in.end(), [&](const auto& one) { return one.name == base; });
  Error error(is_built_in ? ErrorKind::failed : ErrorKind::usage,
              fmt::format("there is no tree of the profile \"{}\"", printable(profile)));
  if (is_built_in)
    return error.with_hint(fmt::format("lay one out first: {}", store.command("trim --profile " + profile)));
  std::sort(profiles.begin(), profiles.end());
  profiles.erase(std::unique(profiles.begin(), profiles.end()), profiles.end());
  auto names = profiles;
  for (const auto& one : built_in) names.push_back(one.name);
  return error.with_hint(did_you_mean(
      profile, names, fmt::format("there are trees of the profiles {}", fmt::join(profiles, ", "))));
}

void keep_profile(const store::Store& store, const std::string& profile, std::vector<Tree>& trees) {
  if (profile.empty() || trees.empty()) return;
  std::vector<std::string> profiles;
  for (const auto& tree : trees) profiles.push_back(tree.manifest.profile);
  std::erase_if(trees, [&](const Tree& tree) { return tree.manifest.profile != profile; });
  if (trees.empty()) throw no_tree_of_profile(store, profile, std::move(profiles));
}

// What supersedes it among the trees, else the tree itself.
const Tree* successor_of(const Tree& tree, const std::vector<Tree>& trees) {
  const auto successor = std::find_if(trees.begin(), trees.end(),
                                      [&](const Tree& newer) { return store::supersedes(newer, tree); });
  return successor != trees.end() ? &*successor : &tree;
}

}  // namespace

std::vector<Tree> choose_bundled(const store::Store& store, const TreesQuestion& question,
                                 Reporter& reporter) {
  auto trees = store::choose_trees(store, question.selectors, reporter);
  keep_profile(store, question.profile, trees);
  trees = without_superseded(std::move(trees), [&](const Tree& tree) {
    return std::any_of(question.selectors.begin(), question.selectors.end(), [&](const std::string& text) {
      return store::is_tree_name(text) && tree.id.text().starts_with(text);
    });
  });
  if (!trees.empty()) return trees;
  throw Error(ErrorKind::failed, fmt::format("there is no tree to bundle in {}", printable(store.path())))
      .with_hint(fmt::format("lay releases out first: {}", store.command("trim")));
}

std::vector<Tree> without_superseded(std::vector<Tree> trees,
                                     const std::function<bool(const Tree&)>& is_named) {
  const auto all = trees;
  std::erase_if(trees, [&](const Tree& tree) {
    return !is_named(tree) && std::any_of(all.begin(), all.end(),
                                          [&](const Tree& other) { return store::supersedes(other, tree); });
  });
  return trees;
}

Start choose_start(const StartQuestion& question) {
  const auto& trees = question.trees;
  const auto* own = question.own ? successor_of(*question.own, trees) : nullptr;
  const auto rank = [&](const Tree& tree) {  // several of one release: rather what is current already
    return std::make_tuple(tree.version(), tree.id == question.store, own && tree.id == own->id,
                           tree.manifest.platforms.size());
  };
  const auto& newest = *std::max_element(trees.begin(), trees.end(),
                                         [&](const Tree& a, const Tree& b) { return rank(a) < rank(b); });
  if (question.is_chosen_by_name) return {newest};
  const auto* bundled_own = own ? find(trees, own->id) : nullptr;
  if (own && (bundled_own || question.keeps_own))
    return {bundled_own ? *bundled_own : *own, question.store != own->id};
  const auto* current = find(trees, question.store);
  return {current ? *current : newest};
}

}  // namespace gopack::bundle
