// Packs: the files of a tree, in its manifest's order and without anything between them, in blobs of their
// own. A pack is one zstd frame; which files are in it follows from the manifest and from how many files the
// packs before it have, which an annotation of the blob says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/base/report.hpp"
#include "gopack/pack/layout.hpp"
#include "gopack/pack/oci.hpp"
#include "gopack/tree/manifest.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::pack {

// The most bytes of files in one pack, but for a file that is larger than that: it has a pack of its own.
inline constexpr std::uint64_t kPackBytes = 16 << 20;

// How many files each pack has: a new one begins where the next file would be too much for it, and at each
// directory of the top. Their sum is the number of files.
std::vector<std::size_t> plan_packs(const std::vector<tree::ManifestFile>& files);

// Compresses the files of `tree`, as many packs at a time as there are jobs. Throws Error, integrity when one
// is not what the manifest says.
std::vector<Descriptor> put_packs(const std::vector<tree::ManifestFile>& files, const Dir& tree,
                                  const Layout& layout, const Run& run);

// The other way: files out of packs. Not thread-safe.
class PackReader {
 public:
  using Files = std::vector<tree::ManifestFile>;

  // `files`, those of the tree, outlive this object. Throws Error (integrity) when the blobs do not say how
  // many files they have.
  PackReader(const Files& files, std::vector<Descriptor> blobs);

  // Opens the blobs that have one of `wanted`, which is sorted by path, as many at a time as there are jobs;
  // returns the sum of their bytes.
  std::uint64_t open(const Files& wanted, const std::function<File(const Descriptor&)>& open_blob,
                     const Run& run);
  // Gives those files to `sink`, which proves them. Throws Error (integrity) when a pack ends too early or
  // goes on.
  void read(const Files& wanted, tree::TreeSink& sink);

 private:
  struct Pack {
    Descriptor blob;
    std::span<const tree::ManifestFile> files;
    std::optional<File> content = std::nullopt;
  };
  std::vector<Pack> packs_;
};

// A text in one frame, and back. `base`: a text that the other one is like, which both sides have. Throws
// Error: integrity when it is damaged or more than `limit` bytes; interrupted.
std::string compress_text(std::string_view text, std::string_view base = {},
                          const std::stop_token& stop = {});
std::string decompress_text(std::string_view compressed, std::uint64_t limit, std::string_view base = {});

}  // namespace gopack::pack
