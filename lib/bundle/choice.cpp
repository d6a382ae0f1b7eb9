#include "gopack/bundle/choice.hpp"

#include <algorithm>
#include <tuple>

namespace gopack::bundle {

namespace {

using store::Tree;

const Tree* find(const std::vector<Tree>& trees, const std::optional<tree::StoreId>& id) {
  const auto found =
      std::find_if(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == id; });
  return found == trees.end() ? nullptr : &*found;
}

}  // namespace

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
  auto own = question.own;
  const auto successor = std::find_if(
      trees.begin(), trees.end(), [&](const Tree& newer) { return own && store::supersedes(newer, *own); });
  if (successor != trees.end()) own = *successor;
  const auto rank = [&](const Tree& tree) {  // several of one release: rather what is current already
    return std::make_tuple(tree.version(), tree.id == question.store, own && tree.id == own->id,
                           tree.manifest.platforms.size());
  };
  const auto& newest = *std::max_element(trees.begin(), trees.end(),
                                         [&](const Tree& a, const Tree& b) { return rank(a) < rank(b); });
  if (question.is_chosen_by_name) return {newest};
  const auto* bundled_own = own ? find(trees, own->id) : nullptr;
  if (bundled_own || (own && question.keeps_own))
    return {bundled_own ? *bundled_own : *own, question.store != own->id};
  const auto* current = find(trees, question.store);
  return {current ? *current : newest};
}

}  // namespace gopack::bundle
