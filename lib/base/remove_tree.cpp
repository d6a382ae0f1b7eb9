#include "gopack/base/report.hpp"
#include "remove_directory.hpp"

namespace gopack {

void remove_tree(const Dir& dir, const std::string& name, const std::stop_token& stop) {
  throw_if_stopped(stop);
  const auto status = dir.find(name);
  if (!status) return;
  if (status->type != FileType::directory) return dir.remove_file(name);
  {
    const auto tree = dir.open_dir(name);
    if ((status->mode & 0200) == 0) tree.set_mode(0755);
    for (const auto& child : tree.names()) remove_tree(tree, child, stop);
  }
  remove_directory(dir, name);
}

}  // namespace gopack
