#include "choose.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "failure.hpp"
#include "gopack/launch/rules.hpp"

namespace gopack::launcher {

namespace {

struct Wanted {
  std::string name;      // or its beginning
  std::string release;   // go1.22
  std::string profile;   // empty: any
  std::string platform;  // windows_amd64; empty: any
};

Wanted parse_wanted(const std::string& word) {
  Wanted wanted{word, word, {}, {}};
  if (const auto slash = word.find('/'); slash != std::string::npos) {
    wanted.platform = word.substr(slash + 1);
    for (char& c : wanted.platform)
      if (c == '/' || c == '-') c = '_';
    wanted.release.resize(slash);
  }
  if (const auto plus = wanted.release.find('+'); plus != std::string::npos) {
    wanted.profile = wanted.release.substr(plus + 1);
    wanted.release.resize(plus);
    if (wanted.profile.empty()) throw Failure{launch::fill(launch::message::no_profile, {word})};
  }
  if (!wanted.release.starts_with("go")) wanted.release.insert(0, "go");
  return wanted;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool includes(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  return std::all_of(some.begin(), some.end(), [&](const auto& one) { return contains(all, one); });
}

// 0 for the release that is named, the patch for one of the minor that is named; nothing for another one.
std::optional<int> match(const TreeFacts& tree, const Wanted& wanted) {
  if (!wanted.platform.empty() && !contains(tree.platforms, wanted.platform)) return std::nullopt;
  if (!wanted.profile.empty() && tree.profile != wanted.profile) return std::nullopt;
  if (tree.name.starts_with(wanted.name) || tree.release == wanted.release) return 0;
  if (!tree.release.starts_with(wanted.release + ".")) return std::nullopt;
  constexpr std::size_t kMostDigits = 9;
  const auto patch = tree.release.substr(wanted.release.size() + 1);
  const bool is_number = patch.find_first_not_of("0123456789") == std::string::npos;
  if (patch.empty() || patch.size() > kMostDigits || !is_number) return std::nullopt;
  return std::stoi(patch);
}

bool supersedes(const TreeFacts& wider, const TreeFacts& narrower) {
  const bool is_same_kind = wider.release == narrower.release && wider.profile == narrower.profile &&
                            wider.stripped == narrower.stripped;
  const bool builds_as_much =
      wider.targets.empty() || (!narrower.targets.empty() && includes(wider.targets, narrower.targets));
  return is_same_kind && builds_as_much && wider.platforms.size() > narrower.platforms.size() &&
         includes(wider.platforms, narrower.platforms);
}

}  // namespace

std::vector<TreeFacts> without_superseded(const std::vector<TreeFacts>& trees) {
  auto left = trees;
  std::erase_if(left, [&](const TreeFacts& tree) {
    return std::any_of(trees.begin(), trees.end(),
                       [&](const TreeFacts& other) { return supersedes(other, tree); });
  });
  return left;
}

std::string find_named(const std::string& word, const std::vector<TreeFacts>& trees,
                       const std::string& switcher) {
  const auto wanted = parse_wanted(word);
  std::vector<TreeFacts> found;
  int best = -1;
  for (const auto& tree : trees) {
    const auto patch = match(tree, wanted);
    if (!patch || *patch < best) continue;
    if (*patch > best) found.clear();
    best = *patch;
    found.push_back(tree);
  }
  if (!word.starts_with("v_")) found = without_superseded(found);
  if (found.size() == 1) return found.front().name;
  if (found.empty()) throw Failure{launch::fill(launch::message::no_such_tree, {word, switcher})};
  std::string names;
  for (const auto& tree : found) names += (names.empty() ? "" : " ") + tree.name;
  throw Failure{launch::fill(launch::message::several_trees, {word, names})};
}

}  // namespace gopack::launcher
