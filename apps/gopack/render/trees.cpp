#include "render/trees.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "render/table.hpp"

namespace gopack::app {

Json to_json(const store::Store& store, const store::Tree& tree) {
  const auto& manifest = tree.manifest;
  return {{"id", tree.id.text()},
          {"release", manifest.release},
          {"platforms", manifest.platforms},
          {"profile", manifest.profile},
          {"stripped", manifest.stripped},
          {"files", manifest.files.size()},
          {"bytes", manifest.bytes()},
          {"current", store.pointer().current() == tree.id},
          {"path", (store.path() / tree.id.text()).string()}};
}

std::string tree_table(const store::Store& store, const std::vector<store::Tree>& trees) {
  using enum Table::Align;
  Table table({left, left, left, left, right, right, left});
  const auto current = store.pointer().current();
  for (const auto& [id, manifest] : trees) {
    table.add({current == id ? "*" : " ", manifest.release, store::profile_of(manifest), id.text(),
               count_of(manifest.files.size(), "file"), human_bytes(manifest.bytes()),
               fmt::format("{}", fmt::join(manifest.platforms, ", "))});
  }
  return table.text();
}

std::string name_of(const store::Tree& tree) {
  return fmt::format("{} {}, {}", tree.manifest.release, store::profile_of(tree.manifest),
                     fmt::join(tree.manifest.platforms, ", "));
}

std::string describe(const store::Tree& tree) {
  return fmt::format("{} {} ({})", tree.manifest.release, store::profile_of(tree.manifest), tree.id.text());
}

}  // namespace gopack::app
