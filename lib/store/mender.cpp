#include "gopack/store/mender.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"

namespace gopack::store {

namespace {

constexpr std::uint32_t kReadOnly = 0555;
constexpr std::uint32_t kWritable = 0755;

// Opens what lies between the tree's root and the file, making directories that are missing or no
// directories.
std::vector<Dir> open_chain(const Dir& root, std::string_view parent) {
  std::vector<Dir> chain;
  chain.push_back(root.open_dir("."));
  while (!parent.empty()) {
    const auto slash = parent.find('/');
    const std::string name(parent.substr(0, slash));
    const auto found = chain.back().find(name);
    if (!found || found->type != FileType::directory) {
      chain.back().set_mode(kWritable);
      chain.back().remove_file(name);
      chain.back().make_dir(name, kReadOnly);
      chain.back().set_mode(kReadOnly);
    }
    chain.push_back(chain.back().open_dir(name));
    parent = slash == std::string_view::npos ? std::string_view() : parent.substr(slash + 1);
  }
  return chain;
}

}  // namespace

template <typename Change>
void Mender::in_parent(std::string_view path, Change change) {
  const auto slash = path.rfind('/');
  const auto chain = open_chain(tree_, path.substr(0, slash == std::string_view::npos ? 0 : slash));
  const auto& parent = chain.back();
  parent.set_mode(kWritable);
  try {
    change(parent, std::string(path.substr(slash == std::string_view::npos ? 0 : slash + 1)));
  } catch (...) {
    parent.set_mode(kReadOnly);
    throw;
  }
  parent.set_mode(kReadOnly);
  if (store_.durable()) parent.sync();
}

void Mender::restore(const tree::ManifestFile& file, ByteSource& content) {
  auto staging = store_.stage();
  tree::DirWriter& writer = staging.writer();
  writer.add({tree::RelPath("file"), file.executable, file.size}, content);
  if (writer.files().front().sha256 != file.sha256) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot restore {}: its content is not what the manifest says",
                            printable(file.path.text())));
  }
  const auto fresh = staging.directory().open_dir("tree");
  if (store_.durable()) fresh.open_file("file").sync();
  in_parent(file.path.text(), [&](const Dir& parent, const std::string& name) {
    const auto old = parent.find(name);
    if (old && old->type == FileType::directory) parent.remove_tree(name);
    fresh.rename("file", parent, name);
  });
}

void Mender::remove_foreign(std::string_view path) {
  in_parent(path, [](const Dir& parent, const std::string& name) { parent.remove_tree(name); });
}

}  // namespace gopack::store
