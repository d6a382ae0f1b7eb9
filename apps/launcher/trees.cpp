#include "trees.hpp"

#include <algorithm>

#include "gopack/launch/lacking.hpp"
#include "gopack/launch/pointer.hpp"
#include "system.hpp"

namespace gopack::launcher {

std::string manifest_head(const std::string& file) {
  std::string head;
  system::read_path(file, [&](std::string_view bytes) {
    head += bytes;
    return head.find("\"origins\"") == std::string::npos;
  });
  return head;
}

std::string release_of(const std::string& tree, const Host& host) {
  const auto version = system::read_file(host.join(tree, "VERSION")).value_or("");
  return version.substr(0, version.find_first_of(" \r\n"));
}

std::vector<TreeFacts> list_trees(const std::string& bundle, const Host& host) {
  std::vector<TreeFacts> trees;
  auto names = system::list(bundle);
  std::sort(names.begin(), names.end());
  for (const auto& name : names) {
    const auto tree = host.join(bundle, name);
    if (!launch::is_tree_name(name) || system::kind(tree + ".json") != system::Kind::file ||
        system::kind(tree) != system::Kind::directory)
      continue;
    const auto head = manifest_head(tree + ".json");
    auto abilities = launch::parse_abilities(head);
    TreeFacts facts{name,
                    release_of(tree, host),
                    std::move(abilities.profile),
                    head.substr(0, head.find("\"origins\"")).find("\"stripped\": true") != std::string::npos,
                    std::move(abilities.targets),
                    {}};
    for (auto& platform : system::list(host.join(tree, "pkg/tool")))
      if (platform.find('_') != std::string::npos) facts.platforms.push_back(std::move(platform));
    trees.push_back(std::move(facts));
  }
  return trees;
}

}  // namespace gopack::launcher
