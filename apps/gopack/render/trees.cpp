#include "render/trees.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "render/table.hpp"

namespace gopack::app {

namespace {

Json row(const store::Store& store, const store::Tree& tree, std::uint64_t files, std::uint64_t bytes) {
  auto json = identity(tree);
  json.update({{"stripped", tree.manifest.stripped},
               {"files", files},
               {"bytes", bytes},
               {"current", store.pointer().current() == tree.id},
               {"path", (store.path() / tree.id.text()).string()}});
  return json;
}

class TreeTable {
 public:
  explicit TreeTable(const store::Store& store) : current_(store.pointer().current()) {}
  void add(const store::Tree& tree, std::uint64_t files, std::uint64_t bytes) {
    const auto& [id, manifest] = tree;
    table_.add({current_ == id ? "*" : " ", manifest.release, store::profile_of(manifest), id.text(),
                count_of(files, "file"), human_bytes(bytes),
                fmt::format("{}", fmt::join(manifest.platforms, ", "))});
  }
  std::string text() const { return table_.text(); }

 private:
  using enum Table::Align;
  std::optional<tree::StoreId> current_;
  Table table_{{left, left, left, left, right, right, left}};
};

}  // namespace

Json to_json(const store::Store& store, const store::Tree& tree) {
  return row(store, tree, tree.manifest.files.size(), tree.manifest.bytes());
}

Json to_json(const store::Store& store, const workflow::ListedTree& listed) {
  return row(store, listed.tree, listed.files, listed.bytes);
}

std::string tree_table(const store::Store& store, const std::vector<store::Tree>& trees) {
  TreeTable table(store);
  for (const auto& tree : trees) table.add(tree, tree.manifest.files.size(), tree.manifest.bytes());
  return table.text();
}

std::string tree_table(const store::Store& store, const std::vector<workflow::ListedTree>& trees) {
  TreeTable table(store);
  for (const auto& [tree, files, bytes] : trees) table.add(tree, files, bytes);
  return table.text();
}

std::string name_of(const store::Tree& tree) {
  return fmt::format("{} {}, {}", tree.manifest.release, store::profile_of(tree.manifest),
                     fmt::join(tree.manifest.platforms, ", "));
}

Json identity(const store::Tree& tree) {
  return {{"id", tree.id.text()},
          {"release", tree.manifest.release},
          {"platforms", tree.manifest.platforms},
          {"profile", tree.manifest.profile}};
}

std::string describe(const store::Tree& tree) {
  return fmt::format("{} {} ({})", tree.manifest.release, store::profile_of(tree.manifest), tree.id.text());
}

}  // namespace gopack::app
