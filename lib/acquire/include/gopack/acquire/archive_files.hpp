// The files of one archive: by its index where it has one, else by a pass over it, which makes one.
#pragma once

#include <optional>
#include <stop_token>

#include "gopack/archive/indexed_archive.hpp"
#include "gopack/archive/unpack.hpp"
#include "gopack/store/downloads.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::acquire {

// Takes files and forgets them: a pass for the index alone, or a dry run.
class NullSink final : public tree::TreeSink {
 public:
  void add(const tree::Entry&, ByteSource&) override {}
};

// A pass over the whole of an archive.
struct Pass {
  const store::Archive& archive;  // what it is of, and in what form
  const archive::Limits& limits;
  const Dir* writable =
      nullptr;  // below which alone the sink may write (base/confine.hpp); nowhere without it
  std::stop_token stop;

  // Checks `file` and gives what is in it to `sink`, in a confined thread. Throws as archive::unpack() does.
  archive::Index over(File& file, tree::TreeSink& sink) const;
};

// Not thread-safe.
class ArchiveFiles {
 public:
  // `downloads` must outlive this object.
  ArchiveFiles(const store::Downloads& downloads, store::Archive archive, const archive::Limits& limits,
               std::stop_token stop);

  const store::Archive& archive() const { return archive_; }
  // Whether its files can be told without a pass.
  bool is_indexed() const { return index_.has_value(); }
  // After a pass, where there is none.
  const archive::Index& index();
  // Gives every file to `sink`, which may write below `writable` alone. A pass is one over the bytes that the
  // record has proved, and keeps the index in downloads/. Throws Error; archive::IndexMismatch, after which
  // the index is gone, and the next call makes a pass.
  void give(tree::TreeSink& sink, const Dir* writable, const archive::ReadPlan* plan = nullptr);

 private:
  const archive::Index& pass_over(tree::TreeSink& sink, const Dir* writable);

  const store::Downloads& downloads_;
  store::Archive archive_;
  archive::Limits limits_;
  std::stop_token stop_;
  std::optional<archive::Index> index_;
};

}  // namespace gopack::acquire
