#include "gopack/acquire/archive_files.hpp"

#include <utility>

#include "gopack/base/confine.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/trim/filter.hpp"

namespace gopack::acquire {

archive::Index Pass::over(File& file, tree::TreeSink& sink) const {
  const archive::UnpackOptions options{
      .root = archive.is_module ? release::toolchain_module_root(archive.version, archive.platform)
                                : release::kArchiveRoot,
      .limits = limits,
      .heads = {trim::looks_into, trim::part_looked_at}};
  archive::Index index;
  run_confined(writable, [&] { index = archive::unpack(file, options, sink, stop); });
  return index;
}

ArchiveFiles::ArchiveFiles(const store::Downloads& downloads, store::Archive archive,
                           const archive::Limits& limits, std::stop_token stop)
    : downloads_(downloads), archive_(std::move(archive)), limits_(limits), stop_(std::move(stop)) {
  const auto bytes = downloads_.find_index(archive_, archive::Index::kMaxBytes);
  if (bytes) index_ = archive::Index::parse(*bytes, {archive_.sha256, limits_});
}

const archive::Index& ArchiveFiles::index() {
  NullSink nowhere;
  return index_ ? *index_ : pass_over(nowhere, nullptr);
}

const archive::Index& ArchiveFiles::pass_over(tree::TreeSink& sink, const Dir* writable) {
  auto file = downloads_.open_proved(archive_);
  const auto& index = index_.emplace(Pass{archive_, limits_, writable, stop_}.over(file, sink));
  downloads_.keep_index(archive_, index.serialize({archive_.sha256, limits_}));
  return index;
}

void ArchiveFiles::give(tree::TreeSink& sink, const Dir* writable, const archive::ReadPlan* plan) {
  if (!index_) {
    pass_over(sink, writable);
    return;
  }
  try {
    run_confined(writable, [&] {
      archive::replay(
          *index_, [&] { return downloads_.directory().open_file(archive_.file); }, sink, stop_, plan);
    });
  } catch (archive::IndexMismatch& mismatch) {
    index_.reset();
    downloads_.drop_index(archive_.file);
    mismatch.with_hint("run the command again: it reads the whole archive then");
    throw;
  }
}

}  // namespace gopack::acquire
