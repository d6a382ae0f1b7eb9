// The trees of a store: found, loaded and chosen by the user's words. Fits together with Store, which knows
// names alone: load_trees() reads every manifest, choose_trees() keeps what selectors mean, choose_tree() is
// left with one. Not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/store/store.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

// A laid-out tree.
struct Tree {
  tree::StoreId id;
  tree::Manifest manifest;

  release::Version version() const;
  std::vector<release::Platform> platforms() const;
  bool serves(const release::Platform& platform) const;
  // Any platform of that system ("windows").
  bool serves(std::string_view os) const;
};

// Its profile for people: "minimal", "minimal, stripped".
std::string profile_of(const tree::Manifest& manifest);

// Nothing, after a warning, where the manifest is damaged; nothing where there is none (any more).
std::optional<Tree> load_tree(const Store& store, const tree::StoreId& id, Reporter& reporter);
// Calls `visit` with every tree of the store whose manifest is in order, by id. Where there are many trees
// only what is kept of them takes memory.
void for_each_tree(const Store& store, Reporter& reporter, const std::function<void(Tree)>& visit);
// By release, then profile, then id.
bool is_listed_before(const Tree& a, const Tree& b);
// All of them, as they are listed.
std::vector<Tree> load_trees(const Store& store, Reporter& reporter);
// Whether `text` is the name of a tree or a prefix of one, not a selector.
bool is_tree_name(std::string_view text);
// Whether it says more than which release: v_<hash>, "1.26+minimal", "1.26/windows-amd64".
bool says_which_tree(std::string_view text);
// Whether `wider` does all that `narrower` does: the same release by the same profile, for more platforms.
// Which of them was laid out first does not count.
bool supersedes(const Tree& wider, const Tree& narrower);
// The known tree of that name or unambiguous prefix. Throws Error (usage).
tree::StoreId find_tree(const Store& store, const std::string& prefix);
// The trees that `texts` choose (selectors, which may name profile and platform, v_<hash> or an unambiguous
// prefix of one), all when there are no texts. Throws Error: usage, unreachable (nothing matches), failed
// (nothing matches, though the release is fetched), integrity when a tree that is named is damaged.
std::vector<Tree> choose_trees(const Store& store, const std::vector<std::string>& texts, Reporter& reporter);
// Throws Error: failed when there is none, usage when it is lost, integrity when it is damaged.
Tree current_tree(const Store& store);
// Those of `offered`, trees that are somewhere else, which `texts` choose in the same way; all when there are
// no texts. Throws Error: usage, unreachable (nothing matches).
std::vector<Tree> choose_offered(const std::vector<Tree>& offered, const std::vector<std::string>& texts);
// The Error (usage) that names the trees which `text` chooses, where fewer are wanted; `more` is added to its
// hint.
Error means_several(const std::string& text, const std::vector<Tree>& trees, const std::string& more = {});

// The one of `trees`, which are the store's, that `text` chooses. Throws Error as choose_tree does; usage
// also when it is not among them.
Tree pick_tree(const Store& store, const std::vector<Tree>& trees, const std::string& text);
// Exactly one tree: for `use`, `env`, `exec`. No text: the current one. Several matching trees of the newest
// matching release of which none supersedes the others are an Error (usage) that names them. Of a go.mod or
// go.work, which names the least release that does, also a later one: Selector::choose_sufficient().
Tree choose_tree(const Store& store, const std::string& text, Reporter& reporter);

// The same with a lease on it: nobody removes it meanwhile. Throws Error as choose_tree() and Store::lease()
// do.
struct LeasedTree {
  Tree tree;
  Lease lease;
};
LeasedTree lease_tree(const Store& store, const std::string& text, const Wait& wait, Reporter& reporter);

// On all of the trees that are still there.
std::vector<Lease> lease_all(const Store& store, const std::vector<Tree>& trees, const Wait& wait);

}  // namespace gopack::store
