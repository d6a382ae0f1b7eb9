#include "gopack/tree/memory_tree.hpp"

namespace gopack::tree {

void MemoryTree::add(const Entry& entry, ByteSource& content) {
  StringSink text;
  copy(content, text);
  files_[entry.path.text()] = {entry.executable, text.text()};
}

void MemoryTree::read(TreeSink& sink) const {
  for (const auto& [path, node] : files_) {
    MemorySource content(node.content);
    sink.add({RelPath(path), node.executable, node.content.size()}, content);
  }
}

}  // namespace gopack::tree
