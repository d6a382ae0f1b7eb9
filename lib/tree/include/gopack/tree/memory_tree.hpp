// A tree in memory: for tests, and for small trees that are made rather than read.
#pragma once

#include <map>
#include <string>

#include "gopack/tree/tree_sink.hpp"

namespace gopack::tree {

class MemoryTree final : public TreeSink {
 public:
  struct Node {
    bool executable = false;
    std::string content;
    bool operator==(const Node&) const = default;
  };

  // A path that comes twice keeps the last content.
  void add(const Entry& entry, ByteSource& content) override;
  // Gives all files to `sink`, in bytewise order of their paths.
  void read(TreeSink& sink) const;
  const std::map<std::string, Node>& files() const { return files_; }

 private:
  std::map<std::string, Node> files_;
};

}  // namespace gopack::tree
