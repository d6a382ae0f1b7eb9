#include "render/bundled.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

// What whoever takes the bundle gets.
std::string start_line(const workflow::BundleOptions& options, const workflow::Bundled& bundled) {
  const auto& tree = bundled.current;
  auto line = fmt::format("{} starts {} for {}", printable(options.target), describe(tree),
                          fmt::join(tree.manifest.platforms, ", "));
  if (bundled.is_own_choice) line += ", as before: --current SELECTOR chooses another one";
  return line + "\n";
}

}  // namespace

std::string counts_line(const std::filesystem::path& target, const bundle::Counts& counts, bool switched) {
  if (counts.copied == 0 && counts.removed == 0) {
    return fmt::format("{}: nothing to {}, {} unchanged\n", printable(target), switched ? "copy" : "do",
                       count_of(counts.unchanged, "file"));
  }
  const auto shared = counts.shared == 0 ? "" : fmt::format(", {} shared", count_of(counts.shared, "file"));
  return fmt::format("{}: {} copied ({}){}, {} unchanged, {} removed\n", printable(target),
                     count_of(counts.copied - counts.shared, "file"), human_bytes(counts.bytes), shared,
                     counts.unchanged, counts.removed);
}

std::string to_text(const workflow::BundleOptions& options, const workflow::Bundled& bundled) {
  auto text = tree_table(store::Store::open(options.target), bundled.trees);
  text += counts_line(options.target, bundled.counts, bundled.switched);
  if (bundled.flushed) {
    const bool can_be_unplugged = bundled.medium.is_removable || !bundled.medium.is_system;
    text += fmt::format("All data written and new files read back.{}\n",
                        can_be_unplugged ? " Safe to unplug." : "");
  }
  if (!bundled.warmed.empty()) text += "The build cache has:\n";
  for (const auto& line : bundled.warmed) text += "  " + line + "\n";
  return text + start_line(options, bundled);
}

Json to_json(const workflow::BundleOptions& options, const workflow::Bundled& bundled) {
  const auto target = store::Store::open(options.target);
  Json trees = Json::array();
  for (const auto& tree : bundled.trees) trees.push_back(to_json(target, tree));
  return {{"target", std::filesystem::absolute(options.target).string()},
          {"current", bundled.current.id.text()},
          {"starts", to_json(target, bundled.current)},
          {"own_choice", bundled.is_own_choice},
          {"switched", bundled.switched},
          {"trees", trees},
          {"copied", bundled.counts.copied},
          {"shared", bundled.counts.shared},
          {"unchanged", bundled.counts.unchanged},
          {"removed", bundled.counts.removed},
          {"bytes", bundled.counts.bytes},
          {"flushed", bundled.flushed},
          {"medium",
           {{"device", bundled.medium.source},
            {"filesystem", bundled.medium.type},
            {"removable", bundled.medium.is_removable},
            {"system", bundled.medium.is_system}}},
          {"warmed", bundled.warmed}};
}

}  // namespace gopack::app
