// Deltas: what turns one tree into another. Each file that the first tree does not have comes whole, as a
// zstd frame that refers to a file of the first tree, or as the difference of two programs, whichever is
// smallest. A delta is two blobs: its operations (JSON) and their data, one behind the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/report.hpp"
#include "gopack/tree/manifest.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::pack {

enum class Codec { full, zstd_patch, bsdiff };

// How one content is made.
struct Operation {
  Codec codec = Codec::full;
  digest::Sha256 result;
  std::uint64_t size = 0;    // bytes of the result
  digest::Sha256 base;       // of a file of the first tree; not where the codec is full
  std::uint64_t packed = 0;  // bytes of data

  bool operator==(const Operation&) const = default;
};

// The manifest's text is made first, from that of the first tree's file list alone (see files_text()).
struct Delta {
  tree::StoreId from;
  tree::StoreId to;
  std::uint64_t manifest_size = 0;    // bytes of its text
  std::uint64_t manifest_packed = 0;  // bytes of data
  std::vector<Operation> operations;  // one for each content

  std::string to_json() const;
  // Throws Error (integrity).
  static Delta from_json(std::string_view text);
};

// A tree and its directory, which outlive what is made of them.
struct TreeFiles {
  const tree::Manifest& manifest;
  const Dir& directory;
};

// A delta, and its data. Nothing where these would be more than `most` bytes. Tells its progress as `task`,
// in bytes of files. Throws Error: integrity when a file is not what its manifest says, interrupted.
struct DeltaLimits {
  std::uint64_t most = 0;
  std::string task;
};
std::optional<Delta> make_delta(const TreeFiles& from, const TreeFiles& to, std::string& data,
                                const DeltaLimits& limits, const Run& run);

// The other way. What the data and the operations say is not trusted: memory is bounded, nothing but files of
// the first tree is read, and what is made is what `to` says, or an Error (integrity).
class DeltaReader {
 public:
  // `data` is read from its start, one byte after the other; all arguments outlive this object.
  DeltaReader(const Delta& delta, const TreeFiles& from, ByteSource& data);

  // To be called first: the text of the manifest, which proves nothing yet.
  std::string read_manifest();
  // Gives those of `wanted` that the delta has to `sink`. Throws Error, integrity also when one is missing.
  void read_files(const std::vector<tree::ManifestFile>& wanted, tree::TreeSink& sink);

 private:
  std::string take(std::uint64_t bytes);

  const Delta& delta_;
  TreeFiles from_;
  ByteSource& data_;
  ByteView held_;
};

}  // namespace gopack::pack
