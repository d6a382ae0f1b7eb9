// Stages between archives and a tree. Private to workflow.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gopack/tree/manifest.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::workflow {

// Path, bytes, mode and digest of each file that comes; the same path comes again with other platforms.
class ListingSink final : public tree::TreeSink {
 public:
  void add(const tree::Entry& entry, ByteSource& content) override {
    tree::ManifestFile file{entry.path, entry.executable, entry.size, tree::digest_of(entry, content)};
    const auto [known, is_new] = files_.emplace(entry.path.text(), file);
    has_conflict_ = has_conflict_ || (!is_new && !(known->second == file));
  }
  // Whether a path came again with another content or mode.
  bool has_conflict() const { return has_conflict_; }
  std::map<std::string, tree::ManifestFile> take() && { return std::move(files_); }

 private:
  bool has_conflict_ = false;
  std::map<std::string, tree::ManifestFile> files_;
};

// Passes on what a tree is to have of a release.
class ChosenSink final : public tree::TreeSink {
 public:
  // `chosen` must outlive this object.
  ChosenSink(const std::vector<tree::ManifestFile>& chosen, tree::TreeSink& downstream)
      : downstream_(downstream) {
    for (const auto& file : chosen) {
      files_.emplace(file.path.text(), &file);
      awaited_.insert(file.sha256);
    }
  }
  void add(const tree::Entry& entry, ByteSource& content) override {
    const auto chosen = files_.find(entry.path.text());
    if (chosen == files_.end()) return;
    const bool is_known = entry.sha256 != nullptr && *entry.sha256;
    if (is_known && **entry.sha256 != chosen->second->sha256) return;
    downstream_.add(entry, content);
    if (is_known) awaited_.erase(**entry.sha256);
  }
  // Whether content of that digest has not come yet.
  bool awaits(const digest::Sha256& sha256) const { return awaited_.contains(sha256); }

 private:
  tree::TreeSink& downstream_;
  std::unordered_map<std::string_view, const tree::ManifestFile*> files_;
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
