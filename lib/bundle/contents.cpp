#include "contents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "gopack/base/replace.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::bundle {

namespace {

using store::Tree;

constexpr const char* kHead =
    "WHAT LIES HERE\n\n"
    "The releases of Go in this directory. README.txt says how they are used; use.sh\n"
    "and use.bat show which of them is current. This page follows from the files\n"
    "v_....json. gopack writes it anew when it adds or removes a release.\n";
constexpr const char* kFoot =
    "\nTo add or renew releases, on a machine that has gopack and a network:\n\n"
    "  gopack fetch latest              for other systems: -p windows/amd64,...\n"
    "  gopack trim latest\n"
    "  gopack bundle --target DIR       DIR is this directory\n\n"
    "`gopack remove` and `gopack gc` take releases away, `gopack verify` checks what\n"
    "is here, `gopack repair` restores what is damaged.\n";

std::string section(const Tree& tree) {
  const auto& manifest = tree.manifest;
  std::set<std::string> origins;
  for (const auto& origin : manifest.origins) {
    origins.insert(printable(origin.verified_by.empty()
                                 ? origin.source
                                 : fmt::format("{} ({})", origin.source, origin.verified_by)));
  }
  const auto targets =
      manifest.targets.empty() ? std::string("all") : fmt::format("{}", fmt::join(manifest.targets, ", "));
  return fmt::format(
      "\n{}, profile {}\n"
      "  runs on     {}\n"
      "  builds for  {}\n"
      "  lies in     {}\n"
      "  from        {}\n",
      manifest.release, printable(store::profile_of(manifest)), fmt::join(manifest.platforms, ", "), targets,
      tree.id.text(), fmt::join(origins, "\n              "));
}

}  // namespace

BundleFile contents_file(std::vector<Tree> trees) {
  std::sort(trees.begin(), trees.end(), [](const Tree& a, const Tree& b) {
    return std::make_tuple(a.version(), a.manifest.profile, a.id) <
           std::make_tuple(b.version(), b.manifest.profile, b.id);
  });
  std::string text = kHead;
  for (const auto& tree : trees) text += section(tree);
  return {.path = tree::RelPath(kContents), .text = text + kFoot};
}

bool renew_contents(const store::Store& bundle) {
  constexpr std::uint64_t kLargest = 1 << 20;
  const auto old = find_text(bundle.home(), kContents, kLargest);
  if (!old) return false;
  SilentReporter silent;
  std::vector<Tree> trees;
  for (const auto& id : bundle.trees().known())
    if (auto tree = store::load_tree(bundle, id, silent)) trees.push_back(std::move(*tree));
  const auto file = contents_file(std::move(trees));
  if (*old == file.text) return false;
  replace_text(bundle.home(), kContents, file.text, bundle.durable());
  return true;
}

}  // namespace gopack::bundle
