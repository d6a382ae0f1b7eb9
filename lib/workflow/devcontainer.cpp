#include "gopack/workflow/devcontainer.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/bundle/devcontainer.hpp"

namespace gopack::workflow {

namespace {

constexpr const char* kName = "devcontainer.json";
constexpr std::uint64_t kLargest = 1 << 20;  // bytes

void require_bundle(const store::Store& store) {
  if (store.home().find("goenv.sh")) return;
  throw Error(ErrorKind::failed,
              fmt::format("{} is not a bundle: it has no launchers", printable(store.path())))
      .with_hint("make one: `gopack bundle --target DIR`");
}

}  // namespace

DevContainerFile write_devcontainer(const DevContainerOptions& options) {
  const auto store = store::Store::open(options.bundle);
  require_bundle(store);
  auto tree = store::current_tree(store);
  const auto platform = bundle::container_platform(tree.platforms());
  const auto project = std::filesystem::canonical(Dir::open(options.project).path());
  const auto text = bundle::to_json({.name = printable(project.filename()),
                                     .image = options.image,
                                     .bundle = std::filesystem::canonical(store.path()),
                                     .tree = tree.id.text(),
                                     .platforms = tree.platforms(),
                                     .platform = platform});
  const auto directory = Dir::open(project).ensure_dir(".devcontainer");
  const auto path = project / ".devcontainer" / kName;
  const auto there = find_text(directory, kName, kLargest);
  if (there && *there != text && !options.force) {
    throw Error(ErrorKind::failed, fmt::format("{} is there already, and another one", printable(path)))
        .with_hint("--force replaces it");
  }
  if (there != text) replace_text(directory, kName, text, false);
  return {path, there == text, std::move(tree), platform};
}

}  // namespace gopack::workflow
