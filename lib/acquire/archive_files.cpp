#include "gopack/acquire/archive_files.hpp"

#include <utility>

#include "gopack/base/confine.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/trim/filter.hpp"

namespace gopack::acquire {

archive::Index pass_over(File& file, const ArchiveKind& kind, const archive::Limits& limits,
                         tree::TreeSink& sink, const Dir* writable, const std::stop_token& stop) {
  const archive::UnpackOptions options{
      .root = kind.is_module ? release::toolchain_module_root(kind.version, kind.platform)
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
  if (!index_) {
    NullSink nowhere;
    give(nowhere, nullptr);
  }
  return *index_;
}

void ArchiveFiles::give(tree::TreeSink& sink, const Dir* writable, const archive::ReadPlan* plan) {
  if (!index_) {
    auto file = downloads_.open_proved(archive_);
    index_ = pass_over(file, {archive_.version, archive_.platform, archive_.is_module}, limits_, sink,
                       writable, stop_);
    return downloads_.keep_index(archive_, index_->serialize({archive_.sha256, limits_}));
  }
  try {
    run_confined(writable, [&] {
      archive::replay(
          *index_, [&] { return downloads_.directory().open_file(archive_.file); }, sink, stop_, plan);
    });
  } catch (archive::IndexMismatch& mismatch) {
    index_.reset();
    downloads_.drop_index(archive_);
    mismatch.with_hint("run the command again: it reads the whole archive then");
    throw;
  }
}

}  // namespace gopack::acquire
