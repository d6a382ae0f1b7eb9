#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>

#include "commands/commands.hpp"
#include "gopack/acquire/acquire.hpp"
#include "gopack/workflow/inventory.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

struct ListArguments {
  std::vector<std::string> selectors;
  bool remote = false;
  release::SelectorOptions which;
};

Json download_row(const Program& program, const workflow::Download& download) {
  const auto& archive = download.archive;
  Json trees = Json::array();
  for (const auto& id : download.trees) trees.push_back(id.text());
  return {{"file", archive.file},
          {"release", archive.version.name()},
          {"platform", archive.platform.text()},
          {"bytes", archive.bytes},
          {"trees", trees},
          {"path", (program.settings().home() / "downloads" / archive.file).string()}};
}

// The downloads below the trees, and what both take.
std::string to_text(const store::Store& store, const workflow::Inventory& inventory) {
  std::uint64_t tree_bytes = 0;
  for (const auto& listed : inventory.trees) tree_bytes += listed.bytes;
  auto text = tree_table(store, inventory.trees);
  auto sum = fmt::format("{} in {}", human_bytes(tree_bytes), count_of(inventory.trees.size(), "tree"));
  if (inventory.on_disk < tree_bytes) sum += fmt::format(" ({} on disk)", human_bytes(inventory.on_disk));
  if (!inventory.downloads.empty()) {
    Table table({Table::Align::left, Table::Align::right, Table::Align::left});
    std::uint64_t bytes = 0;
    for (const auto& [archive, trees] : inventory.downloads) {
      bytes += archive.bytes;
      table.add({"  downloads/" + archive.file, human_bytes(archive.bytes),
                 trees.empty() ? "no tree is made from it" : ""});
    }
    text += table.text();
    sum += fmt::format(", {} in {}", human_bytes(bytes), count_of(inventory.downloads.size(), "download"));
  }
  return inventory.trees.empty() && inventory.downloads.empty() ? "" : text + sum + "\n";
}

int list_store(Program& program, const ListArguments& options) {
  if (!program.has_store()) {
    program.print("", {{"trees", Json::array()}, {"downloads", Json::array()}, {"on_disk", 0}});
    return 0;
  }
  const auto session = program.session(Access::read);
  const auto inventory =
      workflow::take_inventory(session.store, options.selectors, workflow::Measure::disk, session.run());
  Json trees = Json::array();
  for (const auto& listed : inventory.trees) trees.push_back(to_json(session.store, listed));
  Json downloads = Json::array();
  for (const auto& download : inventory.downloads) downloads.push_back(download_row(program, download));
  program.print(to_text(session.store, inventory),
                {{"trees", trees}, {"downloads", downloads}, {"on_disk", inventory.on_disk}});
  return 0;
}

using Releases = std::map<release::Version, std::vector<source::Offer>>;

// All releases, or those that the selectors choose.
Releases choose_releases(const acquire::Remote& remote, const ListArguments& options) {
  Releases releases;
  for (const auto& offer : remote.offers) releases[offer.file.version].push_back(offer);
  std::vector<release::Version> available;
  for (const auto& [version, offers] : releases) available.push_back(version);
  std::vector<release::Selector> selectors;
  for (const auto& text : options.selectors) selectors.push_back(release::parse_selector(text));
  auto which = options.which;
  which.all_patches = true;
  const auto chosen = release::resolve_all(selectors, available, which);
  std::erase_if(releases, [&](const auto& entry) {
    const auto& version = entry.first;
    if (selectors.empty()) return version.is_prerelease() && !options.which.prereleases;
    return std::find(chosen.begin(), chosen.end(), version) == chosen.end();
  });
  return releases;
}

int list_remote(Program& program, const ListArguments& options) {
  const auto remote =
      acquire::list_remote(program.session(Access::look).acquiring(), program.settings().list("source"));
  Json json = Json::array();
  Table table({Table::Align::left, Table::Align::left});
  for (auto& [version, offers] : choose_releases(remote, options)) {
    std::vector<std::string> platforms;
    for (const auto& offer : offers) platforms.push_back(offer.file.platform.text());
    std::sort(platforms.begin(), platforms.end());
    table.add({version.name(), fmt::format("{}", fmt::join(platforms, ", "))});
    json.push_back(
        {{"release", version.name()}, {"stable", !version.is_prerelease()}, {"platforms", platforms}});
  }
  program.print(table.text(), {{"source", remote.source}, {"releases", json}});
  return 0;
}

}  // namespace

void add_list(Command root) {
  auto command =
      root.add_command("list", "Show what the store holds (* marks current), or what sources offer");
  auto options = std::make_shared<ListArguments>();
  command.add_option("selector", options->selectors, "only these releases");
  command.add_flag("--remote", options->remote, "what the sources offer");
  command.add_flag("--pre", options->which.prereleases, "also betas and release candidates");
  command.add_setting_list("--source", "source", "where to look with --remote");
  command.set_help({.group = Group::everyday,
                    .examples = {"gopack list", "gopack list --remote 1.26"},
                    .statuses = {{4}}});
  command.set_run([options](Program& program) {
    return options->remote ? list_remote(program, *options) : list_store(program, *options);
  });
}

}  // namespace gopack::app
