// An OCI image layout in a directory: oci-layout, index.json, blobs/sha256/<hex>. Its names are such that
// every filesystem has them, so the same directory serves on a stick, a share and a web server.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/pack/oci.hpp"

namespace gopack::pack {

inline constexpr const char* kIndexFile = "index.json";
// Below a layout: "blobs/sha256/<hex>".
std::string blob_path(const digest::Sha256& sha256);

// A layout that is added to. Blobs are there before what names them, and the index changes last, by one
// rename: who reads meanwhile sees the old content or the new one. Any number of threads may put blobs; one
// gopack at a time adds to a layout.
class Layout {
 public:
  // An existing layout, or a directory that is empty or not there. Throws Error: usage for any other
  // directory, busy.
  static Layout ensure(const std::filesystem::path& directory);

  // `title` is the file name by which clients of registries store it.
  Descriptor put(std::string_view media_type, const std::string& title, std::string_view content) const;
  // What `write` writes; for what is too large for memory.
  Descriptor put(std::string_view media_type, const std::string& title,
                 const std::function<void(ByteSink&)>& write) const;
  // Whether the whole blob is there; reads it.
  bool has(const Descriptor& blob) const;
  // Puts an artifact's manifest, and names it in the index (see describe_manifest()) in place of one of the
  // same type and `ref`.
  void add(std::string_view manifest, const std::string& ref);
  // Flushes everything and writes the index. Blobs that no artifact has are removed, also none of those that
  // the index had before, which somebody may be getting: what is left of a run that did not end, and of
  // artifacts that an earlier run has replaced. Where there are artifacts of others all blobs stay.
  void commit();

  const Dir& directory() const { return root_; }
  const std::vector<Descriptor>& manifests() const { return manifests_; }

 private:
  explicit Layout(Dir root);
  void remove_unused() const;

  Dir root_;
  Dir blobs_;
  File lock_;
  std::vector<Descriptor> manifests_;
  std::vector<Descriptor> former_;  // of the index when it was opened
};

}  // namespace gopack::pack
