// Stages between archives and a tree. Private to workflow.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
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
    files_.emplace(entry.path.text(), tree::ManifestFile{entry.path, entry.executable, entry.size,
                                                         tree::digest_of(entry, content)});
  }
  std::map<std::string, tree::ManifestFile> take() && { return std::move(files_); }

 private:
  std::map<std::string, tree::ManifestFile> files_;
};

// Passes on what a tree is to have of a release.
class ChosenSink final : public tree::TreeSink {
 public:
  ChosenSink(const std::vector<tree::ManifestFile>& chosen, tree::TreeSink& downstream)
      : downstream_(downstream) {
    for (const auto& file : chosen) {
      paths_.insert(file.path.text());
      awaited_.insert(file.sha256);
    }
  }
  void add(const tree::Entry& entry, ByteSource& content) override {
    if (!paths_.contains(entry.path.text())) return;
    downstream_.add(entry, content);
    if (entry.sha256 != nullptr && *entry.sha256) awaited_.erase(**entry.sha256);
  }
  // Whether content of that digest has not come yet.
  bool awaits(const digest::Sha256& sha256) const { return awaited_.contains(sha256); }

 private:
  tree::TreeSink& downstream_;
  std::unordered_set<std::string_view> paths_;
  std::set<digest::Sha256> awaited_;
};

// Passes files on and remembers the time of VERSION, by the first archive.
class VersionTimeSink final : public tree::TreeSink {
 public:
  explicit VersionTimeSink(tree::TreeSink& downstream) : downstream_(downstream) {}
  void add(const tree::Entry& entry, ByteSource& content) override {
    if (entry.path.text() == "VERSION" && !time_) time_ = entry.time;
    downstream_.add(entry, content);
  }
  std::optional<std::int64_t> time() const { return time_; }

 private:
  tree::TreeSink& downstream_;
  std::optional<std::int64_t> time_;
};

}  // namespace gopack::workflow
