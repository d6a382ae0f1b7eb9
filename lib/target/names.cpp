#include "names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gopack/base/error.hpp"
#include "gopack/tree/fold.hpp"
#include "gopack/tree/rel_path.hpp"

namespace gopack::target {

namespace {

namespace fs = std::filesystem;

std::string_view last_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.substr(slash == std::string_view::npos ? 0 : slash + 1);
}

// Names that some filesystems do not take although Go's rules allow them.
bool is_unusual(std::string_view name) {
  constexpr std::size_t kUsual = 100;
  return name.size() > kUsual ||
         std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// Every file, and every directory that leads to one.
template <typename Visit>
void for_each_path(const Paths& files, Visit visit) {
  for (const auto file : files) {
    for (auto path = file; !path.empty(); path = tree::parent_of(path)) visit(path);
  }
}

std::optional<std::string> find_refused_path(const fs::path& directory,
                                             const std::vector<Paths>& directories) {
  std::map<std::string, std::string> unusual;  // name to a path that has it
  for (const auto& files : directories) {
    for_each_path(files, [&](std::string_view path) {
      if (const auto name = last_of(path); is_unusual(name)) unusual.emplace(name, path);
    });
  }
  if (unusual.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& [name, path] : unusual) names.push_back(name);
  const auto refused = find_refused(directory, names);
  if (refused.empty()) return std::nullopt;
  return unusual.at(refused.front());
}

std::optional<std::pair<std::string, std::string>> find_twins(const Paths& files) {
  std::optional<std::pair<std::string, std::string>> twins;
  std::map<std::string, std::string_view> known;
  for_each_path(files, [&](std::string_view path) {
    const auto [there, is_new] = known.emplace(tree::fold(path), path);
    if (!is_new && there->second != path) twins.emplace(there->second, path);
  });
  return twins;
}

// Of UTF-8: characters beyond the basic plane, whose sequences have four bytes, take two.
std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char byte : text) {
    const auto c = static_cast<unsigned char>(byte);
    units += (c & 0xc0) == 0x80 ? 0 : c >= 0xf0 ? 2 : 1;
  }
  return units;
}

}  // namespace

std::optional<std::string> find_name_fault(const Facts& facts, const std::vector<Paths>& directories) {
  if (facts.refusal) return std::nullopt;
  if (const auto path = find_refused_path(facts.directory, directories))
    return fmt::format("the filesystem refuses the name {}", printable(*path));
  if (!facts.ignores_case) return std::nullopt;
  for (const auto& files : directories) {
    if (const auto twins = find_twins(files)) {
      return fmt::format("the filesystem ignores case, and {} and {} would be one file",
                         printable(twins->first), printable(twins->second));
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_name_fault(const Facts& facts, const std::vector<store::Tree>& trees) {
  std::vector<Paths> directories(trees.size());
  for (std::size_t i = 0; i < trees.size(); ++i) {
    for (const auto& file : trees[i].manifest.files) directories[i].push_back(file.path.text());
  }
  return find_name_fault(facts, directories);
}

WindowsPath longest_path(const fs::path& target, const Facts& facts, const std::vector<store::Tree>& trees) {
  std::string_view longest;
  std::string tree_name;
  std::size_t units = 0;
  for (const auto& tree : trees) {
    for (const auto& file : tree.manifest.files) {
      if (utf16_units(file.path.text()) <= units) continue;
      longest = file.path.text();
      tree_name = tree.id.text();
      units = utf16_units(longest);
    }
  }
  auto below = fs::path("/");
  if (facts.mount.has_relative_path())
    below /= fs::absolute(target).lexically_normal().lexically_relative(facts.mount);
  auto text = "E:" + (below / tree_name / longest).lexically_normal().string();
  std::replace(text.begin(), text.end(), '/', '\\');
  return {text, utf16_units(text)};
}

}  // namespace gopack::target
