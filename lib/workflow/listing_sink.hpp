// What a tree would hold. Private to workflow.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gopack/tree/manifest.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::workflow {

// Path, bytes, mode and digest of each file that comes; the same path comes again with other platforms.
class ListingSink final : public tree::TreeSink {
 public:
  void add(const tree::Entry& entry, ByteSource& content) override {
    if (files_.contains(entry.path.text())) return;
    if (!entry.sha256) copy(content, hasher_);
    const auto sha256 = entry.sha256 ? *entry.sha256 : hasher_.finish();
    files_.emplace(entry.path.text(), tree::ManifestFile{entry.path, entry.executable, entry.size, sha256});
  }
  std::map<std::string, tree::ManifestFile> take() && { return std::move(files_); }

 private:
  digest::Hasher hasher_;
  std::map<std::string, tree::ManifestFile> files_;
};

}  // namespace gopack::workflow
